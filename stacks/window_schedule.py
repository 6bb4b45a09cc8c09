"""A zone's window as EventBridge Scheduler's cron expressions, in the zone's own time. Pure.

`stacks.backup_runs` declares schedules with them. Cron knows hours and minutes but no spans, so a
window is its whole hours; one that has none gets a single moment, its start.
"""

from datetime import time

from continuity.window import MaintenanceWindow

_HOUR_MIN, _DAY_MIN, _QUARTER_MIN = 60, 24 * 60, 15
_BEFORE_THE_END_MIN = 15


def every_quarter(window: MaintenanceWindow, later_min: int = 0) -> str:
    """Return every quarter of an hour within the window, `later_min` (below 15) past each."""
    hours = _whole_hours(window)
    if not hours:
        return f"cron({window.start.minute} {window.start.hour} * * ? *)"
    listed = ",".join(str(hour) for hour in hours)
    return f"cron({later_min}/{_QUARTER_MIN} {listed} * * ? *)"


def every_quarter_on(days: str, window: MaintenanceWindow, later_min: int = 0) -> str:
    """Return the quarters of `every_quarter` on some days of the week only, such as `SUN,MON`."""
    return every_quarter(window, later_min).replace(" * * ? *)", f" ? * {days} *)")


def near_the_end(window: MaintenanceWindow) -> str:
    """Return a quarter of an hour before the window closes."""
    moment = (_minutes(window.end) - _BEFORE_THE_END_MIN) % _DAY_MIN
    return f"cron({moment % _HOUR_MIN} {moment // _HOUR_MIN} * * ? *)"


def _whole_hours(window: MaintenanceWindow) -> list[int]:
    """Return the hours of the clock that lie in the window from beginning to end."""
    start, length = _minutes(window.start), int(window.length.total_seconds()) // _HOUR_MIN
    first = -(-start // _HOUR_MIN)
    last = (start + length) // _HOUR_MIN
    return [hour % 24 for hour in range(first, last)]


def _minutes(moment: time) -> int:
    return moment.hour * _HOUR_MIN + moment.minute
