from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from continuity.errors import InvalidInput
from continuity.journal import EntryKind
from failover.critical import critical
from failover.decide import plan_of
from failover.history import chosen, runs_of
from failover.options import Options
from failover.run import Run
from failover.run_report import REAL, Occasion, report, zone_report
from incident.documents.pages import html
from incident.documents.report import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from continuity.manifest import Manifest
    from tests.unit.failover.conftest import FakeZone


@pytest.fixture
def recovered(lost_zone: FakeZone) -> FakeZone:
    lost_zone.recover(lost_zone.engine())
    return lost_zone


def test_a_run_that_recovered_tells_what_it_achieved(recovered: FakeZone) -> None:
    run = recovered.run()
    found = zone_report(run, recovered.manifest)
    assert (found.verdict.word, found.verdict.good) == ("RECOVERED", True)
    assert [one.met for one in found.objectives] == [True, True]
    assert [(one.name, one.source) for one in found.databases] == [
        ("billing", "replica"),
        ("orders", "replica"),
    ]
    (approval,) = found.decisions
    assert (approval.who, approval.plan) == ("ana", run.plan_hash)
    assert found.journal == run.entries
    assert found.calls is None


def test_phases_and_steps_of_a_run_lie_within_its_story(recovered: FakeZone) -> None:
    story = zone_report(recovered.run(), recovered.manifest).story
    assert story is not None
    spans = (*story.phases, *story.steps)
    assert all(story.began <= one.began <= (one.ended or story.ended) for one in spans)
    assert all(one.ended is not None and one.ended <= story.ended for one in spans)
    assert (story.phases[0].began, story.phases[-1].ended) == (story.began, story.ended)


def test_the_critical_path_leads_from_the_first_step_to_the_last(recovered: FakeZone) -> None:
    run = recovered.run()
    plan = plan_of(run, recovered.manifest, Options())
    path = critical(plan, run)
    assert (path[0], path[-1]) == ("hold-recovery-points", "verify-outside")
    steps = {step.name: step for step in plan.steps}
    for earlier, later in pairwise(path):
        assert earlier in steps[later].needs
        others = [run.done[need].at for need in steps[later].needs if need in run.done]
        assert run.done[earlier].at == max(others)


def test_a_source_that_took_over_is_on_the_critical_path_with_what_gave_up(
    manifest_of: Callable[..., Manifest], entry: Callable[..., Entry]
) -> None:
    run = Run(
        "we1-0001",
        (
            entry(1, EntryKind.SUSPECTED, 0, both=True),
            entry(2, EntryKind.DIAGNOSED, 30, diagnosis="region lost"),
            entry(3, EntryKind.PLANNED, 30, hash="abc"),
            entry(4, EntryKind.INTENT, 100, "promote-orders", database="orders"),
            entry(5, EntryKind.FAILED, 300, "promote-orders", database="orders"),
            entry(6, EntryKind.INTENT, 301, "restore-orders-point-in-time", database="orders"),
            entry(7, EntryKind.INTENT, 400, "restore-orders-point-in-time", database="orders"),
            entry(8, EntryKind.DONE, 2000, "restore-orders-point-in-time"),
            entry(9, EntryKind.VERDICT, 2001, proved="orders"),
        ),
    )
    found = zone_report(run, manifest_of())
    assert found.story is not None
    assert [(one.name, one.ending, one.critical) for one in found.story.steps] == [
        ("promote-orders", Ending.FAILED, True),
        ("restore-orders-point-in-time", Ending.DONE, True),
    ]
    assert [one.sentence for one in found.setbacks] == [
        "failed promote-orders",
        "intent restore-orders-point-in-time This was attempt 2 of restore-orders-point-in-time.",
    ]
    assert [one.against for one in found.databases] == [("failed promote-orders",)]
    assert [one.met for one in found.objectives] == [False, None]
    assert found.verdict.word == "GOES ON"
    assert any("The manifest has changed since" in one for one in found.verdict.sentences)


