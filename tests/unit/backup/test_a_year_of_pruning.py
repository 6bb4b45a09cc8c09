"""Pruning night after night, with failures, holds and capped runs: what is left at last."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from backup import keep
from backup.hold_rules import GRACE, Hold, HoldState, Release, Standing
from backup.keep import Terms
from backup.points import Catalogue, Kind, Point, Series, Store
from backup.rotation import kept
from continuity.zone import Retention

Make = Callable[..., Any]
REGION = "eu-west-1"
FIRST = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
TERMS = Terms(Retention(5, 4, 3), "Europe/Lisbon", timedelta(hours=24))
SERIES = Series("we1", "orders", Kind.DATABASE)

MISSED = some.sets(some.integers(0, 399), max_size=80)
FAILED = some.sets(some.integers(0, 399), max_size=40)
HOLDS = some.lists(some.tuples(some.integers(0, 380), some.integers(0, 40)), max_size=3)


def night_of(number: int, status: str = "available", incident: str = "") -> Point:
    moment = FIRST + timedelta(days=number)
    return Point(
        series=SERIES,
        region=REGION,
        store=Store.SNAPSHOT,
        identifier=f"we1-orders-{moment:%Y-%m-%d}",
        arn=f"arn:{number}",
        status=status,
        taken_at=moment,
        unusable="" if status == "available" else f"it is {status}",
        day=f"{moment:%Y-%m-%d}",
        incident=incident,
    )


def standing_on(number: int, holds: list[tuple[int, int]]) -> Standing:
    """Return the holds of a night: each is on from its first night, for so many."""
    now = FIRST + timedelta(days=number, hours=1)
    on, past = [], []
    for index, (first, length) in enumerate(holds):
        since, until = FIRST + timedelta(days=first), FIRST + timedelta(days=first + length)
        if since <= now < until:
            on.append(Hold(f"INC-{index}", "", since))
        elif until <= now:
            past.append(Release(f"INC-{index}", since, until))
    return Standing(tuple(on), tuple(past))


def looked(points: list[Point], number: int) -> Catalogue:
    now = FIRST + timedelta(days=number, hours=1)
    return Catalogue("we1", now, (REGION,), tuple(points))


@settings(max_examples=8)
@given(MISSED, FAILED, HOLDS)
def test_whatever_happens_the_rails_hold_every_night(
    missed: set[int], failed: set[int], holds: list[tuple[int, int]]
) -> None:
    points: list[Point] = []
    for number in range(400):
        standing = standing_on(number, holds)
        if number not in missed:
            incident = standing.holds[0].identifier if standing.holds else ""
            status = "failed" if number in failed else "available"
            points.append(night_of(number, status, incident))
        found = looked(points, number)
        goes = {one.point.arn for one in keep.plan(found, standing, TERMS).deletions}
        counting = [one for one in points if one.counts]
        left = [one for one in points if one.arn not in goes]
        if standing.state(found.at) is not HoldState.NORMAL:
            assert not goes
        if counting:
            newest = max(counting, key=lambda one: one.taken_at)
            assert newest.arn not in goes
            assert not goes or found.at - newest.taken_at <= TERMS.rpo
        assert len(goes) <= max(1, min(10, len(points) // 4))
        points = left


def test_a_year_of_nights_ends_with_exactly_what_the_rule_says() -> None:
    points: list[Point] = []
    for number in range(400):
        points.append(night_of(number))
        goes = {
            one.point.arn for one in keep.plan(looked(points, number), Standing(), TERMS).deletions
        }
        points = [one for one in points if one.arn not in goes]
    every = [FIRST + timedelta(days=number) for number in range(400)]
    should = kept(every, daily=5, weekly=4, monthly=3, tz="Europe/Lisbon")
    assert {one.taken_at for one in points} == should


def test_after_a_long_hold_the_shelf_shrinks_night_by_night_to_its_places() -> None:
    holds = [(100, 60)]
    points: list[Point] = []
    sizes = []
    for number in range(260):
        standing = standing_on(number, holds)
        held = standing.holds[0].identifier if standing.holds else ""
        points.append(night_of(number, incident=held))
        found = keep.plan(looked(points, number), standing, TERMS)
        goes = {one.point.arn for one in found.deletions}
        points = [one for one in points if one.arn not in goes]
        sizes.append(len(points))
    grace = GRACE.days
    assert sizes[160 + grace - 1] == sizes[99] + 60 + grace
    assert all(before - after <= 10 for before, after in pairwise(sizes))
    # The last known good point of the incident stays beside the twelve: nothing was verified since.
    anchor = FIRST + timedelta(days=99)
    assert sizes[-1] == 13
    assert anchor in {one.taken_at for one in points}


def test_points_of_an_incident_that_were_verified_take_places_like_any_other() -> None:
    doubtful = [night_of(number, incident="INC-0") for number in range(95, 100)]
    points = [night_of(number) for number in range(95)]
    proven = [replace(one, verified="yes") for one in doubtful]
    released = (Release("INC-0", FIRST, FIRST + timedelta(days=1)),)
    found = keep.plan(looked([*points, *proven], 99), Standing(releases=released), TERMS)
    places = {one.point.arn: one.reason for one in found.decisions}
    assert [places[one.arn] for one in reversed(proven)] == [f"daily {n}/5" for n in range(1, 6)]
