"""What clients went through, and what they lost, when a region went and when it came back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from continuity.outside import Served
from continuity.zone import SiteName
from simulator.faults import Fault, FaultKind
from simulator.traffic import CLIENTS, Traffic
from simulator.truth import Loss, Report, Truth

Stage = Any  # the conftest's class: test files share no modules
NewStage = Callable[[int], AbstractContextManager[Stage]]

HOME = "eu-west-1"
STEADY_S = 60.0


@pytest.fixture
def traffic(stage: Stage) -> Traffic:
    stage.world.clock.sleep(STEADY_S)
    traffic = Traffic(stage.world, stage.manifest)
    traffic.start()
    return traffic


def seconds_since_start(stage: Stage, traffic: Traffic) -> list[tuple[float, float | None]]:
    """Return the zone's outages in seconds after the traffic began."""
    began = stage.world.clock.now().timestamp() - stage.world.clock.monotonic() + STEADY_S
    return [
        (one.began.timestamp() - began, one.ended.timestamp() - began if one.ended else None)
        for one in traffic.outages.zone
    ]


def test_all_is_well_while_nothing_happens(stage: Stage, traffic: Traffic) -> None:
    stage.world.clock.sleep(100.5)
    report = Truth(stage.world, traffic).report()
    assert report.served_by is Served.HOME
    assert report.recovered
    assert report.outages == ()
    assert [one.acknowledged for one in report.databases] == [100 * CLIENTS] * 2
    assert [one.lost for one in report.databases] == [Loss(), Loss()]
    assert report.databases[0].writable == {SiteName.HOME}


def test_a_region_that_is_lost_and_returns_costs_an_outage_and_no_row(
    stage: Stage, traffic: Traffic
) -> None:
    stage.fault(Fault(FaultKind.REGION_LOST, 30.5, region=HOME, lasts_s=60))
    stage.world.clock.sleep(200)
    assert seconds_since_start(stage, traffic) == [pytest.approx((31, 91))]
    report = Truth(stage.world, traffic).report()
    assert report.outage_s == pytest.approx(60)
    assert [one.lost.rows for one in report.databases] == [0, 0]


def test_an_outage_goes_on_while_the_region_is_gone(stage: Stage, traffic: Traffic) -> None:
    stage.fault(Fault(FaultKind.REGION_LOST, 30.5, region=HOME))
    stage.world.clock.sleep(100)
    report = Truth(stage.world, traffic).report()
    assert report.outages[-1].ended is None
    assert report.outage_s == pytest.approx(69)
    assert report.served_by is Served.NOBODY
    assert not report.recovered


def test_one_failing_database_is_an_outage_of_the_zone(stage: Stage, traffic: Traffic) -> None:
    rds = stage.client("rds", HOME)
    rds.reboot_db_instance(DBInstanceIdentifier="we1-billing-home-1")
    stage.world.clock.sleep(600)
    report = {one.name: one for one in Truth(stage.world, traffic).report().databases}
    assert report["orders"].outages == ()
    assert len(report["billing"].outages) == len(traffic.outages.zone) == 1


def test_clients_keep_an_old_answer_for_its_ttl_and_no_longer(
    stage: Stage, traffic: Traffic
) -> None:
    stage.close()
    told = []
    for _ in range(120):
        before = traffic.acknowledged["orders"]
        stage.world.clock.sleep(1)
        told.append(traffic.acknowledged["orders"] - before)
    assert told[20] == CLIENTS
    assert 0 < told.index(0) <= stage.manifest.traffic.drain_s + 1
    assert {one for one in told if 0 < one < CLIENTS}, "caches expire one after the other"


def test_a_failover_loses_what_was_acknowledged_and_not_replicated(
    stage: Stage, traffic: Traffic
) -> None:
    stage.fault(Fault(FaultKind.REGION_LOST, 300.5, region=HOME))
    stage.world.clock.sleep(310)
    stage.fail_over()
    report = Truth(stage.world, traffic).report()
    assert report.served_by is Served.AWAY
    assert report.recovered
    assert len(report.outages) == 1
    assert report.outages[0].ended is not None
    for one in report.databases:
        assert one.writable == {SiteName.AWAY}
        assert 0 < one.lost.rows <= 4 * CLIENTS
        assert one.lost.seconds == pytest.approx(one.lost.rows / CLIENTS)


def test_lag_is_what_a_failover_loses(stage: Stage, traffic: Traffic) -> None:
    stage.fault(
        Fault(FaultKind.REPLICA_LAG, 0, database="orders", seconds=120),
        Fault(FaultKind.REGION_LOST, 400.5, region=HOME),
    )
    stage.world.clock.sleep(410)
    stage.fail_over()
    lost = {one.name: one.lost for one in Truth(stage.world, traffic).report().databases}
    assert lost["orders"].seconds == pytest.approx(120, abs=2)
    assert lost["orders"].rows == pytest.approx(120 * CLIENTS, abs=2 * CLIENTS)
    assert lost["billing"].seconds < 5


def test_rows_that_the_returned_home_still_has_are_lost_to_clients_all_the_same(
    stage: Stage, traffic: Traffic
) -> None:
    stage.fault(Fault(FaultKind.REGION_LOST, 300.5, region=HOME, lasts_s=3600))
    stage.world.clock.sleep(310)
    stage.fail_over()
    before = Truth(stage.world, traffic).report()
    stage.world.clock.sleep(3600)
    after = Truth(stage.world, traffic).report()
    assert after.served_by is Served.AWAY
    assert [one.lost for one in after.databases] == [one.lost for one in before.databases]
    assert all(one.lost.rows for one in after.databases)


def story(new_stage: NewStage, seed: int) -> Report:
    with new_stage(seed) as stage:
        stage.world.clock.sleep(STEADY_S)
        traffic = Traffic(stage.world, stage.manifest)
        traffic.start()
        stage.fault(Fault(FaultKind.REGION_LOST, 100.5, region=HOME))
        stage.world.clock.sleep(110)
        stage.fail_over()
        return Truth(stage.world, traffic).report()


def test_the_same_seed_tells_the_same_story_and_another_seed_another(new_stage: NewStage) -> None:
    assert story(new_stage, 1) == story(new_stage, 1)
    assert story(new_stage, 1) != story(new_stage, 2)


def test_traffic_that_is_stopped_writes_nothing_more(stage: Stage, traffic: Traffic) -> None:
    stage.world.clock.sleep(10)
    traffic.stop()
    before = dict(traffic.acknowledged)
    stage.world.clock.sleep(10)
    assert traffic.acknowledged == before
