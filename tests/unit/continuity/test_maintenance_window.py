"""The window of a zone, in zones with daylight saving, without it, and from before it ended."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.window import MaintenanceWindow

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"
ZONES = st.sampled_from(
    [LISBON, SAO_PAULO, "UTC", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
)
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
WINDOWS = st.builds(MaintenanceWindow, CLOCKS, CLOCKS, ZONES)


def local(timezone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(timezone))


def test_the_end_is_outside_and_the_start_inside() -> None:
    window = MaintenanceWindow(time(2), time(4), LISBON)
    assert window.contains(local(LISBON, 2026, 7, 1, 2))
    assert window.contains(local(LISBON, 2026, 7, 1, 3, 59))
    assert not window.contains(local(LISBON, 2026, 7, 1, 4))
    assert not window.contains(local(LISBON, 2026, 7, 1, 1, 59))


def test_a_window_may_cross_midnight() -> None:
    window = MaintenanceWindow(time(23), time(1), LISBON)
    assert window.length == timedelta(hours=2)
    assert window.contains(local(LISBON, 2026, 7, 1, 23, 30))
    assert window.contains(local(LISBON, 2026, 7, 2, 0, 30))
    assert not window.contains(local(LISBON, 2026, 7, 2, 1))


def test_a_window_across_midnight_belongs_to_the_day_on_which_it_opened() -> None:
    window = MaintenanceWindow(time(23), time(1), LISBON)
    after = local(LISBON, 2026, 7, 2, 0, 30)
    assert (window.day(after).day, window.closes(after)) == (1, local(LISBON, 2026, 7, 2, 1))
    assert window.closes(local(LISBON, 2026, 7, 2, 22)) == local(LISBON, 2026, 7, 2, 1)


@given(CLOCKS, ZONES, st.datetimes(timezones=st.just(UTC)))
def test_equal_ends_mean_no_window(clock: time, zone: str, moment: datetime) -> None:
    window = MaintenanceWindow(clock, clock, zone)
    assert window.length == timedelta()
    assert not window.contains(moment.replace(year=2026, day=1))


def test_lisbon_shifts_with_summer_so_utc_gets_the_overlap() -> None:
    window = MaintenanceWindow(time(2), time(5), LISBON)
    assert window.contains(datetime(2026, 1, 10, 2, tzinfo=UTC))
    assert window.contains(datetime(2026, 7, 10, 1, tzinfo=UTC))
    assert not window.contains(datetime(2026, 1, 10, 1, tzinfo=UTC))
    assert window.utc(2026) == (time(2), timedelta(hours=2))


def test_a_window_no_longer_than_the_shift_leaves_nothing() -> None:
    assert MaintenanceWindow(time(2), time(3), LISBON).utc(2026)[1] == timedelta()


def test_sao_paulo_has_no_summer_time_any_more() -> None:
    window = MaintenanceWindow(time(1), time(4), SAO_PAULO)
    assert window.utc(2026) == (time(4), timedelta(hours=3))
    assert window.utc(2018) == (time(4), timedelta(hours=2))


def test_a_window_late_in_sao_paulo_is_tomorrow_in_utc() -> None:
    window = MaintenanceWindow(time(22), time(23, 30), SAO_PAULO)
    assert window.utc(2026) == (time(1), timedelta(minutes=90))


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 29), 1), ((2026, 10, 25), 3), ((2026, 6, 1), 2)],
    ids=["the clock jumps over an hour", "the clock repeats an hour", "any day"],
)
def test_on_the_day_the_clock_changes_lisbon_loses_or_gains_an_hour(
    day: tuple[int, int, int], hours: int
) -> None:
    window = MaintenanceWindow(time(0, 30), time(2, 30), LISBON)
    midnight = local(LISBON, *day).astimezone(UTC)
    inside = [
        minute for minute in range(360) if window.contains(midnight + timedelta(minutes=minute))
    ]
    assert len(inside) == hours * 60


@given(WINDOWS, st.integers(2015, 2035), st.data())
def test_what_holds_in_utc_is_inside_on_every_day_of_the_year(
    window: MaintenanceWindow, year: int, data: st.DataObject
) -> None:
    start, length = window.utc(year)
    assert timedelta() <= length <= window.length
    minutes = int(length.total_seconds()) // 60
    if minutes:
        day = datetime(year, 1, 2, tzinfo=UTC) + timedelta(days=data.draw(st.integers(0, 362)))
        since_midnight = timedelta(hours=start.hour, minutes=start.minute)
        moment = day + since_midnight + timedelta(minutes=data.draw(st.integers(0, minutes - 1)))
        if moment.year == year:
            assert window.contains(moment)


@given(WINDOWS, st.integers(0, 20 * 365 * 24 * 60))
def test_the_same_moment_is_inside_whatever_zone_it_is_written_in(
    window: MaintenanceWindow, minutes: int
) -> None:
    moment = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert window.contains(moment) == window.contains(moment.astimezone(ZoneInfo(SAO_PAULO)))
