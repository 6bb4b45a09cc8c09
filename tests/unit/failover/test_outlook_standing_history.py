from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.zone import Objectives
from failover import decisions
from failover.decide import plan_of
from failover.diagnose import Diagnosis
from failover.history import history
from failover.observation import Reading
from failover.options import Options
from failover.outlook import look_ahead, outlook
from failover.progress import State
from failover.region_loss import region_loss
from failover.run import Run
from failover.standing import Stage, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.observation import Observation
    from failover.standing import Standing
    from tests.unit.failover.conftest import FakeZone


def standing_of(zone: FakeZone) -> Standing:
    run = decisions.current(zone.around)
    assert run is not None
    plan = plan_of(run, zone.manifest, Options()) if run.planned else None
    return standing(run, plan, zone.clock.now(), zone.manifest, Options())


def test_a_healthy_zone_has_nothing_against_its_recovery(zone: FakeZone) -> None:
    found = look_ahead(zone.around, Options())
    assert found.objections == ()
    assert found.meets_objectives
    assert set(found.losses) == {"billing", "orders"}
    assert zone.effects == {}


def test_a_lag_that_nobody_knows_stands_against_it(zone: FakeZone) -> None:
    zone.lag_s["we1-orders-away-1"] = None
    found = look_ahead(zone.around, Options())
    assert found.predicted_rpo_s is None
    assert not found.meets_objectives
    (against,) = found.objections
    assert against.startswith("promote-orders: Promoting orders could lose an unknown amount")


def test_a_latch_that_was_moved_stands_against_it(zone: FakeZone) -> None:
    zone.latch_at["closed/home"] = 0.0
    (against,) = look_ahead(zone.around, Options()).objections
    assert against.startswith("The latch closed/home lies in")


def test_a_planned_move_loses_nothing_and_has_its_own_gate(zone: FakeZone) -> None:
    found = look_ahead(zone.around, Options(), Diagnosis.PLANNED_MOVE)
    assert (found.plan.planned, found.plan.detect_s) == (True, 0.0)
    assert (found.predicted_rpo_s, dict(found.losses)) == (0.0, {})
    zone.lag_s["we1-orders-away-1"] = 60.0
    told = " ".join(look_ahead(zone.around, Options(), Diagnosis.PLANNED_MOVE).objections)
    assert "we1-orders-away-1 is 1 min behind" in told
    assert "promote-orders" not in told
    assert found.also(("first",)).objections == ("first", *found.objections)


def test_a_replica_that_is_not_there_stands_against_it(
    picture: Callable[..., Observation],
) -> None:
    seen = picture(run=Run(""))
    seen = replace(seen, instances=Reading(seen.now, {}, None))
    last = Reading(seen.now, Run(""), None)
    told = outlook(region_loss(seen.manifest), seen, last, Options()).objections
    assert "promote-orders: we1-orders-away-1 does not exist" in told


def test_a_standby_that_does_not_answer_stands_against_it(zone: FakeZone) -> None:
    zone.standby_lost = True
    zone.denied = {"instances"}
    told = " ".join(look_ahead(zone.around, Options()).objections)
    assert "Lease and journal cannot be read, so no run can begin" in told
    assert "instances cannot be read" in told


def test_an_objective_that_cannot_be_met_names_the_step_that_breaks_it(
    make_zone: Callable[..., FakeZone], manifest_of: Callable[..., Manifest]
) -> None:
    promised = Objectives(timedelta(minutes=2), timedelta(hours=24))
    zone = make_zone(manifest=replace(manifest_of(), objectives=promised))
    found = look_ahead(zone.around, Options())
    assert not found.meets_objectives
    assert "TOO LATE: the objective of 2 min cannot be met" in found.objections[-1]
    assert "drain-home breaks it." in found.objections[-1]


def test_an_open_run_stands_against_another(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine())
    assert any(
        sentence.startswith("we1-0001 goes on already")
        for sentence in look_ahead(lost_zone.around, Options()).objections
    )


def test_a_waiting_run_says_whom_it_waits_for_and_how_long_it_will_take(
    lost_zone: FakeZone,
) -> None:
    engine = lost_zone.engine()
    while lost_zone.step(engine, approve=False).state is not State.WAITING:
        pass
    found = standing_of(lost_zone)
    assert found.outcome is None
    assert found.forecast_s is not None
    assert found.forecast_s > found.elapsed_s
    assert found.wanted == (
        f"1 more of 1 people must approve: holdfast failover approve we1 --plan {found.plan_hash}",
    )
    stages = {step.name: step.stage for step in found.steps}
    assert stages["close-home"] is Stage.DONE
    assert stages["promote-orders"] is Stage.WAITING


def test_a_suspicion_has_no_steps_yet(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine())
    found = standing_of(lost_zone)
    assert (found.steps, found.wanted, found.plan_hash) == ((), (), None)


def test_a_finished_run_wants_nothing_and_counts_no_more(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine())
    then = standing_of(lost_zone)
    lost_zone.clock.sleep(600)
    assert standing_of(lost_zone).elapsed_s == then.elapsed_s
    assert (then.outcome, then.wanted, then.forecast_s) == ("recovered", (), None)
    spared = {step.name for step in then.steps if step.stage is Stage.UNNEEDED}
    assert spared == {name for name in spared if name.startswith("restore-")}
    assert {step.stage for step in then.steps if step.name not in spared} == {Stage.DONE}


def test_a_gated_database_is_among_what_people_must_do(lost_zone: FakeZone) -> None:
    lost_zone.lag_s["we1-orders-away-1"] = None
    engine = lost_zone.engine()
    while not lost_zone.run().refusals:
        lost_zone.step(engine)
    assert any("--accept-data-loss orders" in wanted for wanted in standing_of(lost_zone).wanted)


def test_history_lists_every_run_with_what_it_achieved(lost_zone: FakeZone) -> None:
    assert history(lost_zone.around) == ()
    lost_zone.returns_at = 15.0
    engine = lost_zone.engine()
    while lost_zone.run().outcome is None:
        lost_zone.step(engine)
    lost_zone.returns_at = float("inf")
    lost_zone.recover(engine)
    recovered, cleared = history(lost_zone.around)
    assert (cleared.run, cleared.outcome, cleared.rto_s, cleared.met) == (
        "we1-0001",
        "cleared",
        None,
        False,
    )
    assert (recovered.run, recovered.outcome, recovered.met) == ("we1-0002", "recovered", True)
    assert recovered.rto_s == pytest.approx(
        (lost_zone.run().entries[-1].at - lost_zone.run().entries[0].at).total_seconds()
    )
    assert recovered.rpo_s is not None
    assert sum(phase.seconds for phase in recovered.phases) == pytest.approx(recovered.rto_s)
    assert [(one.name, one.source) for one in recovered.databases] == [
        ("billing", "replica"),
        ("orders", "replica"),
    ]
    for one in recovered.databases:
        assert one.bound_s == pytest.approx(35, abs=2)
        assert one.claimed_loss_s == pytest.approx(36, abs=2)
