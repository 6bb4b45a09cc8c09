"""The last rails: what a shelf never loses, what its clock cannot hide, and the agreed numbers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backup import copy_plan, hold_rules, keep, measures
from backup.hold_rules import DETECTED_AFTER, NAME, PINNED, Hold, Release, Standing, anchors
from backup.keep import Terms
from backup.points import Kind, Series
from continuity import backup_metrics

Make = Callable[..., Any]


def test_a_shelf_with_nothing_but_doubtful_points_keeps_them_all(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    points = [replace(one, incident="INC-7") for one in shelf(12)]
    found = keep.plan(catalogue(*points), Standing(), terms)
    assert found.deletions == ()
    assert {one.reason for one in found.decisions} == {"no usable point would be left"}


def test_a_point_from_the_future_hides_no_stale_series(
    shelf: Make, catalogue: Make, point: Make, now: datetime
) -> None:
    late = shelf(4)[3]
    seen = catalogue(point(now + timedelta(days=30)), late)
    assert seen.newest() == {late.series: late}
    shown = measures._of_series(seen, late.series, seen.shelves()[late.series, late.region])
    ages = [one.value for one in shown if one.name == backup_metrics.AGE]
    assert ages == [(now - late.taken_at).total_seconds()]


@pytest.mark.parametrize("past", [PINNED - timedelta(days=1), PINNED])
def test_what_was_good_before_stays_for_ninety_days_whatever_is_proven(
    shelf: Make, now: datetime, past: timedelta
) -> None:
    points = [replace(one, verified="yes") for one in shelf(200)]
    released = Standing(releases=(Release("INC-7", now - past - timedelta(days=2), now - past),))
    assert bool(anchors(points, released, points[:1], now)) is (past < PINNED)


def test_what_was_taken_as_it_went_wrong_is_not_the_last_known_good(shelf: Make) -> None:
    newest, before, *_ = shelf(3)
    for since, good in ((newest.taken_at, before), (newest.taken_at + DETECTED_AFTER, newest)):
        [found] = anchors([newest, before], Standing((Hold("INC-7", "", since),)), (), since)
        assert found.point == good


def test_a_look_at_snapshots_alone_tells_nobody_that_files_have_no_points(
    monkeypatch: pytest.MonkeyPatch, catalogue: Make
) -> None:
    files = Series("we1", "home-public", Kind.FILES)
    monkeypatch.setattr(measures, "expected", lambda *_: [files])
    nobody: Any = None
    assert measures.fresh(nobody, catalogue(whole=False), "eu-west-1") == ()
    [points, _] = measures.fresh(nobody, catalogue(), "eu-west-1")
    assert (points.name, points.value) == (backup_metrics.POINTS, 0)


def test_the_numbers_are_the_agreed_ones() -> None:
    days = {
        "grace": hold_rules.GRACE,
        "pinned": hold_rules.PINNED,
        "failed": keep.FAILED_FOR,
        "refuted": keep.REFUTED_FOR,
    }
    assert {name: length.days for name, length in days.items()} == {
        "grace": 7,
        "pinned": 90,
        "failed": 7,
        "refuted": 14,
    }
    assert (keep.MOST_A_RUN, keep.MOST_PART, copy_plan.MOST_IN_FLIGHT) == (10, 4, 20)


@pytest.mark.parametrize("name", ["INC-7", "failing-2026-03-03", "we1-0001", "störung", "7/a:b=c"])
def test_a_hold_bears_a_name_that_a_tag_may_have(name: str) -> None:
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "#7", "INC 7", "INC#7", "a,b", "-7", "x" * 129, "INC-7\n"])
def test_a_hold_bears_no_other_name(name: str) -> None:
    assert not NAME.fullmatch(name)
