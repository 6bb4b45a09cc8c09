from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.faults import Fault, FaultKind

Pair = Any  # the conftest's class: test files share no modules

HOME, AWAY = "eu-west-1", "eu-central-1"
TAGS = [{"Key": "holdfast:database", "Value": "orders"}]


def snapshot(pair: Pair, name: str) -> str:
    with pair.world.instantly():
        made = pair.home.create_db_snapshot(
            DBInstanceIdentifier="orders", DBSnapshotIdentifier=name
        )
    return str(made["DBSnapshot"]["DBSnapshotArn"])


def copy(pair: Pair, source: str, name: str) -> None:
    pair.away.copy_db_snapshot(
        SourceDBSnapshotIdentifier=source, TargetDBSnapshotIdentifier=name, KmsKeyId=pair.away_key
    )


def copied(pair: Pair, name: str) -> None:
    with pair.world.instantly():
        copy(pair, snapshot(pair, f"{name}-source"), name)


def look(pair: Pair, name: str) -> dict[str, Any]:
    with pair.world.instantly():
        found: dict[str, Any] = pair.away.describe_db_snapshots(DBSnapshotIdentifier=name)[
            "DBSnapshots"
        ][0]
    return found


def strike(pair: Pair, kind: FaultKind, **more: Any) -> None:  # noqa: ANN401 - a fault's fields
    pair.world.faults.schedule([Fault(kind, 0, **more)], origin=pair.clock.monotonic())
    pair.clock.sleep(1)


def test_an_unusable_snapshot_has_failed_and_is_not_restored(pair: Pair) -> None:
    pair.primary(Tags=TAGS)
    copied(pair, "monday")
    strike(pair, FaultKind.SNAPSHOT_UNUSABLE, region=AWAY, database="orders", lasts_s=600)
    assert look(pair, "monday")["Status"] == "failed"
    asked = {"DBSnapshotIdentifier": "monday", "DBInstanceIdentifier": "again"}
    with pytest.raises(ClientError, match="InvalidDBSnapshotState"):
        pair.away.restore_db_instance_from_db_snapshot(**asked)
    pair.clock.sleep(600)
    assert look(pair, "monday")["Status"] == "available"
    pair.away.restore_db_instance_from_db_snapshot(**asked)


@pytest.mark.parametrize("narrowed", [{"region": HOME}, {"database": "billing"}])
def test_snapshots_elsewhere_and_of_others_stay_usable(
    pair: Pair, narrowed: dict[str, str]
) -> None:
    pair.primary(Tags=TAGS)
    copied(pair, "monday")
    strike(pair, FaultKind.SNAPSHOT_UNUSABLE, **narrowed)
    assert look(pair, "monday")["Status"] == "available"


def test_the_newest_copy_stays_in_flight_and_the_one_before_is_there(pair: Pair) -> None:
    pair.primary(Tags=TAGS)
    copied(pair, "monday")
    pair.clock.sleep(3600)
    copied(pair, "tuesday")
    strike(pair, FaultKind.COPY_IN_FLIGHT, region=AWAY, database="orders", lasts_s=86_400)
    seen = []
    for _ in range(20):
        seen.append(look(pair, "tuesday")["PercentProgress"])
        pair.clock.sleep(3600)
    assert seen == sorted(seen)
    assert seen[0] < 10
    assert 90 < seen[-1] < 100
    assert look(pair, "tuesday")["Status"] == "creating"
    assert look(pair, "monday")["Status"] == "available"
    pair.clock.sleep(86_400)
    shown = look(pair, "tuesday")
    assert (shown["Status"], shown["PercentProgress"]) == ("available", 100)


def test_moto_alone_does_not_mind_a_source_that_goes(raw: Pair) -> None:
    raw.primary()
    source = snapshot(raw, "monday")
    copy(raw, source, "copied")
    raw.home.delete_db_snapshot(DBSnapshotIdentifier="monday")
    assert look(raw, "copied")["Status"] == "available"


def test_a_copy_whose_source_is_deleted_too_early_fails_for_good(pair: Pair) -> None:
    pair.primary()
    source = snapshot(pair, "monday")
    copy(pair, source, "copied")
    pair.home.delete_db_snapshot(DBSnapshotIdentifier="monday")
    pair.clock.sleep(86_400)
    assert look(pair, "copied")["Status"] == "failed"
    pair.away.delete_db_snapshot(DBSnapshotIdentifier="copied")


def test_what_is_being_copied_cannot_be_deleted(pair: Pair) -> None:
    pair.primary()
    copy(pair, snapshot(pair, "monday"), "copied")
    with pytest.raises(ClientError, match="InvalidDBSnapshotState"):
        pair.away.delete_db_snapshot(DBSnapshotIdentifier="copied")
