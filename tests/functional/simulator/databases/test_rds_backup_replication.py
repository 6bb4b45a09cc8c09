from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.attempt import NotSimulated
from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules


def start(pair: Pair, **more: object) -> dict[str, Any]:
    asked = {"SourceDBInstanceArn": pair.home_arn, "KmsKeyId": pair.away_key}
    backup: dict[str, Any] = pair.away.start_db_instance_automated_backups_replication(
        **(asked | more)
    )["DBInstanceAutomatedBackup"]
    return backup


def described(pair: Pair) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = pair.away.describe_db_instance_automated_backups()[
        "DBInstanceAutomatedBackups"
    ]
    return listed


def test_moto_alone_lacks_the_operation_and_that_is_no_answer_of_aws(raw: Pair) -> None:
    raw.primary()
    with pytest.raises(NotSimulated, match="StartDBInstanceAutomatedBackupsReplication"):
        start(raw)


def test_backups_arrive_in_the_other_region_after_a_while(pair: Pair) -> None:
    pair.primary()
    begun = start(pair, BackupRetentionPeriod=14)
    assert begun["Status"] == "pending"
    pair.clock.sleep(86_400)
    (backup,) = described(pair)
    assert backup["Status"] == "replicating"
    assert backup["Region"] == "eu-west-1"
    assert backup["DBInstanceArn"] == pair.home_arn
    assert backup["KmsKeyId"] == pair.away_key
    assert backup["BackupRetentionPeriod"] == 14
    behind = pair.clock.now() - backup["RestoreWindow"]["LatestTime"]
    assert behind < timedelta(minutes=5, seconds=1)


@pytest.mark.parametrize(
    ("primary", "more", "refusal"),
    [
        ({"BackupRetentionPeriod": 0}, {}, "Automated backups are not enabled"),
        ({}, {"KmsKeyId": ""}, "KmsKeyId is required"),
    ],
)
def test_sources_without_backups_and_encrypted_ones_without_a_key_are_refused(
    pair: Pair, primary: dict[str, int], more: dict[str, str], refusal: str
) -> None:
    pair.primary(**primary)
    with pytest.raises(ClientError, match=refusal):
        start(pair, **more)


def test_one_replication_runs_at_a_time(pair: Pair) -> None:
    pair.primary()
    start(pair)
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        start(pair)


def test_what_was_replicated_is_restored_after_the_region_is_lost(pair: Pair) -> None:
    pair.primary()
    arn = start(pair)["DBInstanceAutomatedBackupsArn"]
    pair.clock.sleep(86_400)
    loss = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    pair.world.faults.schedule([loss], origin=pair.clock.monotonic())
    pair.clock.sleep(60)
    pair.away.restore_db_instance_to_point_in_time(
        SourceDBInstanceAutomatedBackupsArn=arn,
        TargetDBInstanceIdentifier="orders-again",
        UseLatestRestorableTime=True,
    )
    pair.clock.sleep(28_800)
    shown = pair.shown(pair.away, "orders-again")
    assert shown["DBInstanceStatus"] == "available"
    assert shown["KmsKeyId"] == pair.away_key


def test_a_stopped_replication_retains_what_came_so_far(pair: Pair) -> None:
    pair.primary()
    start(pair)
    pair.clock.sleep(86_400)
    stopped = pair.away.stop_db_instance_automated_backups_replication(
        SourceDBInstanceArn=pair.home_arn
    )["DBInstanceAutomatedBackup"]
    pair.clock.sleep(3600)
    assert [row["Status"] for row in described(pair)] == ["retained"]
    assert described(pair)[0]["RestoreWindow"] == stopped["RestoreWindow"]
    with pytest.raises(ClientError, match="not replicated here"):
        pair.away.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=pair.home_arn)
    pair.clock.sleep(stopped["BackupRetentionPeriod"] * 86_400)
    assert described(pair) == []


@pytest.mark.parametrize(("days", "kept"), [(7, False), (35, True)])
def test_what_lies_there_lapses_by_its_own_retention_though_its_region_is_lost(
    pair: Pair, days: int, kept: bool
) -> None:
    """No call lengthens it, the source's retention neither: decision 0038."""
    pair.primary()
    start(pair, BackupRetentionPeriod=days)
    pair.clock.sleep(2 * 86_400)
    before = described(pair)[0]["RestoreWindow"]
    pair.home.modify_db_instance(
        DBInstanceIdentifier="orders", BackupRetentionPeriod=35, ApplyImmediately=True
    )
    loss = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    pair.world.faults.schedule([loss], origin=pair.clock.monotonic())
    pair.clock.sleep(30 * 86_400)
    (backup,) = described(pair)
    assert backup["BackupRetentionPeriod"] == days
    assert ("RestoreWindow" in backup) is kept
    if kept:
        assert backup["RestoreWindow"]["EarliestTime"] == before["EarliestTime"]


def test_an_unknown_backup_is_not_found(pair: Pair) -> None:
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        pair.away.describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn="ab-none")


def own(pair: Pair) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = pair.home.describe_db_instance_automated_backups()[
        "DBInstanceAutomatedBackups"
    ]
    return listed


def test_moto_alone_says_of_own_backups_neither_whose_they_are_nor_what_they_reach(
    raw: Pair,
) -> None:
    raw.primary()
    (backup,) = own(raw)
    assert "RestoreWindow" not in backup
    assert "DbiResourceId" not in backup


def test_own_backups_are_shown_with_the_moments_that_they_reach(pair: Pair) -> None:
    pair.primary()
    pair.primary("without", BackupRetentionPeriod=0)
    pair.clock.sleep(3600)
    (backup,) = own(pair)
    shown = pair.shown(pair.home, "orders")
    assert (backup["Status"], backup["Region"]) == ("active", "eu-west-1")
    assert backup["DbiResourceId"] == shown["DbiResourceId"]
    behind = pair.clock.now() - backup["RestoreWindow"]["LatestTime"]
    assert behind < timedelta(minutes=5, seconds=1)
