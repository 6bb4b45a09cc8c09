"""What is due when: entries that come, change and go are planned, planned anew, or forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import VirtualClock
from simulator.timetable import Timetable

START = datetime(2026, 3, 3, 12, tzinfo=UTC)


class Day:
    """A timetable of two entries at most; `rang` are the hours at which any was due."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.table: Timetable[str] = Timetable(self.clock)
        self.rang: list[tuple[str, int]] = []

    def plan(self, name: str, hour: int | None) -> None:
        moment = None if hour is None else START.replace(hour=hour)
        self.table.plan(name, hour, moment, lambda: self.rang.append((name, self.clock.now().hour)))

    def end(self) -> list[tuple[str, int]]:
        self.clock.sleep(12 * 3600 - 1)
        return self.rang


@pytest.fixture
def day() -> Day:
    return Day()


def test_an_entry_is_due_once_when_it_says(day: Day) -> None:
    day.plan("tea", 17)
    assert day.table.knows("tea", 17)
    assert not day.table.knows("tea", 18)
    assert not day.table.knows("dinner", 17)
    assert day.end() == [("tea", 17)]


def test_an_entry_that_changed_is_due_when_it_says_now(day: Day) -> None:
    day.plan("tea", 17)
    day.plan("tea", 15)
    assert day.end() == [("tea", 15)]


def test_an_entry_that_is_gone_or_never_due_again_is_not_due(day: Day) -> None:
    for name in ("tea", "dinner", "supper"):
        day.plan(name, 20)
    day.table.looked(["dinner", "supper"])
    day.plan("supper", None)
    assert not day.table.knows("tea", 20)
    assert day.end() == [("dinner", 20)]


def test_it_is_known_when_somebody_last_looked(day: Day) -> None:
    day.clock.sleep(60)
    assert day.table.since == START + timedelta(seconds=60)
    day.table.looked([])
    day.clock.sleep(60)
    assert day.table.since == START + timedelta(seconds=60)


def test_a_moment_that_has_passed_already_is_due_at_once(day: Day) -> None:
    day.clock.sleep(3600)
    day.plan("tea", 12)
    assert day.end() == [("tea", 13)]
