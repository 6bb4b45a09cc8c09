from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules

TAGS = [{"Key": "holdfast:database", "Value": "orders"}]


def snapshot(pair: Pair) -> None:
    with pair.world.instantly():
        pair.home.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="monday")


def restored(pair: Pair) -> dict[str, Any]:
    pair.primary(MultiAZ=True, DeletionProtection=True, Tags=TAGS)
    snapshot(pair)
    with pair.world.instantly():
        pair.home.restore_db_instance_from_db_snapshot(
            DBSnapshotIdentifier="monday", DBInstanceIdentifier="again"
        )
    shown: dict[str, Any] = pair.shown(pair.home, "again")
    return shown


def test_moto_alone_restores_what_the_instance_had(raw: Pair) -> None:
    shown = restored(raw)
    assert (shown["MultiAZ"], shown["DeletionProtection"], shown["TagList"]) == (True, True, TAGS)


def test_a_restored_instance_has_defaults_but_the_data(pair: Pair) -> None:
    shown = restored(pair)
    assert (shown["MultiAZ"], shown["DeletionProtection"], shown["TagList"]) == (False, False, [])
    assert (shown["AllocatedStorage"], shown["EngineVersion"]) == (100, "16.3")
    assert shown["KmsKeyId"] == pair.home_key
    assert shown["DbiResourceId"] != pair.shown(pair.home, "orders")["DbiResourceId"]


def test_a_restore_takes_its_time_and_a_name_that_is_free(pair: Pair) -> None:
    pair.primary()
    snapshot(pair)
    again = {"DBSnapshotIdentifier": "monday", "DBInstanceIdentifier": "again"}
    pair.home.restore_db_instance_from_db_snapshot(**again)
    assert pair.status(pair.home, "again") == "creating"
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        pair.home.restore_db_instance_from_db_snapshot(**again)
    pair.clock.sleep(14_400)
    assert pair.status(pair.home, "again") == "available"


def rewind(pair: Pair, **asked: object) -> None:
    with pair.world.instantly():
        pair.home.restore_db_instance_to_point_in_time(TargetDBInstanceIdentifier="again", **asked)


def test_moto_alone_restores_whichever_instance_comes_first(raw: Pair) -> None:
    raw.primary("billing", AllocatedStorage=20)
    raw.primary("orders")
    resource = raw.shown(raw.home, "orders")["DbiResourceId"]
    rewind(raw, SourceDbiResourceId=resource, UseLatestRestorableTime=True)
    assert raw.shown(raw.home, "again")["AllocatedStorage"] == 20


def test_the_instance_that_is_named_is_restored_to_a_point_in_time(pair: Pair) -> None:
    pair.primary("billing", AllocatedStorage=20)
    pair.primary("orders")
    pair.clock.sleep(3600)
    resource = pair.shown(pair.home, "orders")["DbiResourceId"]
    rewind(pair, SourceDbiResourceId=resource, UseLatestRestorableTime=True)
    assert pair.shown(pair.home, "again")["AllocatedStorage"] == 100
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        rewind(pair, SourceDbiResourceId="db-NOBODY", UseLatestRestorableTime=True)


def test_moto_alone_restores_to_any_time_at_all(raw: Pair) -> None:
    raw.primary()
    future = raw.clock.now() + timedelta(days=30)
    rewind(raw, SourceDBInstanceIdentifier="orders", RestoreTime=future)
    assert raw.status(raw.home, "again") == "available"


def test_only_a_moment_within_the_retention_can_be_restored(pair: Pair) -> None:
    pair.primary()
    made = pair.clock.now()
    pair.clock.sleep(3700)
    named = {"SourceDBInstanceIdentifier": "orders"}
    for moment in (made - timedelta(minutes=1), pair.clock.now()):
        with pytest.raises(ClientError, match="InvalidParameterValue"):
            rewind(pair, RestoreTime=moment, **named)
    for both in ({}, {"RestoreTime": made, "UseLatestRestorableTime": True}):
        with pytest.raises(ClientError, match="InvalidParameterCombination"):
            rewind(pair, **both, **named)
    rewind(pair, RestoreTime=made + timedelta(minutes=30), **named)
    assert pair.status(pair.home, "again") == "available"


def test_without_backups_there_is_no_point_in_time(pair: Pair) -> None:
    pair.primary(BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="PointInTimeRestoreNotEnabled"):
        rewind(pair, SourceDBInstanceIdentifier="orders", UseLatestRestorableTime=True)


def test_moto_alone_can_restore_up_to_this_second(raw: Pair) -> None:
    raw.primary()
    raw.clock.sleep(1234)
    assert raw.shown(raw.home, "orders")["LatestRestorableTime"] == raw.clock.now()


def test_logs_are_there_every_five_minutes_and_none_while_the_region_is_lost(pair: Pair) -> None:
    pair.primary()
    made = pair.clock.now()
    pair.clock.sleep(1234)
    latest = pair.shown(pair.home, "orders")["LatestRestorableTime"]
    assert latest == made + timedelta(seconds=1200)
    loss = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    pair.world.faults.schedule([loss], origin=pair.clock.monotonic())
    pair.clock.sleep(3600)
    assert pair.shown(pair.home, "orders")["LatestRestorableTime"] == latest
