"""The maintenance window as RDS takes it: two windows in UTC that never overlap.

`stacks.settings` refuses a window that is too short for both; `stacks.database` declares them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from continuity.window import MaintenanceWindow

_APART = timedelta(minutes=1)
SHORTEST = timedelta(minutes=30) * 2 + _APART
"""RDS wants 30 minutes at least for each of its windows; a minute apart they cannot overlap."""

_YEAR = 2026  # the time zone database repeats a zone's current rules for every year to come
_SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RdsWindows:
    """`backup` is daily (`hh:mm-hh:mm`), `maintenance` weekly (`ddd:hh:mm-ddd:hh:mm`), in UTC."""

    backup: str
    maintenance: str


def usable(window: MaintenanceWindow) -> timedelta:
    """Return how much of a local window is inside it on every day of the year, in UTC."""
    return window.utc(_YEAR)[1]


def rds_windows(window: MaintenanceWindow) -> RdsWindows:
    """Split the window: backups first, maintenance on Sundays in the second half.

    Maintenance comes second so that a fresh backup lies before whatever it changes.
    """
    start, length = window.utc(_YEAR)
    opens = datetime.combine(_SUNDAY.date(), start, tzinfo=UTC)
    backed_up = opens + timedelta(minutes=(length - _APART) // timedelta(minutes=2))
    closes = opens + length
    return RdsWindows(
        backup=f"{opens:%H:%M}-{backed_up:%H:%M}",
        maintenance=f"{_day(backed_up + _APART)}-{_day(closes)}",
    )


def _day(moment: datetime) -> str:
    return f"{moment:%a:%H:%M}".lower()
