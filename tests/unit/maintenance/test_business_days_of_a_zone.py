"""How late an announcement may come: business time counted back from where the work begins."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.business_days import is_business_day, latest

LISBON = "Europe/Lisbon"


def at(text: str, timezone: str = LISBON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone))


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("2026-11-26T00:00", "2026-11-23T00:00"),  # Thursday: Monday to Wednesday
        ("2026-11-23T00:00", "2026-11-18T00:00"),  # Monday: Wednesday to Friday, no weekend
        ("2026-11-25T12:00", "2026-11-20T12:00"),  # over a weekend, at noon
        ("2026-11-22T03:00", "2026-11-18T00:00"),  # a Sunday's own hours are no business time
        ("2026-12-09T00:00", "2026-12-03T00:00"),  # 8 December is a holiday in Portugal
        ("2026-12-02T00:00", "2026-11-26T00:00"),  # and so is the first
    ],
)
def test_three_business_days_leave_out_weekends_and_holidays(start: str, until: str) -> None:
    assert latest(at(start), 3, LISBON, ["PT"]) == at(until)


def test_hours_are_those_of_the_place_also_when_its_clock_changes() -> None:
    # Monday 26 October: the clock went back on Sunday, which is no business day.
    found = latest(at("2026-10-26T02:00"), 1, LISBON, ["PT"])
    assert found == at("2026-10-23T02:00")
    assert found.utcoffset() == timedelta()


def test_every_country_of_a_zone_must_work() -> None:
    carnation, spanish = date(2028, 4, 25), date(2028, 10, 12)
    assert is_business_day(carnation, ["ES"])
    assert not is_business_day(carnation, ["ES", "PT"])
    assert not is_business_day(spanish, ["ES", "PT"])
    assert is_business_day(date(2028, 9, 11), ["ES"])
    assert not is_business_day(date(2028, 9, 11), ["ES-CT"])


def test_without_countries_people_work_from_monday_to_friday() -> None:
    week = [is_business_day(date(2026, 12, 7) + timedelta(days=day), []) for day in range(7)]
    assert week == [True] * 5 + [False] * 2


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.integers(0, 10),
    st.sampled_from(["PT", "BR", "US"]),
    st.sampled_from([LISBON, "America/Sao_Paulo", "UTC"]),
)
def test_more_days_are_never_later_and_each_takes_a_day_at_least(
    naive: datetime, days: int, country: str, timezone: str
) -> None:
    start = naive.replace(tzinfo=UTC)
    found = latest(start, days, timezone, [country])
    assert found <= start - timedelta(days=days) + timedelta(hours=1)  # a day of 23 hours
    assert latest(start, days + 1, timezone, [country]) < found
