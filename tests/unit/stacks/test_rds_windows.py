from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.window import MaintenanceWindow
from stacks.windows import SHORTEST, rds_windows, usable

ZONES = ("Europe/Lisbon", "America/Sao_Paulo", "UTC", "Pacific/Auckland", "Asia/Kolkata")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


def backup(window: MaintenanceWindow) -> tuple[int, int]:
    """Return the daily backup window in minutes of a day; it may run over midnight."""
    start, end = map(minutes, rds_windows(window).backup.split("-"))
    return start, end if end > start else end + 1440


def maintenance(window: MaintenanceWindow) -> tuple[int, int]:
    """Return the weekly maintenance window in minutes of a week that starts on Monday."""
    start, end = (
        DAYS.index(text[:3]) * 1440 + minutes(text[4:])
        for text in rds_windows(window).maintenance.split("-")
    )
    return start, end if end > start else end + 7 * 1440


def test_lisbon_loses_the_hour_that_summer_moves() -> None:
    windows = rds_windows(MaintenanceWindow(time(0), time(6), "Europe/Lisbon"))
    assert (windows.backup, windows.maintenance) == ("00:00-02:29", "sun:02:30-sun:05:00")


def test_sao_paulo_keeps_all_six_hours() -> None:
    windows = rds_windows(MaintenanceWindow(time(0), time(6), "America/Sao_Paulo"))
    assert (windows.backup, windows.maintenance) == ("03:00-05:59", "sun:06:00-sun:09:00")


def test_a_window_over_midnight_in_utc_ends_on_the_next_day() -> None:
    windows = rds_windows(MaintenanceWindow(time(22), time(1), "UTC"))
    assert (windows.backup, windows.maintenance) == ("22:00-23:29", "sun:23:30-mon:01:00")


@pytest.mark.parametrize("zone", ZONES)
@given(start=st.integers(0, 1439), length=st.integers(61, 1439))
def test_both_windows_last_half_an_hour_never_overlap_and_stay_inside(
    zone: str, start: int, length: int
) -> None:
    window = MaintenanceWindow(_clock(start), _clock(start + length), zone)
    if usable(window) < SHORTEST:
        return
    first, last = backup(window)
    opens, closes = maintenance(window)
    assert last - first >= 30
    assert closes - opens >= 30
    assert not any(
        first + day < closes and opens < last + day for day in range(-1440, 15 * 1440, 1440)
    )
    for moment in (first, last - 1, opens, closes - 1):
        for day in (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC)):
            assert window.contains(day + timedelta(minutes=moment))


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
