from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.schedule_times import BadExpression, next_moment

LISBON = "Europe/Lisbon"
MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - given a zone below
    lambda naive: naive.replace(tzinfo=UTC)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fires(expression: str, since: str, count: int, timezone: str = LISBON) -> list[str]:
    """Return the next moments in UTC."""
    found, moment = [], utc(since)
    for _ in range(count):
        following = next_moment(expression, timezone, moment, utc(since))
        assert following is not None
        found.append(f"{following:%m-%d %H:%M}")
        moment = following
    return found


def test_a_moment_that_the_clocks_skip_is_skipped() -> None:
    hourly = fires("cron(0 0,1,2 * * ? *)", "2026-03-28T23:00", 4)
    assert hourly == ["03-29 00:00", "03-29 01:00", "03-29 23:00", "03-30 00:00"]


def test_a_moment_that_comes_twice_fires_once() -> None:
    twice = fires("cron(30 1 * * ? *)", "2026-10-24T12:00", 2)
    assert twice == ["10-25 00:30", "10-26 01:30"]


def test_a_night_follows_the_clocks_of_its_zone() -> None:
    assert fires("cron(45 5 * * ? *)", "2026-03-27T12:00", 2) == ["03-28 05:45", "03-29 04:45"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 6 ? * SUN#1 *)", ["04-05 05:00", "05-03 05:00"]),
        ("cron(0 6 ? * 6L *)", ["03-27 06:00", "04-24 05:00"]),
        ("cron(0/30 6 L * ? *)", ["03-31 05:00", "03-31 05:30"]),
        ("cron(15 10 ? * MON-FRI *)", ["03-11 10:15", "03-12 10:15"]),
        ("cron(0 0 1 JAN ? *)", ["01-01 00:00", "01-01 00:00"]),
        ("rate(12 hours)", ["03-11 00:00", "03-11 12:00"]),
        ("rate(1 day)", ["03-11 12:00", "03-12 12:00"]),
    ],
)
def test_what_aws_documents_is_read(expression: str, expected: list[str]) -> None:
    assert fires(expression, "2026-03-10T12:00", 2) == expected


def test_a_day_of_a_rate_is_24_hours_whatever_the_clocks_do() -> None:
    assert fires("rate(1 day)", "2026-03-28T12:00", 2) == ["03-29 12:00", "03-30 12:00"]


def test_once_is_once() -> None:
    once = "at(2026-06-01T02:00:00)"
    first = next_moment(once, LISBON, utc("2026-03-10T12:00"), utc("2026-03-10T12:00"))
    assert first == utc("2026-06-01T01:00")
    assert next_moment(once, LISBON, utc("2026-06-01T01:00"), utc("2026-03-10T12:00")) is None


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "daily",
        "cron(0 0 * *)",
        "cron(0 0 1 * MON *)",
        "cron(61 0 * * ? *)",
        "cron(0/0 0 * * ? *)",
        "cron(noon 0 * * ? *)",
        "cron(0 0 15W * ? *)",
        "rate(0 days)",
        "rate(9999999999 days)",
        "at(tomorrow)",
    ],
)
def test_what_aws_would_refuse_is_refused(expression: str) -> None:
    with pytest.raises(BadExpression):
        next_moment(expression, LISBON, utc("2026-03-10T12:00"), utc("2026-03-10T12:00"))


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "../UTC"])
def test_a_time_zone_that_nobody_knows_is_refused(timezone: str) -> None:
    with pytest.raises(BadExpression, match=timezone):
        next_moment("cron(0 0 * * ? *)", timezone, utc("2026-03-10T12:00"), utc("2026-03-10T12:00"))


@given(MOMENTS, some.integers(0, 23), some.integers(0, 59))
def test_a_daily_schedule_fires_once_on_every_day_that_has_its_moment(
    since: datetime, hour: int, minute: int
) -> None:
    found = next_moment(f"cron({minute} {hour} * * ? *)", LISBON, since, since)
    assert found is not None
    assert timedelta(0) < found - since <= timedelta(hours=49)
    local = found.astimezone(ZoneInfo(LISBON))
    assert (local.hour, local.minute) == (hour, minute)
