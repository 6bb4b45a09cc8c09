"""Somebody looks once a day in a year of nights, and does what AWS or an alarm asks for."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from drill import year_people
from simulator import backstage, inside, limits, missing_keys
from simulator.alarm_history import Told
from simulator.faults import Fault, FaultKind
from simulator.world import World

REGION = "eu-west-1"
MANIFEST: Any = SimpleNamespace(sites={"home": SimpleNamespace(region=REGION)})
SINCE = datetime(2026, 1, 22, tzinfo=UTC)
ROOM = Told(f"we1-away-snapshot-room in {REGION}", SINCE, None)


def database() -> None:
    key = backstage.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    backstage.client("rds", REGION).create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.m6g.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="someone",
        MasterUserPassword="not-a-secret",
        StorageEncrypted=True,
        KmsKeyId=key,
    )


def status() -> str:
    [instance] = inside.all_instances()
    return str(instance.status)


def test_a_database_is_started_once_its_key_is_back_and_not_before() -> None:
    with World(seed=1) as world:
        with world.instantly():
            database()
        missing_keys.watch(world)
        lost = Fault(FaultKind.KEY_MISSING, 0, region=REGION, lasts_s=7200)
        world.faults.schedule([lost], origin=world.clock.monotonic())
        world.clock.sleep(3600)
        year_people.look(world, MANIFEST, ())
        assert status() == missing_keys.INACCESSIBLE
        world.clock.sleep(7200)
        assert status() == missing_keys.INACCESSIBLE
        year_people.look(world, MANIFEST, ())
        world.clock.sleep(3600)
        assert status() == "available"


def test_room_for_snapshots_is_asked_for_while_the_alarm_says_so() -> None:
    with World(seed=1) as world:
        over = Told(ROOM.alarm, SINCE, SINCE)
        year_people.look(world, MANIFEST, (over,))
        assert limits.limit(world, REGION, limits.MANUAL_SNAPSHOTS) == 100
        year_people.look(world, MANIFEST, (over, ROOM))
        more = limits.limit(world, REGION, limits.MANUAL_SNAPSHOTS)
        assert more == year_people.MORE_SNAPSHOTS
