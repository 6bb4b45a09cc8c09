from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import limits
from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules

HOME_SNAPSHOT = "arn:aws:rds:eu-west-1:123456789012:snapshot:monday"


def snapshot(pair: Pair) -> None:
    with pair.world.instantly():
        pair.home.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="monday")


def copy(pair: Pair, **more: str) -> dict[str, Any]:
    copied: dict[str, Any] = pair.away.copy_db_snapshot(
        SourceDBSnapshotIdentifier=HOME_SNAPSHOT,
        TargetDBSnapshotIdentifier="monday",
        SourceRegion="eu-west-1",
        **more,
    )["DBSnapshot"]
    return copied


def test_moto_alone_has_a_snapshot_at_once(raw: Pair) -> None:
    raw.primary()
    snapshot(raw)
    (shown,) = raw.home.describe_db_snapshots(DBSnapshotIdentifier="monday")["DBSnapshots"]
    assert shown["Status"] == "available"


def test_a_snapshot_takes_minutes_of_an_available_instance(pair: Pair) -> None:
    pair.primary()
    made = pair.home.create_db_snapshot(
        DBInstanceIdentifier="orders", DBSnapshotIdentifier="monday"
    )["DBSnapshot"]
    assert (made["Status"], made["PercentProgress"]) == ("creating", 0)
    pair.clock.sleep(1800)
    (shown,) = pair.home.describe_db_snapshots(DBSnapshotIdentifier="monday")["DBSnapshots"]
    assert (shown["Status"], shown["PercentProgress"]) == ("available", 100)
    pair.home.reboot_db_instance(DBInstanceIdentifier="orders")
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.home.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="tuesday")


def test_moto_alone_copies_abroad_under_the_foreign_key(raw: Pair) -> None:
    raw.primary()
    snapshot(raw)
    assert copy(raw)["KmsKeyId"] == raw.home_key


def test_a_copy_abroad_needs_a_key_there_and_names_its_source(pair: Pair) -> None:
    pair.primary()
    snapshot(pair)
    with pytest.raises(ClientError, match="Must specify new KMS key"):
        copy(pair)
    made = copy(pair, KmsKeyId=pair.away_key)
    assert made["Status"] == "creating"
    assert made["SourceRegion"] == "eu-west-1"
    assert made["SourceDBSnapshotIdentifier"] == HOME_SNAPSHOT


def test_what_is_still_being_made_is_neither_copied_nor_restored(pair: Pair) -> None:
    pair.primary()
    pair.home.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="monday")
    with pytest.raises(ClientError, match="InvalidDBSnapshotState"):
        copy(pair, KmsKeyId=pair.away_key)
    with pytest.raises(ClientError, match="InvalidDBSnapshotState"):
        pair.home.restore_db_instance_from_db_snapshot(
            DBSnapshotIdentifier="monday", DBInstanceIdentifier="again"
        )


def test_nothing_is_copied_out_of_a_lost_region(pair: Pair) -> None:
    pair.primary()
    snapshot(pair)
    loss = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    pair.world.faults.schedule([loss], origin=0)
    pair.clock.sleep(1)
    with pytest.raises(ClientError, match="does not answer"):
        copy(pair, KmsKeyId=pair.away_key)


def copies(pair: Pair, *names: str) -> list[str]:
    """Copy `monday` abroad under several names; return what AWS said against each."""
    said = []
    for name in names:
        try:
            pair.away.copy_db_snapshot(
                SourceDBSnapshotIdentifier=HOME_SNAPSHOT,
                TargetDBSnapshotIdentifier=name,
                KmsKeyId=pair.away_key,
                SourceRegion="eu-west-1",
            )
        except ClientError as error:
            said.append(f"{error.response['Error']['Code']}: {error.response['Error']['Message']}")
        else:
            said.append("")
    return said


def test_moto_alone_takes_any_number_of_copies_at_once(raw: Pair) -> None:
    raw.primary()
    snapshot(raw)
    limits.change(raw.world, "eu-central-1", limits.COPIES_IN_FLIGHT, 1)
    assert copies(raw, "one", "two") == ["", ""]


def test_no_more_copies_come_into_a_region_at_once_than_the_quota_says(pair: Pair) -> None:
    assert limits.limit(pair.world, "eu-central-1", limits.COPIES_IN_FLIGHT) == 20
    pair.primary()
    snapshot(pair)
    limits.change(pair.world, "eu-central-1", limits.COPIES_IN_FLIGHT, 2)
    full = "SnapshotQuotaExceeded: Cannot copy more than 2 snapshots across regions"
    assert copies(pair, "one", "two", "three") == ["", "", full]
    pair.clock.sleep(4 * 3600)
    assert copies(pair, "three") == [""]


def test_copies_inside_a_region_take_no_turn(pair: Pair) -> None:
    pair.primary()
    snapshot(pair)
    limits.change(pair.world, "eu-west-1", limits.COPIES_IN_FLIGHT, 0)
    made = pair.home.copy_db_snapshot(
        SourceDBSnapshotIdentifier="monday", TargetDBSnapshotIdentifier="beside"
    )["DBSnapshot"]
    assert made["Status"] == "creating"
