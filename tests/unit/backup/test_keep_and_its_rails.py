"""What becomes of every point, and each rail that keeps one which the rotation gives up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backup.hold_rules import GRACE, PINNED, TRIED, Hold, HoldState, Release, Standing
from backup.keep import Decision, Terms, plan
from backup.points import WRONG, Catalogue, Kind, Point, Series, Store, taken
from continuity.errors import TemporaryError

FREE = Standing()
Make = Callable[..., Any]
AWAY = "eu-central-1"


def decided(catalogue: Catalogue, terms: Terms, standing: Standing = FREE) -> dict[str, Decision]:
    return {one.point.arn: one for one in plan(catalogue, standing, terms).decisions}


def reason(point: Point, catalogue: Catalogue, terms: Terms, standing: Standing = FREE) -> str:
    return decided(catalogue, terms, standing)[point.arn].reason


def test_a_year_of_nights_leaves_twelve_and_deletes_the_rest(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    found = plan(catalogue(*shelf(365)), FREE, terms)
    kept = [one for one in found.decisions if one.kept]
    assert len(kept) == 12
    assert len(found.deletions) == 353
    assert {one.reason.split()[0] for one in kept} == {"daily", "weekly", "monthly"}
    assert found.warnings == ()


def test_the_order_in_which_aws_lists_them_means_nothing(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    points = shelf(60)
    assert plan(catalogue(*points), FREE, terms) == plan(catalogue(*points[::-1]), FREE, terms)


def test_each_region_fills_its_own_places(shelf: Make, catalogue: Make, terms: Terms) -> None:
    here, there = shelf(40), shelf(40, AWAY)[3:]
    found = decided(catalogue(*here, *there), terms)
    # The three newest copies never arrived, and the newest that did is too old to delete beside.
    assert not found[here[10].arn].kept
    assert found[there[7].arn].reason == "the newest usable point is 75 h old: nothing is deleted"


def test_what_a_hold_for_damage_pins_is_the_newest_that_was_proven(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    points = shelf(30)
    points[8] = replace(points[8], verified="2026-02-23")
    over = now - GRACE - timedelta(hours=1)
    for name, pinned in (("damaged-2026-02-24", points[8]), ("stale-2026-02-24", points[7])):
        release = Release(name, taken(points[6]) - timedelta(hours=1), over)
        found = decided(catalogue(*points), terms, Standing(releases=(release,)))
        said = {arn for arn, one in found.items() if one.reason.startswith("last known good")}
        assert said == {pinned.arn}


def test_what_is_being_tried_stays_and_everything_else_goes_its_way(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    points = shelf(60)
    goes = plan(catalogue(*points), FREE, terms).deletions
    tried = Standing(trials=(goes[0].point.arn,))
    found = plan(catalogue(*points), tried, terms)
    assert found.deletions == goes[1:]
    assert reason(goes[0].point, catalogue(*points), terms, tried) == TRIED
    assert tried.state(now) is HoldState.NORMAL


def test_nothing_is_deleted_while_a_hold_is_on(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    held = Standing(holds=(Hold("INC-7", "disk full", now),))
    found = plan(catalogue(*shelf(60)), held, terms)
    assert found.deletions == ()
    assert {one.reason for one in found.decisions if "/" not in one.reason} == {
        "hold INC-7",
        "oldest",
    }


def test_nothing_is_deleted_while_the_holds_cannot_be_read(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    found = plan(catalogue(*shelf(60)), Standing(unreadable=(AWAY,)), terms)
    assert found.deletions == ()
    assert "held: the holds in eu-central-1 cannot be read" in {
        one.reason for one in found.decisions
    }


@pytest.mark.parametrize(("past", "deletes"), [(timedelta(0), False), (GRACE, True)])
def test_for_a_week_after_the_last_release_nothing_is_deleted(
    shelf: Make, catalogue: Make, terms: Terms, past: timedelta, deletes: bool
) -> None:
    points = shelf(60)
    at = catalogue().at - past
    standing = Standing(releases=(Release("INC-7", at - timedelta(days=400), at),))
    assert bool(plan(catalogue(*points), standing, terms).deletions) is deletes


def test_the_last_known_good_point_stays_after_the_grace(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    points = shelf(60)
    released = now - GRACE - timedelta(days=1)
    since = points[20].taken_at + timedelta(hours=1)
    standing = Standing(releases=(Release("INC-7", since, released),))
    found = decided(catalogue(*points), terms, standing)
    assert found[points[20].arn].reason == "last known good before INC-7"
    assert not found[points[19].arn].kept
    assert not found[points[21].arn].kept


def test_it_goes_once_a_verified_point_from_afterwards_has_a_monthly_place(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    points = shelf(400)
    released = now - PINNED - timedelta(days=100)
    since = released - timedelta(days=3)
    standing = Standing(releases=(Release("INC-7", since, released),))
    monthly = [one for one in plan(catalogue(*points), FREE, terms).decisions if one.kept][-1].point
    anchor = next(one for one in points if one.taken_at <= since - timedelta(minutes=15))
    assert decided(catalogue(*points), terms, standing)[anchor.arn].kept
    proven = [replace(one, verified="yes") if one is monthly else one for one in points]
    assert not decided(catalogue(*proven), terms, standing)[anchor.arn].kept


def test_of_files_too_only_a_verified_later_point_lets_the_last_known_good_go(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    released = now - PINNED - timedelta(days=30)
    standing = Standing(releases=(Release("INC-7", released, released),))
    kinds = [Series("we1", f"home-{name}", Kind.FILES) for name in ("file-system", "public")]
    system, public = ([replace(one, series=kind) for one in shelf(250)] for kind in kinds)
    pinned = "last known good before INC-7"
    assert pinned in {one.reason for one in decided(catalogue(*public), terms, standing).values()}
    assert pinned in {one.reason for one in decided(catalogue(*system), terms, standing).values()}
    proven = [replace(one, verified="yes") for one in system]
    found = {one.reason for one in decided(catalogue(*proven), terms, standing).values()}
    assert pinned not in found
    assert "monthly 3/3" in found


def test_a_source_of_a_copy_in_flight_stays(
    shelf: Make, catalogue: Make, point: Make, terms: Terms
) -> None:
    points = shelf(60)
    copy = point(None, AWAY, source=points[33].arn, status="creating", unusable="it is creating")
    found = decided(catalogue(*points, copy), terms)
    assert found[points[33].arn].reason == "copy in flight"
    assert found[copy.arn].reason == "in the making: 0 %"
    assert not found[points[34].arn].kept


def test_where_a_region_cannot_be_asked_for_copies_nothing_is_deleted(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    blind = catalogue(*shelf(60), unread={AWAY: TemporaryError("it does not answer.")})
    found = plan(blind, FREE, terms)
    assert found.deletions == ()
    assert found.warnings == ("eu-central-1 was not read: it does not answer.",)


def test_the_newest_copy_of_a_destination_stays(shelf: Make, catalogue: Make, terms: Terms) -> None:
    copies = [
        replace(one, source=one.arn.replace(AWAY, "eu-west-1")) if index > 20 else one
        for index, one in enumerate(shelf(60, AWAY))
    ]
    found = decided(catalogue(*copies), terms)
    assert found[copies[21].arn].reason.startswith("newest copy here")
    assert not found[copies[22].arn].kept


def test_nothing_is_deleted_from_a_shelf_whose_newest_point_is_older_than_the_objective(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    old = shelf(60)[1:]
    found = plan(catalogue(*old), FREE, terms)
    assert found.deletions == ()
    assert reason(old[33], catalogue(*old), terms).startswith("the newest usable point is 27 h old")


def test_what_cannot_be_restored_takes_no_place(shelf: Make, catalogue: Make, terms: Terms) -> None:
    points = shelf(60)
    broken = replace(points[0], unusable="its key is Disabled: k")
    found = decided(catalogue(broken, *points[1:]), terms)
    assert found[broken.arn].reason == "not usable now: its key is Disabled: k"
    assert found[points[1].arn].reason == "daily 1/5"


def test_a_failed_point_goes_after_a_week_where_a_newer_one_is_usable(
    shelf: Make, catalogue: Make, point: Make, terms: Terms, now: datetime
) -> None:
    failed = {"status": "failed", "unusable": "it is failed", "identifier": "failed"}
    old, young = point(now - timedelta(days=8), **failed), point(now - timedelta(days=6), **failed)
    assert not decided(catalogue(*shelf(3), old), terms)[old.arn].kept
    assert reason(young, catalogue(*shelf(3), young), terms) == "failed: kept for 7 days"
    assert reason(old, catalogue(old), terms) == "failed, and nothing newer is usable"


@pytest.mark.parametrize("status", ["PARTIAL", "EXPIRED"])
def test_what_aws_backup_made_in_part_or_could_not_delete_goes_like_what_failed(
    shelf: Make, catalogue: Make, point: Make, terms: Terms, status: str
) -> None:
    now = shelf(1)[0].taken_at
    broken = {"status": status, "unusable": f"it is {status}", "identifier": "b"}
    old, young = point(now - timedelta(days=8), **broken), point(now - timedelta(days=6), **broken)
    assert not decided(catalogue(*shelf(3), old), terms)[old.arn].kept
    assert decided(catalogue(*shelf(3), young), terms)[young.arn].kept
    assert reason(old, catalogue(old), terms) == "failed, and nothing newer is usable"


def refuted(point: Point) -> Point:
    why = "2026-03-03 some"
    return replace(point, refuted=why, unusable=f"{WRONG}{why}")


def test_refuted_points_push_no_good_one_out(shelf: Make, catalogue: Make, terms: Terms) -> None:
    points = shelf(60)
    bad = [refuted(one) for one in points[:20]]
    found = decided(catalogue(*bad, *points[20:]), replace(terms, rpo=timedelta(days=30)))
    good = decided(catalogue(*points[20:]), replace(terms, rpo=timedelta(days=30)))
    assert {arn: one for arn, one in found.items() if arn in good} == good
    assert {found[one.arn].reason for one in bad} == {
        "refuted (2026-03-03 some): kept until a newer point is proven"
    }


def test_a_refuted_point_goes_two_weeks_after_where_a_newer_one_is_proven(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    points = shelf(40)
    points[0] = replace(points[0], verified="2026-03-03")
    young, old = refuted(points[12]), refuted(points[16])
    points[12], points[16] = young, old
    found = decided(catalogue(*points), terms)
    assert found[young.arn].reason == "refuted (2026-03-03 some): kept for 14 days"
    assert not found[old.arn].kept
    assert found[old.arn].reason.endswith("more than 14 days ago, and a newer point is proven")
    held = Standing((Hold("INC-7", "", young.taken_at),))
    assert {one.kept for one in plan(catalogue(*points), held, terms).decisions} == {True}


def test_an_old_point_is_kept_for_two_weeks_after_the_trial_that_refuted_it(
    shelf: Make, catalogue: Make, terms: Terms, now: datetime
) -> None:
    points = shelf(40)
    points[0] = replace(points[0], verified="2026-03-03")
    for age, kept in ((timedelta(hours=4), True), (timedelta(days=15), False)):
        why = f"{(now - age).isoformat(timespec='seconds')} totals"
        points[30] = replace(points[30], refuted=why, unusable=f"{WRONG}{why}")
        assert decided(catalogue(*points), terms)[points[30].arn].kept is kept


def test_what_holdfast_did_not_take_is_never_deleted(
    shelf: Make, catalogue: Make, point: Make, terms: Terms, now: datetime
) -> None:
    foreign = point(now - timedelta(days=500), day="", identifier="by-hand")
    automated = point(now - timedelta(days=500), store=Store.AUTOMATED, identifier="rds:x")
    found = decided(catalogue(*shelf(60), foreign, automated), terms)
    assert found[foreign.arn].reason == found[automated.arn].reason
    assert found[foreign.arn].reason == "not taken by Holdfast: never deleted"


def test_what_was_taken_in_an_incident_takes_no_place_until_it_is_verified(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    points = shelf(12)
    doubtful = [replace(one, incident="INC-7") for one in points[1:6]]
    found = decided(catalogue(points[0], *doubtful, *points[6:]), terms)
    assert found[doubtful[0].arn].reason == "taken in INC-7 and never verified"
    assert found[points[6].arn].reason == "daily 2/5"
    proven = [replace(one, verified="2026-03-03") for one in doubtful]
    assert decided(catalogue(points[0], *proven, *points[6:]), terms)[proven[0].arn].kept


def test_a_run_deletes_a_part_of_a_shelf_the_oldest_first_and_incidents_last(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    points = shelf(32)
    points[-1] = replace(points[-1], incident="INC-7")
    capped = replace(terms, capped=True)
    found = plan(catalogue(*points), FREE, capped)
    days = [one.point.taken_at for one in found.deletions]
    assert len(days) == 8
    assert days == sorted(days)
    assert points[-1].taken_at not in days
    assert "(a later run: at most 8 in one)" in reason(points[-1], catalogue(*points), capped)
    assert len(plan(catalogue(*shelf(400)), FREE, capped).deletions) == 10


def test_even_the_smallest_shelf_loses_one_a_run(
    shelf: Make, catalogue: Make, terms: Terms, point: Make, now: datetime
) -> None:
    twice = point(now - timedelta(hours=4), identifier="we1-orders-again")
    first = point(now - timedelta(hours=5), identifier="we1-orders-first")
    capped = replace(terms, capped=True)
    assert [
        one.point for one in plan(catalogue(*shelf(1), twice, first), FREE, capped).deletions
    ] == [twice]


def test_a_point_from_the_future_is_told_and_makes_no_shelf_fresh(
    shelf: Make, catalogue: Make, point: Make, terms: Terms, now: datetime
) -> None:
    ahead = point(now + timedelta(days=30))
    found = plan(catalogue(*shelf(60)[2:], ahead), FREE, terms)
    assert found.deletions == ()
    [warning] = found.warnings
    assert warning.startswith("orders in eu-west-1: 1 recovery points are dated after")


def test_a_hundred_series_are_decided_side_by_side(
    shelf: Make, catalogue: Make, terms: Terms
) -> None:
    many = [
        replace(one, series=replace(one.series, resource=f"db{number}"), arn=f"{one.arn}-{number}")
        for number in range(100)
        for one in shelf(20)
    ]
    assert len(plan(catalogue(*many), FREE, terms).decisions) == 2000
