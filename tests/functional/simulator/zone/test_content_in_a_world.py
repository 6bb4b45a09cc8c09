"""What is in the instances, against real calls: replication, promotion, snapshots."""

from typing import Any

import pytest

from simulator import inside
from simulator.content import LONGEST_LAG_S, SHORTEST_LAG_S, Content
from simulator.faults import Fault, FaultKind

Stage = Any  # the conftest's class: test files share no modules

AWAY = "eu-central-1"
HOME = "eu-west-1"
REPLICA = "we1-orders-away-1"


def instance(region: str, identifier: str) -> Any:  # noqa: ANN401 - a moto DBInstance
    found = inside.instance(region, identifier)
    assert found is not None
    return found


def write_each_second(stage: Stage, seconds: int) -> None:
    """Commit a row to the primary each second from now on, as long as its region is there."""
    rows = Content.of(stage.world).rows(instance(HOME, "we1-orders-home-1"))
    clock, faults = stage.world.clock, stage.world.faults
    assert rows is not None

    def write() -> None:
        if not faults.region_lost(HOME):
            rows.commit(clock.monotonic())

    cancel = clock.every(1.0, write)
    clock.at(seconds + 0.5, cancel)


def lag(stage: Stage, replica: str = REPLICA) -> float | None:
    found = Content.of(stage.world).lag(AWAY, replica, stage.world.clock.now())
    return found if found is None else float(found)


def readable(stage: Stage) -> int:
    return int(Content.of(stage.world).mark(instance(AWAY, REPLICA)).count)


def test_a_replica_is_a_little_behind_and_each_by_its_own_lag(stage: Stage) -> None:
    write_each_second(stage, 100)
    stage.world.clock.sleep(100.5)
    lags = [lag(stage, f"we1-{name}-away-1") for name in ("orders", "billing")]
    assert all(one is not None and SHORTEST_LAG_S <= one <= LONGEST_LAG_S for one in lags)
    assert lags[0] != lags[1]
    assert 97 <= readable(stage) <= 100


def test_an_instance_that_is_no_replica_has_no_lag(stage: Stage) -> None:
    content, now = Content.of(stage.world), stage.world.clock.now()
    assert content.lag(HOME, "we1-orders-home-1", now) is None
    assert content.lag(AWAY, "we1-nothing-away-1", now) is None


def test_replica_lag_grows_to_what_the_fault_says_and_stays_there(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.fault(Fault(FaultKind.REPLICA_LAG, 100, database="orders", seconds=300))
    stage.world.clock.sleep(200)
    assert lag(stage) == pytest.approx(100, abs=4)
    stage.world.clock.sleep(600)
    assert lag(stage) == pytest.approx(300)
    assert lag(stage, "we1-billing-away-1") < LONGEST_LAG_S
    assert readable(stage) == pytest.approx(500, abs=2)


def test_broken_replication_says_minus_one_and_applies_nothing_more(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.fault(Fault(FaultKind.REPLICA_BROKEN, 100, database="orders"))
    stage.world.clock.sleep(500)
    assert lag(stage) == -1.0
    assert readable(stage) == pytest.approx(98, abs=2)


def test_unknown_lag_is_none_although_rows_flow(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.fault(Fault(FaultKind.LAG_UNKNOWN, 100))
    stage.world.clock.sleep(500)
    assert lag(stage) is None
    assert readable(stage) > 490


def test_after_the_source_is_lost_lag_grows_with_the_age_of_the_outage(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.fault(Fault(FaultKind.REGION_LOST, 100, region=HOME))
    stage.world.clock.sleep(400)
    assert lag(stage) == pytest.approx(300, abs=4)
    assert readable(stage) == pytest.approx(98, abs=2)


def test_a_region_that_returns_sends_the_rest_unless_the_replica_was_promoted(
    stage: Stage,
) -> None:
    write_each_second(stage, 50)
    stage.fault(Fault(FaultKind.REGION_LOST, 50.2, region=HOME, lasts_s=100))
    stage.world.clock.sleep(100)
    assert readable(stage) < 50
    stage.world.clock.sleep(100)
    assert readable(stage) == 50


def test_a_promotion_keeps_what_was_applied_when_it_was_accepted(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.world.clock.sleep(100)
    stage.promote("orders")
    kept = readable(stage)
    stage.world.clock.sleep(500)
    assert readable(stage) == kept
    promotion = Content.of(stage.world).promotion(AWAY, REPLICA)
    assert promotion is not None
    assert promotion.missing_s == pytest.approx(2, abs=2)
    assert promotion.provable_s == pytest.approx(promotion.missing_s, abs=1.5)


def test_what_is_provable_ends_where_the_lag_became_unknown(stage: Stage) -> None:
    write_each_second(stage, 1000)
    stage.fault(Fault(FaultKind.LAG_UNKNOWN, 100))
    stage.world.clock.sleep(400)
    stage.promote("orders")
    promotion = Content.of(stage.world).promotion(AWAY, REPLICA)
    assert promotion is not None
    assert promotion.missing_s < 4
    assert promotion.provable_s == pytest.approx(301, abs=3)


def test_a_snapshot_and_its_copy_remember_the_rows_of_their_moment(stage: Stage) -> None:
    write_each_second(stage, 5000)
    stage.world.clock.sleep(100)
    home, away = stage.client("rds", HOME), stage.client("rds", AWAY)
    taken = home.create_db_snapshot(
        DBInstanceIdentifier="we1-orders-home-1", DBSnapshotIdentifier="before"
    )["DBSnapshot"]
    rows = Content.of(stage.world).rows(instance(HOME, "we1-orders-home-1"))
    assert rows is not None
    then = rows.count
    stage.world.clock.sleep(3600)
    away.copy_db_snapshot(
        SourceDBSnapshotIdentifier=taken["DBSnapshotArn"], TargetDBSnapshotIdentifier="copied"
    )
    stage.world.clock.sleep(12 * 3600)
    away.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="we1-orders-away-2",
        DBSnapshotIdentifier="copied",
        DBSubnetGroupName=stage.away.subnet_group,
    )
    assert Content.of(stage.world).mark(instance(AWAY, "we1-orders-away-2")).count == then
