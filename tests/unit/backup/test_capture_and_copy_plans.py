"""What a day still needs, and which copies are begun: decided over values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from backup import capture_plan, copy_plan, keep
from backup.hold_rules import Hold, Standing
from backup.incident_points import UNREADABLE
from backup.keep import Terms
from backup.window_days import missed, window_day
from cloud.databases import InstanceState
from continuity import naming
from continuity.errors import TemporaryError
from continuity.manifest import Database, Manifest, Member, Site
from continuity.window import MaintenanceWindow
from continuity.zone import Retention, SiteName

HOME, AWAY = "eu-west-1", "eu-central-1"
LISBON = MaintenanceWindow(time(0), time(6), "Europe/Lisbon")
OVERNIGHT = MaintenanceWindow(time(22), time(4), "America/Sao_Paulo")
Make = Callable[..., Any]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def state(identifier: str, source: str | None = None) -> InstanceState:
    found = dict.fromkeys(InstanceState.__dataclass_fields__, "")
    return InstanceState(**{**found, "identifier": identifier, "source": source})  # type: ignore[arg-type]


@pytest.fixture
def manifest() -> Manifest:
    """As much of a manifest as the plans read."""
    found = object.__new__(Manifest)
    members = {
        site: Member(naming.instance("we1", "orders", site, 1), "", "", "", "", multi_az=False)
        for site in SiteName
    }
    sites = {}
    for name, region in zip(SiteName, (HOME, AWAY), strict=True):
        sites[name] = object.__new__(Site)
        sites[name].__dict__.update(region=region, key_arn=f"key-of-{region}")
    orders = Database("orders", 1, "postgres", "16", 5432, 20, 7, "03:00-03:30", members)
    found.__dict__.update(
        zone="we1",
        active=SiteName.HOME,
        window=LISBON,
        sites=sites,
        databases=(orders,),
        retention=Retention(5, 4, 3),
    )
    return found


def running(home: str | None = None, away: str | None = "replica") -> capture_plan.Instances:
    """Return instances of orders: of whom they are replicas, None for a primary."""
    shown = {SiteName.HOME: home, SiteName.AWAY: away}
    return {
        site: {naming.instance("we1", "orders", site, 1): state("x", source)}
        for site, source in shown.items()
    }


@pytest.mark.parametrize(
    ("window", "now", "day", "closes"),
    [
        (LISBON, "2026-03-03T01:00", "2026-03-03", "2026-03-03T06:00"),
        (LISBON, "2026-03-03T23:59", "2026-03-03", "2026-03-03T06:00"),
        # In summer Lisbon is an hour ahead: its day begins at 23:00 UTC.
        (LISBON, "2026-07-01T23:00", "2026-07-02", "2026-07-02T05:00"),
        # The window of this night has five hours: the clock goes from 01:00 to 02:00.
        (LISBON, "2026-03-29T00:30", "2026-03-29", "2026-03-29T05:00"),
        # And of this one seven.
        (LISBON, "2026-10-25T03:00", "2026-10-25", "2026-10-25T06:00"),
        # Across midnight it is the day on which it opened: 02:00 in Sao Paulo is of the day before.
        (OVERNIGHT, "2026-03-03T05:00", "2026-03-02", "2026-03-03T07:00"),
        (OVERNIGHT, "2026-03-04T01:00", "2026-03-03", "2026-03-04T07:00"),
    ],
)
def test_a_day_of_captures_begins_when_its_window_opens(
    window: MaintenanceWindow, now: str, day: str, closes: str
) -> None:
    found = window_day(window, at(now))
    assert (str(found), found.closes) == (day, at(closes))


def test_days_without_a_point_are_told_since_the_first_point() -> None:
    days = {"2026-02-26", "2026-02-28", "2026-03-01"}
    assert missed(days, date(2026, 3, 2), 5) == ("2026-03-02", "2026-02-27")
    assert missed(set(), date(2026, 3, 2), 5) == ()


def test_what_the_retention_has_given_up_is_no_gap() -> None:
    left = {f"2026-03-{day:02}" for day in (5, 12, 16, 17, 18, 19, 20)}
    assert missed(left, date(2026, 3, 20), 5) == ()
    assert missed(left - {"2026-03-18"}, date(2026, 3, 20), 5)[0] == "2026-03-18"


def test_what_the_day_lacks_is_due(manifest: Manifest, catalogue: Make, shelf: Make) -> None:
    yesterday = shelf(3)[1:]
    found = capture_plan.plan(manifest, catalogue(*yesterday), Standing(), running())
    [due] = found.captures
    assert (due.identifier, due.instance, due.region) == (
        "we1-orders-2026-03-03",
        "we1-orders-home-1",
        HOME,
    )
    assert due.tags == {
        naming.TAG_ZONE: "we1",
        naming.TAG_SITE: "home",
        naming.TAG_DATABASE: "orders",
        naming.TAG_POINT: "2026-03-03",
    }
    assert due.reason == "due"
    assert found.gaps == {}


def test_what_the_day_has_or_gets_is_not_taken_again(
    manifest: Manifest, catalogue: Make, shelf: Make
) -> None:
    [today] = shelf(1)
    for point in (today, replace(today, status="creating", unusable="it is creating")):
        found = capture_plan.plan(manifest, catalogue(point), Standing(), running())
        assert found.captures == ()
        assert found.present == {"orders": point}


def test_a_failed_snapshot_is_followed_by_another_under_another_name(
    manifest: Manifest, catalogue: Make, shelf: Make
) -> None:
    [today] = shelf(1)
    failed = replace(today, status="failed", unusable="it is failed")
    [due] = capture_plan.plan(manifest, catalogue(failed), Standing(), running()).captures
    assert due.identifier == "we1-orders-2026-03-03-2"


def test_after_three_of_no_use_none_is_taken_on_that_day_for_each_takes_a_place_of_the_quota(
    manifest: Manifest, catalogue: Make, shelf: Make
) -> None:
    [today, yesterday] = shelf(2)
    failed = [
        replace(today, identifier=f"try-{turn}", status="failed", unusable="it is failed")
        for turn in range(3)
    ]
    found = capture_plan.plan(manifest, catalogue(*failed, yesterday), Standing(), running())
    assert found.captures == ()
    assert "3 snapshots of 2026-03-03 cannot be used" in found.problems["orders"]
    old = [replace(one, day="2026-03-02") for one in failed]
    again = capture_plan.plan(manifest, catalogue(*old), Standing(), running())
    assert (len(again.captures), again.problems) == (1, {})


def test_a_missed_window_is_caught_up_and_told_and_so_are_gaps(
    manifest: Manifest, catalogue: Make, shelf: Make
) -> None:
    late = catalogue(*shelf(5)[3:], at=at("2026-03-03T07:00"))
    found = capture_plan.plan(manifest, late, Standing(), running())
    assert found.captures[0].reason == "missed the window of 2026-03-03: caught up"
    assert found.gaps == {"orders": ("2026-03-02", "2026-03-01")}


def test_under_a_hold_a_point_carries_its_incident(
    manifest: Manifest, catalogue: Make, now: datetime
) -> None:
    held = Standing(holds=(Hold("INC-7", "", now), Hold("legal", "", now)))
    [due] = capture_plan.plan(manifest, catalogue(), held, running()).captures
    assert due.tags[naming.TAG_INCIDENT] == "INC-7"
    unknown = Standing(unreadable=(HOME,))
    [due] = capture_plan.plan(manifest, catalogue(), unknown, running()).captures
    assert due.tags[naming.TAG_INCIDENT] == UNREADABLE


def test_after_a_promotion_the_promoted_instance_is_captured(
    manifest: Manifest, catalogue: Make
) -> None:
    for home in (running(home=None, away=None), {SiteName.AWAY: running(away=None)[SiteName.AWAY]}):
        [due] = capture_plan.plan(manifest, catalogue(), Standing(), home).captures
        assert (due.instance, due.region) == ("we1-orders-away-1", AWAY)


def test_a_database_without_a_primary_is_a_problem(manifest: Manifest, catalogue: Make) -> None:
    found = capture_plan.plan(manifest, catalogue(), Standing(), {})
    assert found.captures == ()
    assert found.problems == {"orders": "no primary of it was found"}


def copies(manifest: Manifest, found: Any, terms: Terms) -> copy_plan.CopyPlan:  # noqa: ANN401 - a catalogue
    return copy_plan.plan(manifest, found, lambda: keep.plan(found, Standing(), terms))


def test_the_newest_point_without_a_copy_is_copied_with_its_tags_under_the_key_of_there(
    manifest: Manifest, catalogue: Make, shelf: Make, terms: Terms
) -> None:
    tags = {naming.TAG_HOLD: "INC-1", naming.TAG_VERIFIED: "x", "aws:backup": "y", "a": "b"}
    found = copies(manifest, catalogue(*shelf(3, tags=tags)), terms)
    [begun] = found.copies
    assert (begun.identifier, begun.region) == ("we1-orders-2026-03-03", AWAY)
    assert begun.key == f"key-of-{AWAY}"
    assert begun.tags == {"a": "b"}
    assert set(found.waiting.values()) == {"a newer copy of orders goes first"}


def test_what_is_copied_or_being_copied_is_left_alone(
    manifest: Manifest, catalogue: Make, shelf: Make, point: Make, terms: Terms
) -> None:
    here = shelf(3)
    there = [replace(one, source=one.arn, region=AWAY, arn="c") for one in here[1:]]
    coming = point(None, AWAY, source=here[0].arn, status="creating", unusable="it is creating")
    found = copies(manifest, catalogue(*here, *there, coming), terms)
    assert found.copies == ()
    assert found.waiting == {}


def test_one_copy_at_a_time_per_series(
    manifest: Manifest, catalogue: Make, shelf: Make, point: Make, terms: Terms
) -> None:
    here = shelf(3)
    coming = point(None, AWAY, source=here[2].arn, status="creating", unusable="it is creating")
    found = copies(manifest, catalogue(*here, coming), terms)
    assert found.copies == ()
    assert set(found.waiting.values()) == {"another copy of orders is under way"}


def test_a_failed_copy_is_followed_by_another_under_another_name(
    manifest: Manifest, catalogue: Make, shelf: Make, terms: Terms
) -> None:
    [here] = shelf(1)
    failed = replace(here, source=here.arn, region=AWAY, arn="c", unusable="x", status="failed")
    [begun] = copies(manifest, catalogue(here, failed), terms).copies
    assert begun.identifier == "we1-orders-2026-03-03-copy-2"


def test_no_more_than_twenty_copies_are_under_way_into_a_region(
    manifest: Manifest, catalogue: Make, shelf: Make, terms: Terms
) -> None:
    [here] = shelf(1)
    many = [
        replace(
            here, series=replace(here.series, resource=f"db{n}"), arn=f"a{n}", identifier=f"i{n}"
        )
        for n in range(30)
    ]
    under_way = [
        replace(one, region=AWAY, source=one.arn, status="creating", unusable="x", taken_at=None)
        for one in many[:4]
    ]
    found = copies(manifest, catalogue(*many, *under_way), terms)
    assert len(found.copies) == 16
    assert set(found.waiting.values()) == {f"20 copies into {AWAY} are under way"}


def test_what_the_rotation_gives_up_is_not_copied(
    manifest: Manifest, catalogue: Make, shelf: Make, terms: Terms
) -> None:
    points = shelf(365)
    there = [replace(one, source=one.arn, region=AWAY, arn=f"c{one.arn}") for one in points[:6]]
    found = copies(manifest, catalogue(*points, *there), terms)
    assert len(found.copies) + len(found.waiting) == 12 - 5


def test_into_a_region_that_was_not_read_nothing_is_copied(
    manifest: Manifest, catalogue: Make, shelf: Make, terms: Terms
) -> None:
    blind = catalogue(*shelf(3), unread={AWAY: TemporaryError("it does not answer.")})
    found = copies(manifest, blind, terms)
    assert found.copies == ()
    assert found.problems == {AWAY: "nothing is copied there: it does not answer."}
