"""Rotation, worked out by hand: what stays, and the reason that each point is given."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from backup.rotation import AHEAD, kept, rotate
from continuity.errors import InvalidInput
from continuity.zone import Retention

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"
FIVE_FOUR_THREE = Retention(5, 4, 3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def nights(first: str, last: str) -> list[datetime]:
    start, end = at(f"{first}T02:00"), at(f"{last}T02:00")
    return [start + timedelta(days=day) for day in range((end - start).days + 1)]


def reasons(
    moments: list[datetime], retention: Retention = FIVE_FOUR_THREE, tz: str = LISBON
) -> dict[str, str]:
    found = rotate(moments, retention, tz, max(moments))
    return {
        f"{moment:%m-%d}": verdict.reason
        for moment, verdict in zip(moments, found.verdicts, strict=True)
        if verdict.kept
    }


def test_half_a_year_of_nights_keeps_five_four_and_three() -> None:
    assert reasons(nights("2026-01-01", "2026-06-30")) == {
        "06-30": "daily 1/5",
        "06-29": "daily 2/5",
        "06-28": "daily 3/5",
        "06-27": "daily 4/5",
        "06-26": "daily 5/5",
        # The weeks that end on June 30 and 28 are kept by their days.
        "06-21": "weekly 1/4",
        "06-14": "weekly 2/4",
        "06-07": "weekly 3/4",
        "05-31": "weekly 4/4",
        # So are June and May.
        "04-30": "monthly 1/3",
        "03-31": "monthly 2/3",
        "02-28": "monthly 3/3",
    }


def test_while_a_place_is_free_the_oldest_point_stays() -> None:
    assert reasons(nights("2026-06-01", "2026-06-30")) == {
        "06-30": "daily 1/5",
        "06-29": "daily 2/5",
        "06-28": "daily 3/5",
        "06-27": "daily 4/5",
        "06-26": "daily 5/5",
        "06-21": "weekly 1/4",
        "06-14": "weekly 2/4",
        "06-07": "weekly 3/4",
        "06-01": "oldest",
    }


def test_days_without_a_point_take_no_place() -> None:
    sparse = [at(f"2026-{day}T02:00") for day in ("06-30", "06-11", "05-02", "02-01", "01-31")]
    assert list(reasons(sparse).values()) == [f"daily {place}/5" for place in range(1, 6)]


def test_a_deletable_point_says_why_no_place_was_free() -> None:
    moments = [*nights("2026-01-01", "2026-06-30"), at("2026-06-30T01:00")]
    found = rotate(moments, FIVE_FOUR_THREE, LISBON, max(moments))
    why = dict(zip(moments, (one.reason for one in found.verdicts), strict=True))
    assert why[at("2026-06-30T01:00")] == "no free place: its day has a newer point"
    assert why[at("2026-06-25T02:00")] == (
        "no free place: daily 5/5 taken, its week has a newer point, its month has a newer point"
    )
    assert why[at("2026-05-24T02:00")] == (
        "no free place: daily 5/5 taken, weekly 4/4 taken, its month has a newer point"
    )
    assert why[at("2026-01-15T02:00")] == (
        "no free place: newer points take all of 5 daily, 4 weekly, 3 monthly"
    )


def test_the_week_across_new_year_is_one_week() -> None:
    # 2020-12-28 to 2021-01-03 is ISO week 53 of 2020; calendar year and week would split it.
    found = reasons(nights("2020-12-20", "2021-01-08"), Retention(0, 3, 0))
    assert found == {"01-08": "weekly 1/3", "01-03": "weekly 2/3", "12-27": "weekly 3/3"}


def test_a_year_of_fifty_three_weeks_loses_none_of_them() -> None:
    found = reasons(nights("2020-12-01", "2020-12-31"), Retention(0, 2, 1))
    assert found["12-31"] == "weekly 1/2"
    assert found["12-27"] == "weekly 2/2"


def test_the_days_are_those_of_the_zone() -> None:
    # 01:00 UTC is still the day before in Sao Paulo, at -3 hours.
    evening, night = at("2026-03-03T20:00"), at("2026-03-04T01:00")
    two = Retention(2, 0, 0)
    both = [evening, night, at("2026-03-01T12:00")]
    assert reasons(both, two, SAO_PAULO) == {"03-04": "daily 1/2", "03-01": "daily 2/2"}
    assert reasons(both, two, LISBON) == {"03-04": "daily 1/2", "03-03": "daily 2/2"}


def test_a_day_without_midnight_is_one_day() -> None:
    # Sao Paulo 2018-11-04: 23:59:59 is followed by 01:00; the 4th begins at 03:00 UTC.
    third, fourth = at("2018-11-04T02:59"), at("2018-11-04T03:00")
    found = kept(
        [third, fourth, at("2018-11-05T01:59")], daily=3, weekly=0, monthly=0, tz=SAO_PAULO
    )
    assert found == {third, at("2018-11-05T01:59")}


def test_a_day_with_two_midnights_is_one_day() -> None:
    # Sao Paulo 2018-02-17 has 25 hours: at its midnight the clock goes back to 23:00.
    once, again = at("2018-02-18T01:30"), at("2018-02-18T02:30")
    next_day = at("2018-02-18T03:00")
    found = kept(
        [at("2018-02-16T12:00"), once, again, next_day], daily=3, weekly=0, monthly=0, tz=SAO_PAULO
    )
    assert found == {next_day, again, at("2018-02-16T12:00")}


def test_the_longest_day_of_lisbon_is_one_day() -> None:
    # 2026-10-25 has 25 hours there: from 23:00 UTC of the day before.
    day = [at("2026-10-24T23:00"), at("2026-10-25T12:00"), at("2026-10-25T23:59")]
    found = kept([at("2026-10-24T22:59"), *day], daily=2, weekly=0, monthly=0, tz=LISBON)
    assert found == {at("2026-10-24T22:59"), at("2026-10-25T23:59")}


@pytest.mark.parametrize(
    ("evening", "noon", "zone"),
    [
        ("2026-03-28T23:30", "2026-03-29T12:00", LISBON),  # the 29th has 23 hours
        ("2018-11-04T02:30", "2018-11-04T15:00", "America/Sao_Paulo"),  # and so has this 4th
    ],
)
def test_the_evening_before_a_short_day_is_a_day_of_its_own(
    evening: str, noon: str, zone: str
) -> None:
    both = {at(evening), at(noon)}
    older = {at(noon) - timedelta(days=day) for day in (2, 3)}
    assert kept([*both, *older], daily=2, weekly=0, monthly=0, tz=zone) == both


@pytest.mark.parametrize("counts", [(0, 2, 0), (0, 0, 2)])
def test_a_week_and_a_month_of_another_year_are_others(counts: tuple[int, int, int]) -> None:
    # The last day of 2025 and the first of it are of ISO week 1, but of 2026 and of 2025.
    alike = {
        (0, 2, 0): {at("2025-12-31T02:00"), at("2025-01-01T02:00")},
        (0, 0, 2): {at("2025-03-10T02:00"), at("2024-03-10T02:00")},
    }[counts]
    daily, weekly, monthly = counts
    older = [at("2023-06-01T02:00"), at("2022-06-01T02:00")]
    found = kept([*alike, *older], daily=daily, weekly=weekly, monthly=monthly, tz=LISBON)
    assert found == alike


def test_points_of_the_future_stay_outside_the_counting_and_are_told() -> None:
    now = at("2026-06-30T12:00")
    moments = [now + timedelta(days=30), now + AHEAD, now, *nights("2026-06-01", "2026-06-29")]
    found = rotate(moments, Retention(2, 0, 0), LISBON, now)
    assert found.verdicts[0].reason == "in the future: not counted"
    assert found.verdicts[0].kept
    assert [one.reason for one in found.verdicts[1:3]] == [
        "daily 1/2",
        "no free place: its day has a newer point",
    ]
    assert found.verdicts[-1].reason == "daily 2/2"
    [warning] = found.warnings
    assert "1 recovery points are dated after 2026-06-30 12:00 UTC, up to 2026-07-30" in warning


def test_nothing_of_the_future_is_nothing_to_warn_of() -> None:
    now = at("2026-06-30T12:00")
    assert rotate([now + AHEAD], FIVE_FOUR_THREE, LISBON, now).warnings == ()


def test_points_of_one_instant_share_a_verdict() -> None:
    twice = at("2026-06-29T02:00")
    elsewhere = twice.astimezone(timezone(timedelta(hours=9)))
    moments = [twice, at("2026-06-30T02:00"), elsewhere]
    found = rotate(moments, Retention(2, 0, 0), LISBON, max(moments))
    assert [one.reason for one in found.verdicts] == ["daily 2/2", "daily 1/2", "daily 2/2"]


def test_what_stays_is_returned_as_it_was_given() -> None:
    local = datetime(2026, 6, 29, 3, tzinfo=ZoneInfo(LISBON))
    [found] = kept([local], daily=1, weekly=0, monthly=0, tz=LISBON)
    assert found is local


def test_no_points_are_no_points() -> None:
    assert kept([], daily=5, weekly=4, monthly=3, tz=LISBON) == set()


@pytest.mark.parametrize(
    "name", ["BRT", "Lisbon", "", "Europe", "../Lisbon", "/etc", "a" * 5000, "\0"]
)
def test_a_time_zone_that_there_is_not_is_one_clear_error(name: str) -> None:
    with pytest.raises(InvalidInput, match="is no IANA time zone; it reads like Europe/Lisbon"):
        kept([at("2026-06-29T02:00")], daily=5, weekly=4, monthly=3, tz=name)


@pytest.mark.parametrize(
    ("counts", "message"),
    [((0, 0, 0), "all are 0: nothing would be kept"), ((-1, 4, 3), "daily: -1 is below 0")],
)
def test_a_policy_that_keeps_nothing_is_refused(counts: tuple[int, int, int], message: str) -> None:
    daily, weekly, monthly = counts
    with pytest.raises(InvalidInput, match=message):
        kept([at("2026-06-29T02:00")], daily=daily, weekly=weekly, monthly=monthly, tz=LISBON)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 6, 29, 2)  # noqa: DTZ001 - being naive is what is refused
    with pytest.raises(InvalidInput, match="has no time zone"):
        kept([naive], daily=5, weekly=4, monthly=3, tz=LISBON)
