"""A region is lost, its holds with it: what is taken meanwhile in the other one is still good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backup.hold_rules import Hold, Release, Standing
from backup.incident_points import UNREADABLE
from backup.keep import Terms, plan
from backup.points import Point, taken

Make = Callable[..., Any]
LOST = slice(1, 4)
"""The nights in which a region was lost: the three before the newest."""


@pytest.fixture
def points(shelf: Make) -> list[Point]:
    found: list[Point] = shelf(14)
    found[LOST] = [replace(one, incident=UNREADABLE) for one in found[LOST]]
    return found


def reasons(catalogue: Make, points: list[Point], standing: Standing, terms: Terms) -> list[str]:
    return [one.reason for one in plan(catalogue(*points), standing, terms).decisions]


def test_it_takes_its_place_once_the_holds_are_read_and_none_was_on(
    points: list[Point], catalogue: Make, terms: Terms
) -> None:
    said = reasons(catalogue, points, Standing(), terms)
    assert said[:5] == [f"daily {place}/5" for place in range(1, 6)]


def test_it_waits_for_a_trial_where_a_hold_was_on_after_all(
    points: list[Point], catalogue: Make, terms: Terms
) -> None:
    over = Release("INC-7", taken(points[3]), taken(points[2]))
    found = plan(catalogue(*points), Standing(releases=(over,)), terms).decisions
    assert [one.point.incident for one in found[:5]] == ["", "", "INC-7", "INC-7", ""]
    on = Standing((Hold("INC-8", "", taken(points[1]) - timedelta(hours=1)),))
    assert plan(catalogue(*points), on, terms).decisions[1].point.incident == "INC-8"


def test_it_waits_for_as_long_as_they_cannot_be_read(
    points: list[Point], catalogue: Make, terms: Terms
) -> None:
    found = plan(catalogue(*points), Standing(unreadable=("eu-central-1",)), terms)
    assert [one.placed for one in found.decisions[:5]] == [True, False, False, False, True]
    assert found.deletions == ()
