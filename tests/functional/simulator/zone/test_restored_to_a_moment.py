"""What is in an instance that was restored to a moment, by real calls."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import inside, strikes
from simulator.backup_history import COPIED_AFTER
from simulator.content import Content
from simulator.faults import Fault, FaultKind

Stage = Any  # the conftest's class: test files share no modules

HOME, AWAY = "eu-west-1", "eu-central-1"
PRIMARY, REPLICA = "we1-orders-home-1", "we1-orders-away-1"
HOUR = 3600.0


def count(stage: Stage, region: str, identifier: str) -> int:
    found = inside.instance(region, identifier)
    assert found is not None
    return int(Content.of(stage.world).mark(found).count)


def write_each_second(stage: Stage) -> None:
    """Commit a row to the primary each second from now on, as long as its region is there."""
    rows = Content.of(stage.world).rows(inside.instance(HOME, PRIMARY))
    clock, faults = stage.world.clock, stage.world.faults
    assert rows is not None

    def write() -> None:
        if not faults.region_lost(HOME):
            rows.commit(clock.monotonic())

    clock.every(1.0, write)


def replicate_backups(stage: Stage) -> str:
    arn = stage.database("orders").members["home"].arn
    with stage.world.instantly():
        made = stage.client("rds", AWAY).start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=arn
        )
    return str(made["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"])


def window(stage: Stage) -> tuple[datetime, datetime]:
    with stage.world.instantly():
        (found,) = [
            one
            for one in stage.client("rds", AWAY).describe_db_instance_automated_backups()[
                "DBInstanceAutomatedBackups"
            ]
            if one["DBInstanceIdentifier"] == PRIMARY
        ]
    return found["RestoreWindow"]["EarliestTime"], found["RestoreWindow"]["LatestTime"]


def restore(stage: Stage, region: str, name: str, **asked: object) -> None:
    stage.client("rds", region).restore_db_instance_to_point_in_time(
        TargetDBInstanceIdentifier=name,
        DBSubnetGroupName=f"we1-{'home' if region == HOME else 'away'}-databases",
        **asked,
    )


def test_exactly_the_rows_up_to_the_moment_are_there(stage: Stage) -> None:
    began = stage.world.clock.now()
    write_each_second(stage)
    stage.world.clock.sleep(HOUR)
    for seconds in (1000, 1000.5, 1800):
        moment, name = began + timedelta(seconds=seconds), f"again-{int(seconds * 10)}"
        restore(stage, HOME, name, SourceDBInstanceIdentifier=PRIMARY, RestoreTime=moment)
        assert count(stage, HOME, name) == int(seconds)


def test_replicated_backups_end_some_minutes_before_the_region_did(stage: Stage) -> None:
    began = stage.world.clock.now()
    write_each_second(stage)
    arn = replicate_backups(stage)
    stage.world.clock.sleep(HOUR + 17)
    stage.lose_home()
    stage.world.clock.sleep(30)
    _, latest = window(stage)
    lost_at = began + timedelta(seconds=HOUR + 17)
    assert COPIED_AFTER <= lost_at - latest < COPIED_AFTER + timedelta(minutes=5)
    stage.world.clock.sleep(2 * HOUR)
    assert window(stage)[1] == latest
    restore(
        stage, AWAY, "we1-orders-away-2",
        SourceDBInstanceAutomatedBackupsArn=arn, UseLatestRestorableTime=True,
    )  # fmt: skip
    assert count(stage, AWAY, "we1-orders-away-2") == (latest - began).total_seconds()


def test_a_moment_that_has_not_reached_the_other_region_is_refused(stage: Stage) -> None:
    arn = replicate_backups(stage)
    stage.world.clock.sleep(HOUR)
    just_now = stage.world.clock.now() - timedelta(seconds=60)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        restore(
            stage, AWAY, "again",
            SourceDBInstanceAutomatedBackupsArn=arn, RestoreTime=just_now,
        )  # fmt: skip


def test_a_promoted_instance_begins_a_history_of_its_own(stage: Stage) -> None:
    write_each_second(stage)
    stage.world.clock.sleep(HOUR)
    promoted_at = stage.world.clock.now()
    stage.client("rds", AWAY).promote_read_replica(
        DBInstanceIdentifier=REPLICA, BackupRetentionPeriod=7
    )
    stage.world.clock.sleep(HOUR)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        restore(
            stage, AWAY, "again",
            SourceDBInstanceIdentifier=REPLICA, RestoreTime=promoted_at - timedelta(minutes=1),
        )  # fmt: skip
    restore(stage, AWAY, "again", SourceDBInstanceIdentifier=REPLICA, UseLatestRestorableTime=True)
    assert count(stage, AWAY, "again") == count(stage, AWAY, REPLICA)


def test_a_replica_steps_aside_and_its_name_and_address_serve_again(stage: Stage) -> None:
    began = stage.world.clock.now()
    write_each_second(stage)
    arn = replicate_backups(stage)
    stage.world.clock.sleep(HOUR)
    rds = stage.client("rds", AWAY)
    (before,) = rds.describe_db_instances(DBInstanceIdentifier=REPLICA)["DBInstances"]
    rds.modify_db_instance(
        DBInstanceIdentifier=REPLICA, NewDBInstanceIdentifier="aside", ApplyImmediately=True
    )
    stage.world.clock.sleep(900)
    moment = began + timedelta(seconds=1200)
    restore(stage, AWAY, REPLICA, SourceDBInstanceAutomatedBackupsArn=arn, RestoreTime=moment)
    stage.world.clock.sleep(8 * HOUR)
    (after,) = rds.describe_db_instances(DBInstanceIdentifier=REPLICA)["DBInstances"]
    assert after["Endpoint"]["Address"] == before["Endpoint"]["Address"]
    assert after["DbiResourceId"] != before["DbiResourceId"]
    assert count(stage, AWAY, REPLICA) == 1200
    assert count(stage, AWAY, "aside") >= 9 * HOUR


def test_a_restored_instance_shows_that_its_storage_loads(stage: Stage) -> None:
    stage.world.clock.sleep(HOUR)
    restore(stage, HOME, "again", SourceDBInstanceIdentifier=PRIMARY, UseLatestRestorableTime=True)
    rds = stage.client("rds", HOME)
    seen = []
    for _ in range(48):
        stage.world.clock.sleep(600)
        (shown,) = rds.describe_db_instances(DBInstanceIdentifier="again")["DBInstances"]
        seen.append(
            (shown.get("StorageOperationStatus"), shown.get("StorageOperationPercentProgress"))
        )
    loading = [percent for status, percent in seen if status == "Initializing"]
    assert loading == sorted(loading)
    assert 0 < loading[0] < loading[-1] < 100
    assert seen[-1] == (None, None)


def test_the_backups_of_an_instance_that_failed_end_with_it(stage: Stage) -> None:
    strikes.watch(stage.world)
    replicate_backups(stage)
    stage.world.clock.sleep(HOUR)
    failed_at = stage.world.clock.now()
    stage.fault(Fault(FaultKind.DATABASE_LOST, 0, region=HOME, database="orders"))
    stage.world.clock.sleep(HOUR)
    assert failed_at - timedelta(minutes=9) < window(stage)[1] < failed_at
