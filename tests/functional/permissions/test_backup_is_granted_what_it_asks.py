"""The backup role takes, copies and deletes recovery points of its zone, but nothing held."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import backup
from backup import catalogue, nightly, raising, recovered, standing
from backup.hold_rules import Hold, Standing
from cloud import snapshots
from cloud.door import Door
from cloud.failures import Denied
from cloud.permitted import permissions_of
from continuity import naming
from continuity.permissions import (
    BACKUP,
    READ_MANIFEST,
    WHO_AM_I,
    Permission,
)
from simulator import free_storage, host_counts

Zone = Any  # the fixture of conftest.py, which no test can import
AROUND = {WHO_AM_I, READ_MANIFEST}
"""What every program of a zone does first."""


@pytest.fixture
def door(zone: Zone) -> Iterator[Door]:
    """Return a way to the serving region as the backup role."""
    yield zone.signed_in("backup").at(zone.home.region)
    zone.signed_in("failover")


def declared() -> set[Permission]:
    modules = [
        snapshots,
        *(
            importlib.import_module(found.name)
            for found in pkgutil.iter_modules(backup.__path__, f"{backup.__name__}.")
        ),
    ]
    return {
        permission
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        for permission in permissions_of(function)
    }


def test_the_role_is_granted_the_sum_of_what_its_verbs_declare() -> None:
    assert declared() | AROUND == set(BACKUP)


def test_a_point_is_taken_marked_copied_and_deleted_by_its_rights_alone(
    zone: Zone, door: Door
) -> None:
    instance = zone.manifest.databases[0].members[zone.manifest.active].identifier
    tags = naming.tags("sa1", zone.manifest.active, "accounts")
    snapshots.take(door, "sa1-accounts-one", instance, tags)
    zone.world.clock.sleep(3600)
    rds = zone.aws("rds", zone.home.region)
    [one] = rds.describe_db_snapshots(DBSnapshotIdentifier="sa1-accounts-one")["DBSnapshots"]
    arn = one["DBSnapshotArn"]
    away = door.cloud.at(zone.away.region)
    snapshots.copy(away, arn, "sa1-accounts-one", zone.away.key_arn, tags)
    zone.world.clock.sleep(6 * 3600)
    snapshots.mark(door, arn, {naming.TAG_HOLD: "legal"})
    with pytest.raises(Denied, match="with an explicit deny in an identity-based policy"):
        snapshots.delete(door, "sa1-accounts-one")
    snapshots.unmark(door, arn, naming.TAG_HOLD)
    snapshots.delete(door, "sa1-accounts-one")
    snapshots.delete(away, "sa1-accounts-one")


def test_a_point_of_another_zone_is_out_of_reach(door: Door) -> None:
    with pytest.raises(Denied, match="because no identity-based policy allows"):
        snapshots.delete(door, "we1-orders-one")


def test_a_held_night_and_putting_everything_back_go_by_its_rights_alone(zone: Zone) -> None:
    cloud, manifest = zone.signed_in("backup"), zone.manifest
    standing.place(cloud, manifest, Hold("INC-7", "disk full", cloud.clock.now()))
    held = nightly.give_up(cloud, manifest)
    said = {one.sentence.partition(" ")[0] for one in held}
    assert [one for one in held if not one.well] == []
    assert said >= {"rds:", "logs:", "s3:", "legal", "told:"}
    raised = standing.read(cloud, manifest).raised
    assert {one.name.partition(":")[0] for one in raised} == {"rds", "logs", "s3"}

    zone.world.clock.sleep(900)
    over = raising.apply(cloud, manifest, Standing())
    assert [one for one in over if not one.well] == []
    assert standing.read(cloud, manifest).raised == ()
    zone.signed_in("failover")


def test_a_zone_in_peace_is_seen_to_be_healthy_by_its_rights_alone(zone: Zone) -> None:
    for room in (host_counts, free_storage):
        room.assume(zone.world)
    cloud = zone.signed_in("backup")
    zone.world.clock.sleep(1800)
    found = recovered.look(cloud, zone.manifest, catalogue.read(cloud, zone.manifest))
    assert found.failing == ()
    assert found.healthy_since is not None
    assert (found.open_run, found.unseen, found.restoring) == ("", (), ())
    zone.signed_in("failover")
