from itertools import groupby
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.faults import Fault, FaultKind
from simulator.operations import Stage
from simulator.timings import Takes

Pair = Any  # the conftest's class: test files share no modules

NAME = "orders-replica"


def watch(pair: Pair, seconds: int = 900) -> list[tuple[str, bool]]:
    """Return each (status, still linked) that shows, in order."""
    seen = []
    for _ in range(0, seconds, 3):
        shown = pair.shown(pair.away, NAME)
        linked = "ReadReplicaSourceDBInstanceIdentifier" in shown
        seen.append((shown["DBInstanceStatus"], linked))
        pair.clock.sleep(3)
    return [state for state, _ in groupby(seen)]


def replicated(pair: Pair) -> None:
    pair.primary()
    pair.replica()


def test_moto_alone_keeps_the_link_on_both_sides_and_promotes_twice(raw: Pair) -> None:
    replicated(raw)
    for _ in range(2):
        raw.away.promote_read_replica(DBInstanceIdentifier=NAME)
    shown = raw.shown(raw.away, NAME)
    assert shown["DBInstanceStatus"] == "available"
    assert shown["ReadReplicaSourceDBInstanceIdentifier"] == raw.home_arn
    assert raw.shown(raw.home, "orders")["ReadReplicaDBInstanceIdentifiers"]
    with pytest.raises(KeyError):
        raw.away.promote_read_replica(DBInstanceIdentifier="nobody")


def test_a_promotion_shows_late_and_ends_without_a_link(pair: Pair) -> None:
    replicated(pair)
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    assert watch(pair) == [
        ("available", True),
        ("modifying", True),
        ("rebooting", False),
        ("available", False),
    ]
    assert pair.shown(pair.home, "orders")["ReadReplicaDBInstanceIdentifiers"] == []
    assert pair.shown(pair.away, NAME)["StatusInfos"] == []


def test_a_promotion_takes_as_long_as_its_operation_says(pair: Pair) -> None:
    replicated(pair)
    ended: list[float] = []
    pair.world.on_change(
        lambda change: change.stage is Stage.ENDED and ended.append(pair.clock.monotonic())
    )
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    (operation,) = pair.world.operations
    began = (operation.started - pair.world.clock.now()).total_seconds() + pair.clock.monotonic()
    pair.clock.sleep(900)
    assert operation.kind == Takes.PROMOTE_REPLICA
    assert operation.target.endswith(f"db:{NAME}")
    assert ended == [pytest.approx(began + operation.seconds)]


@pytest.mark.parametrize(
    ("asked", "days"),
    [({}, 1), ({"BackupRetentionPeriod": 0}, 0), ({"BackupRetentionPeriod": 14}, 14)],
)
def test_retention_is_what_the_call_says_and_else_a_day(
    pair: Pair, asked: dict[str, int], days: int
) -> None:
    replicated(pair)
    pair.away.promote_read_replica(
        DBInstanceIdentifier=NAME, PreferredBackupWindow="01:00-02:00", **asked
    )
    pair.clock.sleep(900)
    shown = pair.shown(pair.away, NAME)
    assert shown["BackupRetentionPeriod"] == days
    assert shown["PreferredBackupWindow"] == "01:00-02:00"


def test_only_an_available_replica_is_promoted_and_only_once(pair: Pair) -> None:
    replicated(pair)
    with pytest.raises(ClientError, match="DBInstanceNotFound"):
        pair.away.promote_read_replica(DBInstanceIdentifier="nobody")
    with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*not a read replica"):
        pair.home.promote_read_replica(DBInstanceIdentifier="orders")
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    pair.clock.sleep(40)
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    pair.clock.sleep(900)
    with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*not a read replica"):
        pair.away.promote_read_replica(DBInstanceIdentifier=NAME)


def test_a_replica_is_promoted_while_its_sources_region_is_lost(pair: Pair) -> None:
    replicated(pair)
    loss = Fault(FaultKind.REGION_LOST, 0, region="eu-west-1")
    pair.world.faults.schedule([loss], origin=pair.clock.monotonic())
    pair.clock.sleep(10)
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    assert watch(pair)[-1] == ("available", False)


def test_a_promotion_may_fail_for_good(pair: Pair) -> None:
    replicated(pair)
    fault = Fault(FaultKind.PROMOTION_FAILS, 0, database=NAME)
    pair.world.faults.schedule([fault], origin=pair.clock.monotonic())
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    assert watch(pair)[-1] == ("failed", True)
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.away.promote_read_replica(DBInstanceIdentifier=NAME)


def test_a_promotion_may_never_end(pair: Pair) -> None:
    replicated(pair)
    fault = Fault(FaultKind.PROMOTION_STALLS, 0, database=NAME)
    pair.world.faults.schedule([fault], origin=pair.clock.monotonic())
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    pair.clock.sleep(24 * 3600)
    assert pair.status(pair.away, NAME) == "modifying"
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        pair.away.promote_read_replica(DBInstanceIdentifier=NAME)


def test_a_replica_that_is_deleted_meanwhile_does_not_come_back(pair: Pair) -> None:
    replicated(pair)
    pair.away.promote_read_replica(DBInstanceIdentifier=NAME)
    pair.away.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    pair.clock.sleep(1800)
    assert pair.status(pair.away, NAME) == "gone"