def test_the_proof_of_a_database_beside_its_name_waits_for_new_tasks(
    manifest_of: Callable[..., Manifest], entry: Callable[..., Entry]
) -> None:
    restore = "restore-orders-point-in-time"
    beside = {"database": "orders", "beside": "we1-orders-away-1"}
    run = Run(
        "we1-0001",
        (
            entry(1, EntryKind.SUSPECTED, 0, both=True),
            entry(2, EntryKind.DIAGNOSED, 30, diagnosis="region lost"),
            entry(3, EntryKind.PLANNED, 30, hash="abc"),
            entry(4, EntryKind.FAILED, 300, "promote-orders", database="orders"),
            entry(5, EntryKind.INTENT, 301, restore, **beside),
            entry(6, EntryKind.DONE, 900, restore),
            entry(7, EntryKind.DONE, 950, "point-tasks"),
            entry(8, EntryKind.DONE, 1000, "renew-tasks"),
            entry(9, EntryKind.MEASURED, 1010, "verify-orders", claimed_loss_s=2.0),
        ),
    )
    plan = plan_of(run, manifest_of(), Options())
    assert critical(plan, run) == (
        "promote-orders",
        restore,
        "point-tasks",
        "renew-tasks",
        "verify-orders",
    )


def test_a_run_without_a_plan_is_told_all_the_same(
    manifest_of: Callable[..., Manifest], entry: Callable[..., Entry]
) -> None:
    run = Run("we1-0001", (entry(1, EntryKind.SUSPECTED, 0, both=True),))
    found = zone_report(run, manifest_of())
    assert found.story is not None
    assert found.story.steps == ()
    assert [one.met for one in found.objectives] == [None, None]


def test_a_diagnosis_that_this_version_does_not_know_leaves_the_path_unmarked(
    recovered: FakeZone,
) -> None:
    entries = tuple(
        replace(one, data={**one.data, "diagnosis": "flood"})
        if one.kind is EntryKind.DIAGNOSED
        else one
        for one in recovered.run().entries
    )
    found = zone_report(Run("we1-0001", entries), recovered.manifest)
    assert found.story is not None
    assert not any(step.critical for step in found.story.steps)
    assert found.verdict.sentences[-1].startswith("The critical path is not marked: ")


def test_a_refusal_is_told_with_its_reason(lost_zone: FakeZone) -> None:
    lost_zone.lag_s["we1-orders-away-1"] = None
    engine = lost_zone.engine()
    while not lost_zone.run().refusals:
        lost_zone.step(engine)
    found = zone_report(lost_zone.run(), lost_zone.manifest)
    assert "Promoting orders could lose an unknown amount" in found.refused[0].sentence
    (orders,) = (one for one in found.databases if one.name == "orders")
    assert (orders.source, orders.against) == (None, (found.refused[0].sentence,))


def test_all_runs_of_a_zone_are_one_page_with_a_false_alarm_among_them(
    lost_zone: FakeZone,
) -> None:
    recovered, engine = lost_zone, lost_zone.engine()
    recovered.returns_at = 15.0
    while recovered.run().outcome is None:
        recovered.step(engine)
    recovered.returns_at = float("inf")
    recovered.recover(engine)
    runs = runs_of(recovered.around)
    alarm = zone_report(runs[-1], recovered.manifest)
    assert (alarm.verdict.word, alarm.verdict.good, alarm.objectives) == ("CLEARED", True, ())
    occasion = Occasion("0.1.0", recovered.clock.now(), simulated=False)
    page = html(report(runs, recovered.manifest, occasion))
    assert REAL in page
    assert page.index(">Run we1-0002</h2>") < page.index(">Run we1-0001</h2>")
    assert ">does not apply</td>" in page
    assert "Failover report: we1" in page


def test_a_run_that_is_not_there_is_an_error_that_names_those_that_are(
    recovered: FakeZone,
) -> None:
    runs = runs_of(recovered.around)
    assert chosen(runs, "we1-0001") is runs[0]
    with pytest.raises(InvalidInput, match="there is no 'we1-0009'; runs are we1-0001"):
        chosen(runs, "we1-0009")
    with pytest.raises(InvalidInput, match="runs are none yet"):
        chosen((), "we1-0009")
