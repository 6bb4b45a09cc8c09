"""Holds that place and lift themselves: for what, how often, and never on a guess."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backup.causes import due
from backup.hold_rules import Hold, Standing
from backup.points import WRONG, taken
from backup.recovered import damaged
from backup.release_rules import Recovered, conditions, demand_release
from continuity.errors import Refusal

Make = Callable[..., Any]
RPO = timedelta(hours=24)


@pytest.fixture
def well(shelf: Make, now: datetime) -> Recovered:
    newest = shelf(1)[0]
    proven = {"orders": taken(newest)}
    return Recovered(now - timedelta(days=2), {"orders": newest}, (), proven=proven)


def test_a_zone_that_is_well_is_held_for_nothing(well: Recovered, now: datetime) -> None:
    assert due(well, Standing(), RPO, now) == ()


@pytest.mark.parametrize(
    ("wrong", "name", "reason"),
    [
        ({"failing": ("we1-home-orders-lag",)}, "failing-2026-03-03", "we1-home-orders-lag"),
        ({"newest": {"orders": None}}, "stale-2026-03-03", "no usable point of the last 24 h"),
        (
            {"damaged": ("orders",)},
            "damaged-2026-03-03",
            "newest that was tried: orders",
        ),
        ({"restoring": ("we1-orders-x",)}, "restoring-2026-03-03", "we1-orders-x"),
        ({"open_run": "we1-0001"}, "we1-0001", "a failover is under way"),
    ],
)
def test_what_is_seen_to_be_wrong_is_held_for_by_name_once(
    well: Recovered, now: datetime, wrong: dict[str, Any], name: str, reason: str
) -> None:
    found = replace(well, **wrong)
    [hold] = due(found, Standing(), RPO, now)
    assert (hold.identifier, hold.since, hold.automatic) == (name, now, True)
    assert reason in hold.reason
    assert due(found, Standing((hold,)), 9 * RPO, now + timedelta(hours=30)) == ()


def test_a_newest_point_that_is_too_old_holds_and_a_database_without_any_does_not(
    shelf: Make, well: Recovered, now: datetime
) -> None:
    old = replace(well, newest={"orders": shelf(3)[2]})
    assert [one.identifier for one in due(old, Standing(), RPO, now)] == ["stale-2026-03-03"]
    new = replace(well, newest={**well.newest, "accounts": None}, never=frozenset({"accounts"}))
    assert due(new, Standing(), RPO, now) == ()


def test_a_series_is_damaged_until_a_newer_point_than_the_refuted_one_is_proven(
    shelf: Make, catalogue: Make
) -> None:
    points = shelf(4)
    points[1] = replace(points[1], refuted="totals", unusable=f"{WRONG}totals")
    points[2] = replace(points[2], verified="2026-03-01")
    assert list(damaged(catalogue(*points))) == ["orders"]
    points[0] = replace(points[0], verified="2026-03-03")
    assert list(damaged(catalogue(*points))) == []


def test_a_restore_for_which_somebody_holds_already_is_held_for_once(
    well: Recovered, now: datetime
) -> None:
    by_hand = Standing((Hold("restore-orders", "", now),))
    assert due(replace(well, restoring=("we1-orders-x",)), by_hand, RPO, now) == ()


def test_files_grow_stale_like_databases(shelf: Make, well: Recovered, now: datetime) -> None:
    found = replace(well, files={"home-public (files)": shelf(4)[3]})
    [hold] = due(found, Standing(), RPO, now)
    assert hold.reason.endswith("home-public (files)")


def test_holds_that_nobody_can_read_are_held_for(well: Recovered, now: datetime) -> None:
    [hold] = due(well, Standing(unreadable=("eu-west-1",)), RPO, now)
    assert hold.identifier == "unreadable-2026-03-03"


def test_a_hold_by_hand_with_the_name_of_a_cause_is_not_the_cause(
    well: Recovered, now: datetime
) -> None:
    by_hand = Standing((Hold("failing-disk", "", now),))
    found = replace(well, failing=("we1-home-orders-lag",))
    assert [one.identifier for one in due(found, by_hand, RPO, now)] == ["failing-2026-03-03"]


def test_unknown_holds_nothing_and_lifts_nothing(well: Recovered, now: datetime) -> None:
    hold = Hold("failing-2026-03-01", "", now - timedelta(days=2), automatic=True)
    blind = replace(well, healthy_since=None, open_run=None, unseen=("eu-west-1",))
    assert due(blind, Standing((hold,)), RPO, now) == ()
    unmet = [row for row in conditions(hold, Standing((hold,)), blind, RPO, now) if not row.met]
    assert {row.name: row.met for row in unmet} == {
        "healthy": None,
        "nothing-restoring": None,
        "no-run-open": None,
    }
    with pytest.raises(Refusal, match="release it by hand with --reason"):
        demand_release(hold, unmet, "")
    demand_release(hold, unmet, "the region is gone for good")


def test_a_failover_under_way_cannot_be_overridden(well: Recovered, now: datetime) -> None:
    hold = Hold("we1-0001", "", now, automatic=True)
    found = conditions(hold, Standing((hold,)), replace(well, open_run="we1-0001"), RPO, now)
    with pytest.raises(Refusal, match="Let the run end, or abort it"):
        demand_release(hold, found, "never mind")


def test_holds_that_lift_themselves_do_not_wait_for_each_other(
    well: Recovered, now: datetime
) -> None:
    since = now - timedelta(days=2)
    one, two = (Hold(name, "", since, automatic=True) for name in ("failing-1", "stale-1"))
    both = Standing((one, two))
    assert all(row.met for hold in (one, two) for row in conditions(hold, both, well, RPO, now))
    with_person = Standing((one, two, Hold("legal", "", since)))
    lacking = [row.name for row in conditions(one, with_person, well, RPO, now) if not row.met]
    assert lacking == ["alone"]


def test_a_zone_that_fails_now_says_which_alarm_keeps_the_hold(
    well: Recovered, now: datetime
) -> None:
    hold = Hold("failing-1", "", now - timedelta(days=2), automatic=True)
    found = replace(well, healthy_since=None, failing=("we1-home-orders-lag",))
    [healthy, *_] = conditions(hold, Standing((hold,)), found, RPO, now)
    assert healthy.met is False
    assert healthy.sentence.endswith("(not so: we1-home-orders-lag)")
