"""An outage that outlives its first run: the next run's times and losses count from its start."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import outage
from failover.history import achieved
from failover.observation import Event
from failover.options import Order, Since
from failover.progress import State
from failover.run import Run
from failover.timeline import EARLIER, elapsed_s, phases

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from tests.unit.failover.conftest import FakeZone

NO_ROOM = "(service platform) was unable to place a task. Reason: Capacity is unavailable."


@pytest.fixture
def blocked(zone: FakeZone) -> FakeZone:
    """Return a zone whose tasks are gone and whose first run could not bring them back."""
    zone.platform.running = zone.platform.room = 0
    late = zone.clock.now() + timedelta(minutes=3)
    zone.platform.events = (Event(late, NO_ROOM),)
    assert zone.recover(zone.engine(), approve=False, limit_s=600).state is State.BLOCKED
    return zone


def runs(zone: FakeZone) -> list[Run]:
    return [Run(name, tuple(zone.journals[name])) for name in sorted(zone.journals)]


def watch(zone: FakeZone, seconds: float) -> None:
    engine, until = zone.engine(), zone.clock.seconds + seconds
    while zone.clock.seconds < until:
        zone.step(engine, approve=False)


def test_the_run_that_moves_the_zone_counts_from_the_first_failing_reading_of_the_outage(
    blocked: FakeZone,
) -> None:
    watch(blocked, 300)
    engine = blocked.engine(move=Order("ana", "nothing comes back"))
    assert blocked.recover(engine).state is State.RECOVERED
    first, second = runs(blocked)
    assert second.suspected_at == first.first_reading_at
    assert "the first failing reading of we1-0001" in second.entries[0].sentence
    took = (second.end.at - first.first_reading_at).total_seconds()
    assert achieved(second, 10, 10).rto_s == elapsed_s(second.entries) == took


def test_the_time_of_the_runs_before_is_a_phase_of_its_own(blocked: FakeZone) -> None:
    blocked.recover(blocked.engine(move=Order("ana", "nothing comes back")))
    first, second = runs(blocked)
    told = phases(second.entries)
    gap_s = (second.first_reading_at - first.first_reading_at).total_seconds()
    assert (told[0].name, told[0].seconds) == (EARLIER, gap_s)
    assert [one.name for one in told[1:3]] == ["detect", "decide"]
    assert sum(one.seconds for one in told) == pytest.approx(elapsed_s(second.entries))


def test_a_zone_that_was_served_in_between_has_another_outage(blocked: FakeZone) -> None:
    blocked.platform.room, blocked.platform.running = 100, 4
    watch(blocked, 200)
    assert runs(blocked)[0].entries[-1].sentence.startswith("we1 is served again since")
    blocked.lose_region()
    blocked.recover(blocked.engine())
    second = runs(blocked)[1]
    assert second.outage_at is None
    assert second.suspected_at == second.first_reading_at


def test_being_served_again_is_told_once(blocked: FakeZone) -> None:
    blocked.platform.room, blocked.platform.running = 100, 4
    watch(blocked, 900)
    told = [one for one in runs(blocked)[0].entries if one.data.get(outage.WELL)]
    assert len(told) == 1


def test_a_person_who_states_since_when_takes_the_place_of_what_was_concluded(
    blocked: FakeZone,
) -> None:
    stated = blocked.clock.now() - timedelta(seconds=100)
    since = Since(stated, "ana", "the tasks had come back")
    watch(blocked, 30)
    blocked.recover(blocked.engine(move=Order("ana", "they are gone again")), limit_s=700)
    assert runs(blocked)[1].outage_at is not None
    [first, *rest] = runs(blocked)[1].entries
    facts = {"what": "since", "moment": since.moment.isoformat()}
    word = type(first)(2, first.at, EntryKind.DECLARED, "", None, facts)
    assert Run("we1-0002", (first, word, *rest)).suspected_at == stated


def test_a_reading_that_could_not_be_journaled_counts_once_it_can(zone: FakeZone) -> None:
    engine = zone.engine()
    zone.standby_lost = True
    zone.lose_region()
    first = zone.clock.now()
    for _ in range(6):
        zone.step(engine)
    zone.standby_lost = False
    assert zone.recover(engine).state is State.RECOVERED
    began = zone.run().suspected_at
    assert 0 <= (began - first).total_seconds() <= 15
    assert (zone.run().first_reading_at - first).total_seconds() > 40


def test_what_was_cut_off_from_us_and_well_is_no_outage(zone: FakeZone) -> None:
    engine = zone.engine()
    zone.standby_lost = zone.platform_down = True
    for _ in range(3):
        zone.step(engine)
    zone.platform_down = False
    zone.step(engine)
    zone.standby_lost = False
    zone.lose_region()
    zone.step(engine)
    assert zone.run().outage_at is None


@pytest.mark.parametrize(
    ("outcome", "hours", "goes_on"),
    [
        ("blocked", 1, True),
        ("refused", 23, True),
        ("blocked", 25, False),
        ("recovered", 1, False),
    ],
)
def test_an_outage_goes_on_for_a_day_unless_it_was_recovered(
    entry: Callable[..., Entry], outcome: str, hours: int, goes_on: bool
) -> None:
    first = entry(1, EntryKind.SUSPECTED, 0, both=True)
    last = Run("we1-0001", (first, entry(2, EntryKind.FINISHED, 60, outcome=outcome)))
    now = last.end.at + timedelta(hours=hours)
    assert (outage.since(last, now) == first.at) is goes_on
