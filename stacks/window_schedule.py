"""A zone's window as EventBridge Scheduler's cron expressions, in the zone's own time. Pure.

`stacks.backup_runs` declares schedules with them. Cron knows hours and minutes but no spans, so a
window is its whole hours; one that has none gets a single moment, its start.
"""

from datetime import time

from continuity.window import MaintenanceWindow

_HOUR_MIN, _DAY_MIN, _QUARTER_MIN = 60, 24 * 60, 15
_BEFORE_THE_END_MIN = 15


def in_turn(window: MaintenanceWindow, turn: int) -> str:
    """Return every second hour of the window: of two sites in turn one asks each hour.

    `turn` is 0 for the site that begins, 1 for the other. Where the window has no hour left for the
    other, it asks half an hour after the first.
    """
    hours = _whole_hours(window)
    mine = hours[turn::2]
    if mine:
        return f"cron(0 {','.join(str(hour) for hour in mine)} * * ? *)"
    moment = (hours[0] * _HOUR_MIN if hours else _minutes(window.start)) + turn * _HOUR_MIN // 2
    return f"cron({moment % _HOUR_MIN} {moment % _DAY_MIN // _HOUR_MIN} * * ? *)"


def every_quarter_on(days: str, window: MaintenanceWindow, later_min: int = 0) -> str:
    """Return the quarters of an hour within the window on some days of the week, `SUN,MON`.

    `later_min` (below 15) is past each quarter.
    """
    hours = ",".join(str(hour) for hour in _whole_hours(window))
    if not hours:
        return f"cron({window.start.minute} {window.start.hour} ? * {days} *)"
    return f"cron({later_min}/{_QUARTER_MIN} {hours} ? * {days} *)"


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
