"""The backup role takes, copies and deletes recovery points of its zone, but nothing held.

The restore role is another one: people take it, and the schedule never does.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

import backup
from backup import (
    catalogue,
    files_plan,
    files_point,
    files_restore,
    nightly,
    raising,
    recovered,
    restore_plan,
    restore_state,
    standing,
    verify_loop,
)
from backup.evidence import Verdict
from backup.hold_rules import Hold, Standing
from backup.restore_plan import Asked, Lengths
from backup.restore_run import Terms, run
from backup.restore_source import SourceKind
from backup.restore_times import Expected, RestoreTimes
from cloud import file_systems, object_copies, objects, snapshots
from cloud.door import Door
from cloud.failures import Denied
from cloud.object_copies import Origin, Target
from cloud.permitted import permissions_of
from continuity import naming
from continuity.file_grants import READ_SHARED
from continuity.grants import BACKUP, PROBER, READER, RESTORE
from continuity.permissions import READ_JOURNAL, READ_MANIFEST, WHO_AM_I, Permission
from simulator import free_storage, host_counts

Zone = Any  # the fixture of conftest.py, which no test can import
AROUND = {WHO_AM_I, READ_MANIFEST}
"""What every program of a zone does first."""


@pytest.fixture
def door(zone: Zone) -> Iterator[Door]:
    """Return a way to the serving region as the backup role."""
    zone.world.clock.sleep(3600)  # what another test changed is available again
    yield zone.signed_in("backup").at(zone.home.region)
    zone.signed_in("failover")


RESTORING, TRYING = "backup.restore", "backup.verify"
PROBING, READING = "backup.prober", "backup.file_reader"
FILES = "backup.files_"
RESTORING_FILES = tuple(f"{FILES}{name}" for name in ("plan", "point", "restore"))
EXPECTED = {kind: Lengths(Expected(1200.0, "assumption"), 60.0) for kind in SourceKind}
TERMS = Terms("ana", "rows were deleted", open_run=str)


def modules() -> list[Any]:
    names = (one.name for one in pkgutil.iter_modules(backup.__path__, f"{backup.__name__}."))
    return [importlib.import_module(name) for name in names]


PEOPLES = (RESTORING, PROBING, READING, *RESTORING_FILES)
"""What the schedule never does."""


def of_the_schedule() -> list[Any]:
    return [
        snapshots,
        *(one for one in modules() if not one.__name__.startswith(PEOPLES)),
    ]


def of_restoring() -> list[Any]:
    own = [one for one in modules() if one.__name__.startswith((RESTORING, TRYING, FILES))]
    return [catalogue, standing, *own]


def declared(modules: list[Any]) -> set[Permission]:
    return {
        permission
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        for permission in permissions_of(function)
    }


def test_the_role_is_granted_the_sum_of_what_its_verbs_declare() -> None:
    assert declared(of_the_schedule()) | AROUND == {*BACKUP, *READ_SHARED}


def test_people_who_restore_are_granted_the_sum_of_what_that_declares() -> None:
    assert declared(of_restoring()) | AROUND | {READ_JOURNAL} == {*RESTORE, *READ_SHARED}


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


@pytest.mark.parametrize(("module", "granted"), [(PROBING, PROBER), (READING, READER)])
def test_a_prober_and_a_reader_may_what_they_declare(
    module: str, granted: tuple[Permission, ...]
) -> None:
    assert declared([one for one in modules() if one.__name__ == module]) == set(granted)


@pytest.mark.parametrize("role", ["backup", "restore"])
def test_schedule_and_people_try_a_point_by_their_rights_alone(zone: Zone, role: str) -> None:
    zone.world.clock.sleep(3600)  # what another test changed is available again
    cloud, point = zone.signed_in("backup"), f"sa1-accounts-for-{role}"
    name = zone.manifest.databases[0].members[zone.manifest.active].identifier
    tags = {**naming.tags("sa1", zone.manifest.active, "accounts"), naming.TAG_POINT: "2026-03-03"}
    snapshots.take(cloud.at(zone.home.region), point, name, tags)
    zone.world.clock.sleep(3600)
    arn = f"arn:aws:rds:{zone.home.region}:{zone.manifest.account}:snapshot:{point}"
    away = cloud.at(zone.away.region)
    snapshots.copy(away, arn, point, zone.away.key_arn, tags)
    zone.world.clock.sleep(6 * 3600)
    cloud = zone.signed_in(role)
    work = verify_loop.work_of(cloud, zone.manifest, zone.manifest.standby, role)
    asked = verify_loop.by_hand(work, point=point)
    tick = verify_loop.run(work, asked, float("inf"), lambda _: None)
    assert (tick.running, tick.troubles) == ((), ())
    assert [(one.point, one.restore_s is not None) for one in tick.ended] == [(point, True)]
    zone.signed_in("failover")


@pytest.fixture
def saved(zone: Zone) -> Iterator[str]:
    """Return a point of one file in the standby's bucket; the file went away since."""
    kept = zone.away.safekeeping
    s3 = zone.aws("s3")
    s3.put_object(Bucket=kept.bucket("private"), Key="a", Body=b"old", Tagging="owner=ana")
    made = zone.aws("backup").start_backup_job(
        BackupVaultName=kept.vault,
        ResourceArn=f"arn:aws:s3:::{kept.bucket('private')}",
        IamRoleArn=kept.service_role_arn,
    )
    zone.world.clock.sleep(4 * 3600)
    s3.delete_object(Bucket=kept.bucket("private"), Key="a")
    yield str(made["RecoveryPointArn"])
    zone.signed_in("failover")


