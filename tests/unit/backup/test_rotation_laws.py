"""The laws of rotation, on thousands of histories, beside an oracle from the specification."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from backup.rotation import Rotation, kept, rotate
from continuity.zone import Retention

ZONES = some.sampled_from(
    ["Europe/Lisbon", "America/Sao_Paulo", "UTC", "Pacific/Apia", "Asia/Kathmandu"]
)
COUNTS = some.tuples(some.integers(0, 6), some.integers(0, 5), some.integers(0, 4)).filter(any)

_ENDS = [
    datetime(2018, 2, 20, tzinfo=UTC),  # a day of 25 hours in Sao Paulo lies just before
    datetime(2018, 11, 6, tzinfo=UTC),  # a day without midnight there
    datetime(2026, 4, 1, tzinfo=UTC),  # summer time begins in Lisbon
    datetime(2026, 10, 28, tzinfo=UTC),  # and ends
    datetime(2021, 1, 6, tzinfo=UTC),  # ISO week 53
    datetime(2012, 1, 3, tzinfo=UTC),  # a day that Apia never had
]
_AGES = some.one_of(
    some.integers(0, 5 * 60),  # minutes: many a day
    some.integers(0, 10 * 24 * 60),
    some.integers(0, 400 * 24 * 60),
)
MOMENTS = some.builds(
    lambda end, ages: [end - timedelta(minutes=age) for age in ages],
    some.sampled_from(_ENDS),
    some.lists(_AGES, max_size=60),
)
NIGHTLY = some.builds(
    lambda end, days, offset, missing: [
        end - timedelta(days=day, minutes=offset) for day in range(days) if day not in missing
    ],
    some.sampled_from(_ENDS),
    some.integers(1, 500),
    some.integers(0, 24 * 60 - 1),
    some.sets(some.integers(0, 500), max_size=60),
)
HISTORIES = some.one_of(MOMENTS, NIGHTLY)


def oracle(moments: Iterable[datetime], counts: tuple[int, int, int], tz: str) -> set[datetime]:
    """Decide as the specification says it, tier by tier over everything, with sets and text."""
    ascending = sorted(moments)
    local = {moment: moment.astimezone(ZoneInfo(tz)) for moment in ascending}
    stay: list[datetime] = []
    short = False
    for count, pattern in zip(counts, ("%Y-%m-%d", "%G-%V", "%Y-%m"), strict=True):
        newest_of = {local[moment].strftime(pattern): moment for moment in ascending}
        free = [one for one in sorted(newest_of.values(), reverse=True) if one not in stay]
        stay += free[:count]
        short = short or len(free) < count
    return set(stay + (ascending[:1] if short else []))


def decided(moments: Iterable[datetime], counts: tuple[int, int, int], tz: str) -> set[datetime]:
    daily, weekly, monthly = counts
    return kept(list(moments), daily=daily, weekly=weekly, monthly=monthly, tz=tz)


def typed(moments: list[datetime], counts: tuple[int, int, int], tz: str) -> Rotation:
    return rotate(moments, Retention(*counts), tz, max(moments, default=_ENDS[0]))


@given(HISTORIES, COUNTS, ZONES)
def test_it_decides_as_the_specification_says(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    assert decided(moments, counts, tz) == oracle(moments, counts, tz)


@given(HISTORIES, COUNTS, ZONES)
def test_the_typed_rule_and_the_plain_one_agree(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    found = zip(moments, typed(moments, counts, tz).verdicts, strict=True)
    assert {moment for moment, verdict in found if verdict.kept} == decided(moments, counts, tz)


@given(HISTORIES, COUNTS, ZONES)
def test_deciding_again_about_what_was_kept_keeps_all_of_it(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    once = decided(moments, counts, tz)
    assert decided(once, counts, tz) == once


@given(HISTORIES, COUNTS, ZONES, some.randoms(use_true_random=False))
def test_the_order_of_the_points_means_nothing(
    moments: list[datetime], counts: tuple[int, int, int], tz: str, chance: random.Random
) -> None:
    order = list(range(len(moments)))
    chance.shuffle(order)
    shuffled = typed([moments[index] for index in order], counts, tz).verdicts
    straight = typed(moments, counts, tz).verdicts
    assert list(shuffled) == [straight[index] for index in order]


@given(HISTORIES, COUNTS, ZONES)
def test_pruning_after_every_backup_leaves_what_pruning_once_leaves(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    always: set[datetime] = set()
    for moment in sorted(moments):
        always = decided(always | {moment}, counts, tz)
    assert always == decided(moments, counts, tz)


@given(HISTORIES.filter(bool), COUNTS, ZONES)
def test_the_newest_point_stays(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    assert max(moments) in decided(moments, counts, tz)


@given(HISTORIES.filter(bool), COUNTS, ZONES, some.integers(0, 4000))
def test_nothing_is_deleted_when_backups_stop(
    moments: list[datetime], counts: tuple[int, int, int], tz: str, days: int
) -> None:
    once = sorted(decided(moments, counts, tz))
    later = max(moments) + timedelta(days=days)
    verdicts = rotate(once, Retention(*counts), tz, later).verdicts
    assert all(verdict.kept for verdict in verdicts)


@given(HISTORIES, COUNTS, ZONES)
def test_every_point_is_given_a_reason_and_no_place_is_given_twice(
    moments: list[datetime], counts: tuple[int, int, int], tz: str
) -> None:
    distinct = sorted(set(moments))
    verdicts = typed(distinct, counts, tz).verdicts
    places = [verdict.reason for verdict in verdicts if verdict.kept]
    assert len(places) == len(set(places)) <= sum(counts) + 1
    assert all(one.kept or one.reason.startswith("no free place: ") for one in verdicts)


@given(some.integers(130, 1400), some.integers(0, 24 * 60 - 1))
def test_a_backup_a_day_always_leaves_twelve_points_that_reach_back_two_months(
    days: int, minute: int
) -> None:
    end = datetime(2026, 10, 28, tzinfo=UTC) + timedelta(minutes=minute)
    nightly = [end - timedelta(days=day) for day in range(days)]
    stay = decided(nightly, (5, 4, 3), "Europe/Lisbon")
    assert len(stay) == 12
    assert timedelta(days=62) <= end - min(stay) <= timedelta(days=125)
