"""Days as captures count them: from one opening of the zone's window to the next. Pure.

A window that crosses midnight belongs to the day on which it opened; so there is exactly one
capture a day, whenever in the window it succeeds.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from continuity.window import MaintenanceWindow

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WindowDay:
    """One day of captures: its local date, and when its window closes."""

    day: date
    closes: datetime

    def __str__(self) -> str:
        return self.day.isoformat()


def window_day(window: MaintenanceWindow, now: datetime) -> WindowDay:
    """Return the day whose window opened last; it is open while `now` is before `closes`."""
    return WindowDay(window.day(now), window.closes(now))


def missed(days: set[str], newest: date, daily: int, most: int = 14) -> tuple[str, ...]:
    """Return the days up to `newest` on which no point was taken, newest first.

    The retention keeps a point of each of the newest `daily` days that have one: what is missing
    among them never was. Before them it may just have been given up.
    """
    if not days:
        return ()
    first = max(date.fromisoformat(sorted(days)[-max(daily, 1) :][0]), newest - most * _DAY)
    span = ((newest - step * _DAY).isoformat() for step in range((newest - first).days + 1))
    return tuple(day for day in span if day not in days)
