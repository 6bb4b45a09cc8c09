"""The forecast of the rotation: until when each point is kept if every day brings another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from backup import keep
from backup.forecast import Until, forecast, kept_until
from backup.hold_rules import Hold, Standing
from backup.keep import Terms
from backup.rotation import kept
from continuity.zone import Retention

Make = Callable[..., Any]
NIGHT = datetime(2026, 3, 3, 2, 10, tzinfo=UTC)
ZONES = some.sampled_from(["Europe/Lisbon", "America/Sao_Paulo", "UTC"])
COUNTS = some.tuples(some.integers(0, 5), some.integers(0, 4), some.integers(0, 3)).filter(any)
AGES = some.sets(some.integers(0, 140 * 24), min_size=1, max_size=25)


@settings(max_examples=60)
@given(AGES, COUNTS, ZONES)
def test_each_point_goes_in_the_night_in_which_pruning_all_at_once_would_give_it_up(
    ages: set[int], counts: tuple[int, int, int], tz: str
) -> None:
    tiers = dict(zip(("daily", "weekly", "monthly"), counts, strict=True))
    moments = [NIGHT - timedelta(hours=age) for age in ages]
    ends = kept_until(moments, Retention(*counts), tz)
    assert set(ends) <= kept(moments, **tiers, tz=tz)
    newest = max(moments)
    for moment, end in ends.items():
        days = round((end - newest) / timedelta(days=1))
        for number, stays in ((days - 1, True), (days, False)):
            future = [end - timedelta(days=days - one) for one in range(1, number + 1)]
            assert (moment in kept([*moments, *future], **tiers, tz=tz)) is stays


def test_everything_that_has_a_place_loses_it_one_day(shelf: Make) -> None:
    moments = [one.taken_at for one in shelf(150)]
    ends = kept_until(moments, Retention(5, 4, 3), "Europe/Lisbon")
    assert set(ends) == kept(moments, daily=5, weekly=4, monthly=3, tz="Europe/Lisbon")
    assert max(ends.values()) < max(moments) + timedelta(days=200)


def test_without_a_point_there_is_nothing_to_forecast() -> None:
    assert kept_until([], Retention(5, 4, 3), "Europe/Lisbon") == {}


def test_a_point_that_stays_for_a_reason_stays_as_long_as_the_reason(
    shelf: Make, point: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    strange = point(now - timedelta(days=400), identifier="by-hand", day="")
    found = catalogue(*shelf(6), strange)
    plan = keep.plan(found, Standing(), terms)
    until = forecast(plan, Standing(), terms)
    assert until[strange.arn] == Until(None, "not taken by Holdfast: never deleted")
    assert until[shelf(1)[0].arn].about is not None

    held = Standing((Hold("INC-7", "", now),))
    while_held = forecast(keep.plan(found, held, terms), held, terms)
    assert while_held[shelf(1)[0].arn] == Until(None, "hold INC-7")
    assert while_held[strange.arn] == until[strange.arn]


def test_what_goes_now_has_no_end(shelf: Make, catalogue: Make, terms: Terms) -> None:
    plan = keep.plan(catalogue(*shelf(30)), Standing(), terms)
    until = forecast(plan, Standing(), terms)
    assert set(until) == {one.point.arn for one in plan.decisions if one.kept}
