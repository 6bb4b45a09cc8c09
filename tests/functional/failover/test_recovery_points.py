"""What a region offers to restore from, and restores with nothing left to a default."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cloud import databases, recovery_points
from cloud.effects import Effect
from cloud.failures import Busy, Conflict, Rejected
from cloud.permitted import actions_of, permissions_of
from cloud.recovery_points import NewInstance
from continuity.restorable import RestorableKind, Storage
from continuity.zone import SiteName
from simulator import backstage, inside
from simulator.past import Past
from simulator.settled import settle

if TYPE_CHECKING:
    from cloud.door import Door
    from continuity.manifest import Database, Manifest
    from continuity.restorable import Restorable
    from tests.functional.failover.conftest import Rehearsal

ORDERS, STANDING = "we1-orders-home-1", "we1-orders-away-1"
Row = dict[str, Any]


def rds(region: str) -> Any:  # noqa: ANN401 - a boto3 client
    return backstage.client("rds", region)


@pytest.fixture
def stocked(rehearsal: Rehearsal) -> Rehearsal:
    """Return a zone whose orders have replicated backups and a copied snapshot in the standby."""
    home, away = (rehearsal.manifest.sites[name].region for name in SiteName)
    settle(rehearsal.world, rehearsal.manifest, Past(days=3))
    with rehearsal.world.instantly():
        source = rds(home).describe_db_instances(DBInstanceIdentifier=ORDERS)["DBInstances"][0]
        rds(away).start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=source["DBInstanceArn"], BackupRetentionPeriod=7
        )
        taken = rds(home).create_db_snapshot(
            DBInstanceIdentifier=ORDERS, DBSnapshotIdentifier="orders-daily"
        )["DBSnapshot"]
        rds(away).copy_db_snapshot(
            SourceDBSnapshotIdentifier=taken["DBSnapshotArn"],
            TargetDBSnapshotIdentifier="orders-copy",
            CopyTags=True,
        )
        group = {"DBParameterGroupName": "tuned", "DBParameterGroupFamily": "postgres16"}
        rds(away).create_db_parameter_group(**group, Description="tuned")
    return rehearsal


@pytest.fixture
def door(stocked: Rehearsal) -> Door:
    return stocked.cloud.at(stocked.manifest.standby_site.region)


@pytest.fixture
def found(door: Door) -> dict[RestorableKind, Restorable]:
    return {one.kind: one for one in recovery_points.restorable(door)}


def wanted(manifest: Manifest, identifier: str = STANDING) -> NewInstance:
    site = manifest.standby_site
    return NewInstance(
        identifier=identifier,
        engine="postgres",
        instance_class="db.m7g.xlarge",
        multi_az=True,
        port=6432,
        subnet_group=site.subnet_group,
        parameter_group="tuned",
        security_groups=(site.database_security_group,),
        storage=Storage(100, "gp3", 4000, 250),
        retention_days=9,
        backup_window="03:00-03:30",
        tags={"holdfast:zone": "we1", "holdfast:database": "orders"},
    )


def orders(manifest: Manifest) -> Database:
    return next(each for each in manifest.databases if each.name == "orders")


def described(door: Door, identifier: str) -> Row:
    row: Row = rds(door.region).describe_db_instances(DBInstanceIdentifier=identifier)[
        "DBInstances"
    ][0]
    return row


def test_a_sweep_finds_backups_and_snapshots_with_what_decides_about_them(
    stocked: Rehearsal, found: dict[RestorableKind, Restorable]
) -> None:
    backups, snapshot = found[RestorableKind.BACKUPS], found[RestorableKind.SNAPSHOT]
    assert len(found) == 2
    assert (backups.instance, backups.status) == (ORDERS, "replicating")
    assert backups.name.startswith("arn:aws:rds:eu-central-1:")
    assert backups.newest is not None
    assert stocked.world.clock.now() - backups.newest < timedelta(minutes=6)
    assert (snapshot.name, snapshot.instance, snapshot.status) == (
        "orders-copy",
        ORDERS,
        "available",
    )
    assert snapshot.oldest == snapshot.newest
    assert snapshot.storage.size_gb == 100


def test_one_sweep_is_three_calls_however_many_databases(door: Door) -> None:
    before = door.cloud.budget.total
    recovery_points.restorable(door)
    assert door.cloud.budget.total - before == 3


@pytest.mark.parametrize("kind", list(RestorableKind))
def test_a_restore_leaves_nothing_to_a_default(
    stocked: Rehearsal, door: Door, found: dict[RestorableKind, Restorable], kind: RestorableKind
) -> None:
    asked, origin = wanted(stocked.manifest, "restored"), found[kind]
    effect = restore(door, asked, origin)
    assert effect is Effect.MADE
    stocked.world.clock.sleep(4 * 3600)
    shown = described(door, "restored")
    assert shown["DBInstanceStatus"] == "available"
    assert shown["MultiAZ"]
    assert shown["DeletionProtection"]
    assert shown["CopyTagsToSnapshot"]
    assert not shown["PubliclyAccessible"]
    assert not shown["AutoMinorVersionUpgrade"]
    assert (shown["BackupRetentionPeriod"], shown["DBInstanceClass"]) == (9, "db.m7g.xlarge")
    assert shown["DBSubnetGroup"]["DBSubnetGroupName"] == asked.subnet_group
    assert shown["DBParameterGroups"][0]["DBParameterGroupName"] == "tuned"
    assert shown["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    assert [one["VpcSecurityGroupId"] for one in shown["VpcSecurityGroups"]] == list(
        asked.security_groups
    )
    assert {tag["Key"]: tag["Value"] for tag in shown["TagList"]} == asked.tags
    assert (shown["StorageType"], shown["Iops"], shown["StorageThroughput"]) == ("gp3", 4000, 250)
    moto = inside.instance(door.region, "restored")
    assert moto.port == asked.port


def restore(door: Door, asked: NewInstance, origin: Restorable) -> Effect:
    if origin.kind is RestorableKind.SNAPSHOT:
        return recovery_points.restore_snapshot(door, asked, origin.name)
    assert origin.newest is not None
    return recovery_points.restore_to_time(door, asked, origin.name, origin.newest)


@pytest.mark.parametrize("kind", list(RestorableKind))
def test_a_restore_that_was_asked_for_before_is_under_way(
    stocked: Rehearsal, door: Door, found: dict[RestorableKind, Restorable], kind: RestorableKind
) -> None:
    asked = wanted(stocked.manifest, "restored")
    restore(door, asked, found[kind])
    assert restore(door, asked, found[kind]) is Effect.UNDERWAY


def test_a_moment_outside_the_window_is_refused_for_good(
    stocked: Rehearsal, door: Door, found: dict[RestorableKind, Restorable]
) -> None:
    backups = found[RestorableKind.BACKUPS]
    late = stocked.world.clock.now() + timedelta(hours=1)
    with pytest.raises(Rejected, match="not within"):
        recovery_points.restore_to_time(
            door, wanted(stocked.manifest, "restored"), backups.name, late
        )


def test_a_renamed_replica_leaves_its_name_and_a_second_call_harms_nothing(
    stocked: Rehearsal, door: Door, found: dict[RestorableKind, Restorable]
) -> None:
    assert databases.rename(door, STANDING, "aside") is Effect.MADE
    assert databases.rename(door, STANDING, "aside") is Effect.UNDERWAY
    stocked.world.clock.sleep(600)
    assert databases.rename(door, STANDING, "aside") is Effect.ALREADY
    restore(door, wanted(stocked.manifest), found[RestorableKind.SNAPSHOT])
    stocked.world.clock.sleep(4 * 3600)
    late = databases.rename(door, STANDING, "aside")
    assert late is Effect.ALREADY
    states = databases.describe(door, [STANDING, "aside"])
    assert states[STANDING].source is None
    assert states["aside"].source is not None


def test_an_instance_that_failed_cannot_be_renamed(door: Door) -> None:
    inside.instance(door.region, STANDING).status = "failed"
    with pytest.raises(Conflict):
        databases.rename(door, STANDING, "aside")
    inside.instance(door.region, STANDING).status = "modifying"
    with pytest.raises(Busy):
        databases.rename(door, STANDING, "aside")


def test_the_state_of_a_key_is_asked_once_and_only_if_something_needs_it(
    stocked: Rehearsal,
) -> None:
    before = stocked.cloud.budget.counts().get("kms.DescribeKey", 0)
    assert dict(stocked.around.sight.recovery_points().keys) == {}
    assert stocked.cloud.budget.counts().get("kms.DescribeKey", 0) == before


def test_the_functions_may_exactly_what_they_call(
    stocked: Rehearsal, door: Door, found: dict[RestorableKind, Restorable]
) -> None:
    restore(door, wanted(stocked.manifest, "one"), found[RestorableKind.BACKUPS])
    restore(door, wanted(stocked.manifest, "two"), found[RestorableKind.SNAPSHOT])
    asked = {
        action
        for name in door.cloud.budget.counts()
        for action in actions_of(*name.split("."))
        if name.startswith("rds.")
    }
    functions = (
        recovery_points.restorable,
        recovery_points.restore_to_time,
        recovery_points.restore_snapshot,
    )
    declared = {one.action for function in functions for one in permissions_of(function)}
    assert asked <= declared
