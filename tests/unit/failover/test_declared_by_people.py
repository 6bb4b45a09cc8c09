from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from continuity.zone import Objectives
from failover import decisions
from failover.declarations import declare_corrupted, declare_since
from failover.history import history
from failover.lateness import lateness
from failover.lead import Driver, lead
from failover.options import Declaration, Options, Since
from failover.outlook import look_ahead, said_before_start
from failover.progress import State
from failover.region_loss import region_loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone


def since(zone: FakeZone, seconds: float) -> Since:
    moment = zone.clock.now() - timedelta(seconds=seconds)
    return Since(moment, "ana", "customers called")


def approving(zone: FakeZone, said: list[str]) -> Callable[[Progress], None]:
    def watch(progress: Progress) -> None:
        said.append(progress.sentence)
        if progress.state is State.WAITING and not zone.run().approvers:
            zone.approve()

    return watch


def test_the_recovery_time_and_the_loss_count_from_the_stated_moment(lost_zone: FakeZone) -> None:
    stated = since(lost_zone, 240)
    lost_zone.lag_s = {f"we1-{name}-away-1": 240.0 for name in ("billing", "orders")}
    options = Options(since=stated)
    lead(lost_zone.around, Driver("me", "ana"), options, approving(lost_zone, []))
    assert lost_zone.run().suspected_at == stated.moment
    (declared,) = lost_zone.kinds(EntryKind.DECLARED)
    assert declared.data["moment"] == stated.moment.isoformat()
    assert declared.sentence.startswith("ana states that it began at 2026-03-03 08:56:00 UTC")
    (achieved,) = history(lost_zone.around)
    ended = lost_zone.run().entries[-1].at
    assert achieved.rto_s == (ended - stated.moment).total_seconds()
    promoted = lost_zone.run().intents["promote-orders"]
    assert promoted.data["lag_at"] <= stated.moment.isoformat()


def test_data_from_after_the_stated_moment_belies_it(lost_zone: FakeZone) -> None:
    stated = since(lost_zone, 600)
    options = Options(since=stated)
    lead(lost_zone.around, Driver("me", "ana"), options, approving(lost_zone, []))
    run = lost_zone.run()
    assert run.suspected_at == stated.moment
    assert run.first_reading_at is not None
    assert run.intents["promote-orders"].data["lag_at"] == lost_zone.clock.moment_of(0).isoformat()
    lost_s = run.done["verify-orders"].data["claimed_loss_s"]
    assert lost_s == (run.first_reading_at - lost_zone.clock.moment_of(-3)).total_seconds()


def test_a_moment_after_the_first_failing_reading_changes_nothing(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine())
    before = lost_zone.run().suspected_at
    lost_zone.clock.sleep(60)
    declare_since(lost_zone.around, since(lost_zone, 1))
    assert lost_zone.run().suspected_at == before


def test_what_was_declared_is_journaled_once(lost_zone: FakeZone) -> None:
    lost_zone.step(lost_zone.engine())
    word = Declaration("orders", lost_zone.clock.now(), "ana", "a migration went wrong")
    first = declare_corrupted(lost_zone.around, word)
    assert declare_corrupted(lost_zone.around, replace(word, by="rui")) == first
    assert first.data == {
        "what": "corrupted",
        "database": "orders",
        "moment": word.moment.isoformat(),
        "by": "ana",
        "reason": "a migration went wrong",
    }
    with pytest.raises(Refusal, match="has no database 'ordres'"):
        declare_corrupted(lost_zone.around, replace(word, database="ordres"))


def test_being_late_is_said_in_the_plan_and_holds_nothing_back(lost_zone: FakeZone) -> None:
    said: list[str] = []
    options = Options(since=since(lost_zone, 840))
    last = lead(lost_zone.around, Driver("me", "ana"), options, approving(lost_zone, said))
    assert last.state is State.RECOVERED
    (planned,) = lost_zone.kinds(EntryKind.PLANNED)
    assert "TOO LATE: the objective of 15 min cannot be met" in planned.sentence
    assert (planned.data["late"], planned.data["breaks"]) == (True, "drain-home")
    assert any("TOO LATE" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("passed_s", "told"),
    [
        (30, None),
        (600, "verify-outside breaks it."),
        (700, "promote-billing breaks it."),
        (850, "drain-home breaks it."),
        (1000, "It had passed before that."),
    ],
)
def test_the_step_that_breaks_the_promise_is_named(
    manifest_of: Callable[..., Manifest], passed_s: float, told: str | None
) -> None:
    objectives = Objectives(timedelta(minutes=15), timedelta(minutes=5))
    found = lateness(region_loss(manifest_of()), passed_s, objectives.rto.total_seconds())
    assert (found is None) is (told is None)
    assert told is None or told in found.sentence


def test_it_is_said_before_the_start(zone: FakeZone) -> None:
    now = zone.clock.now()
    assert said_before_start(zone.manifest, Options(), now) is None
    late = said_before_start(zone.manifest, Options(since=since(zone, 3600)), now)
    assert late is not None
    assert late.startswith("TOO LATE")


def test_a_look_ahead_counts_from_the_stated_moment(zone: FakeZone) -> None:
    found = look_ahead(zone.around, Options(since=since(zone, 600)))
    assert found.passed_s == pytest.approx(600, abs=2)
    assert found.predicted_rto_s > 900
    assert not found.meets_objectives


def test_an_abort_says_what_stands(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "promote-orders" not in lost_zone.run().intents:
        lost_zone.step(engine)
    sentence = decisions.abort(lost_zone.around, "ana", "false alarm").sentence
    assert sentence.startswith("ana aborted: false alarm. ")
    assert " steps stand. Recovery points stay held. Clients were taken to the" in sentence
    assert "Begun and not undone: promote-billing, promote-orders" in sentence
    with pytest.raises(Refusal, match=r"we1-0001 ended aborted\. \d+ steps stand"):
        decisions.abort(lost_zone.around, "ana", "again")