def test_people_restore_files_by_their_rights_alone_and_nowhere_among_live_ones(
    zone: Zone, saved: str
) -> None:
    cloud, site = zone.signed_in("restore"), zone.manifest.standby
    moment = zone.world.clock.now() - timedelta(hours=1)
    asked = files_plan.Asked(site, "private", moment, "restored/x")
    done = files_restore.apply(cloud, files_plan.plan(cloud, zone.manifest, asked), lambda _: None)
    assert (done.copied, done.well) == (1, True)
    away, bucket = cloud.at(zone.away.region), zone.away.safekeeping.bucket("private")
    content = objects.content(away, bucket, "restored/x/a")
    origin = Origin(bucket, "restored/x/a", "", content)
    with pytest.raises(Denied, match="s3:PutObject"):
        object_copies.copy(away, origin, Target(bucket, "a", zone.away.key_arn))
    to = naming.restored_bucket(zone.manifest.account, "sa1", site, "x")
    found = catalogue.read(cloud, zone.manifest)
    point = files_point.find(found, zone.manifest, "private", saved)
    place = files_point.Asked(f"s3://{to}")
    plan = files_point.plan(cloud, zone.manifest, point, place, RestoreTimes())
    assert files_point.apply(cloud, plan, lambda _: None).status == "COMPLETED"
    assert [one.key for one in objects.current(away, to)] == ["a"]


@pytest.mark.parametrize("role", ["backup", "restore"])
def test_a_file_system_that_a_trial_made_may_go_and_one_of_the_zone_may_not(
    zone: Zone, role: str
) -> None:
    door = zone.signed_in(role).at(zone.away.region)
    for token in ("sa1-scratch-files-x", "holdfast-sa1-away-files"):
        zone.aws("efs").create_file_system(CreationToken=f"{token}-{role}")
    made, live = file_systems.sweep(door, "")[-2:]
    whose = [{"Key": key, "Value": value} for key, value in naming.tags("sa1").items()]
    zone.aws("efs").tag_resource(ResourceId=live.identifier, Tags=whose)
    for change in (file_systems.delete, partial(file_systems.tag, tags={"a": "b"})):
        with pytest.raises(Denied, match="may not elasticfilesystem:"):
            change(door, live.identifier)
    file_systems.delete(door, made.identifier)
    assert file_systems.look(door, made.identifier) is None
    zone.signed_in("failover")


def test_the_schedule_tries_a_point_of_files_by_its_rights_alone(zone: Zone, saved: str) -> None:
    cloud = zone.signed_in("backup")
    work = verify_loop.work_of(cloud, zone.manifest, zone.manifest.standby, "schedule")
    asked = verify_loop.by_hand(work, point=saved.rpartition(":")[2])
    tick = verify_loop.run(work, asked, float("inf"), lambda _: None)
    assert (tick.running, tick.troubles) == ((), ())
    assert [one.verdict for one in tick.ended] == [Verdict.PROVEN]


def test_a_database_is_restored_and_takes_the_name_by_the_rights_of_that_role_alone(
    zone: Zone,
) -> None:
    cloud, manifest = zone.signed_in("restore"), zone.manifest
    asked = Asked(manifest.databases[1], manifest.active, swap=True)
    bearers = restore_state.read(cloud, manifest, asked.database, asked.site)
    found = catalogue.read(cloud, manifest)
    assert not found.unread
    plan = restore_plan.plan(manifest, found, asked, bearers, EXPECTED)
    sentences = [one.sentence for one in run(cloud, manifest, plan, TERMS)]
    current = asked.database.members[asked.site].identifier
    assert f"{current} is what was restored" in sentences
    with pytest.raises(Denied):
        snapshots.delete(cloud.at(zone.home.region), found.points[0].identifier)
    zone.signed_in("failover")


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
