"""When a zone is held, when it is not, and what a release waits for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backup.burden import room_days
from backup.hold_rules import GRACE, Hold, HoldState, Release, Standing
from backup.points import taken
from backup.release_rules import Recovered, conditions

RPO = timedelta(hours=24)
Make = Callable[..., Any]


def test_without_holds_a_zone_is_normal(now: datetime) -> None:
    assert Standing().state(now) is HoldState.NORMAL
    assert Standing().why(now) == ""


def test_one_hold_of_several_is_enough(now: datetime) -> None:
    both = Standing(holds=(Hold("INC-7", "", now), Hold("legal", "", now)))
    assert both.state(now) is HoldState.HELD
    assert both.why(now) == "hold INC-7, legal"


def test_what_cannot_be_read_is_held_whatever_else_is_known(now: datetime) -> None:
    assert Standing(unreadable=("eu-west-1",)).state(now) is HoldState.HELD


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), HoldState.RELEASING),
        (GRACE - timedelta(seconds=1), HoldState.RELEASING),
        (GRACE, HoldState.NORMAL),
    ],
)
def test_the_grace_counts_from_the_last_release(
    now: datetime, age: timedelta, state: HoldState
) -> None:
    early = Release("old", now - timedelta(days=300), now - timedelta(days=200))
    last = Release("INC-7", now - timedelta(days=20), now - age)
    assert Standing(releases=(early, last)).state(now) is state


def test_a_relapse_within_the_grace_holds_again(now: datetime) -> None:
    released = Release("INC-7", now - timedelta(days=9), now - timedelta(days=1))
    assert Standing((Hold("INC-8", "", now),), (released,)).state(now) is HoldState.HELD


def test_a_hold_never_lapses_by_itself(now: datetime) -> None:
    standing = Standing(holds=(Hold("INC-7", "", now),))
    assert standing.state(now + timedelta(days=10_000)) is HoldState.HELD


def recovered(shelf: Make, now: datetime) -> Recovered:
    newest = shelf(1)[0]
    day = now - timedelta(hours=24)
    return Recovered(day, {"orders": newest}, (), proven={"orders": taken(newest)})


def unmet(hold: Hold, standing: Standing, found: Recovered, now: datetime) -> dict[str, str]:
    rows = conditions(hold, standing, found, RPO, now)
    return {row.name: row.sentence for row in rows if row.met is not True}


def test_a_zone_that_recovered_in_every_way_releases(shelf: Make, now: datetime) -> None:
    hold = Hold("INC-7", "", now - timedelta(days=2))
    assert unmet(hold, Standing((hold,)), recovered(shelf, now), now) == {}


def test_each_condition_is_told_by_what_it_lacks(shelf: Make, now: datetime) -> None:
    hold, other = Hold("INC-7", "", now - timedelta(days=2)), Hold("legal", "", now)
    stale = shelf(4)[3]
    found = Recovered(
        now - timedelta(hours=23),
        {"orders": stale, "accounts": None},
        ("we1-orders-x",),
        "we1-0001",
    )
    told = unmet(hold, Standing((hold, other)), found, now)
    assert list(told) == [
        "healthy",
        "fresh",
        "verified",
        "nothing-restoring",
        "no-run-open",
        "alone",
    ]
    assert told["fresh"].endswith("(not so: accounts, orders)")
    assert told["nothing-restoring"].endswith("(not so: we1-orders-x)")
    assert told["no-run-open"].endswith("(not so: we1-0001)")
    assert told["alone"].endswith("(not so: legal)")


def test_a_point_from_before_the_incident_proves_nothing(shelf: Make, now: datetime) -> None:
    hold = Hold("INC-7", "", now - timedelta(hours=1))
    assert list(unmet(hold, Standing((hold,)), recovered(shelf, now), now)) == ["verified"]


def test_health_that_nobody_watched_is_not_health(shelf: Make, now: datetime) -> None:
    hold = Hold("INC-7", "", now - timedelta(days=2))
    blind = replace(recovered(shelf, now), healthy_since=None)
    [healthy, *_] = conditions(hold, Standing((hold,)), blind, RPO, now)
    assert healthy.met is None


def test_a_zone_without_a_single_series_is_not_fresh(now: datetime) -> None:
    hold = Hold("INC-7", "", now - timedelta(days=2))
    empty = Recovered(now - timedelta(days=2), {}, ())
    assert list(unmet(hold, Standing((hold,)), empty, now)) == ["fresh", "verified"]


def test_room_is_told_in_days() -> None:
    # Five databases with their twelve points each: sixty of the hundred that AWS allows.
    assert room_days(used=60, maximum=100, per_day=5) == 8
    assert room_days(used=101, maximum=100, per_day=5) == 0
    assert room_days(used=60, maximum=100, per_day=0) == float("inf")
