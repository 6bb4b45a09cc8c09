"""Which source a restore takes: named, by moment, or the newest; and whose moments they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backup.points import WRONG, Catalogue, Kind, Point, Reach, Series, Store
from backup.restore_choice import Wish, choose
from backup.restore_source import SourceKind
from backup.turns import serving_turns
from continuity import naming
from continuity.errors import InvalidInput, TemporaryError
from continuity.zone import SiteName

HOME, AWAY = "eu-west-1", "eu-central-1"
ORDERS = Series("we1", "orders", Kind.DATABASE)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Make = Callable[..., Catalogue]
Shelf = Callable[..., list[Point]]

OWN = Reach(
    ORDERS,
    HOME,
    "active",
    oldest=NOON - timedelta(days=7),
    newest=NOON,
    instance="we1-orders-home-1",
    resource="db-ONE",
)
RECEIVED = replace(
    OWN, region=AWAY, newest=NOON - timedelta(minutes=5), arn="arn:backups", received=True
)


def wish(region: str = HOME, **more: object) -> Wish:
    return replace(Wish(ORDERS, region), **more)  # type: ignore[arg-type]


def why_not(catalogue: Catalogue, wanted: Wish) -> str:
    with pytest.raises(InvalidInput) as refused:
        choose(catalogue, wanted)
    [problem] = refused.value.problems
    return str(problem)


def test_whatever_holds_the_newest_data_is_taken(catalogue: Make, shelf: Shelf) -> None:
    points = shelf(3)
    window = choose(catalogue(*points, reaches=(replace(OWN, newest=points[0].taken_at),)), wish())
    assert (window.source.kind, window.source.name) == (
        SourceKind.SNAPSHOT,
        "we1-orders-2026-03-03",
    )
    newer = replace(OWN, newest=points[0].taken_at + timedelta(minutes=5))
    taken = choose(catalogue(*points, reaches=(newer, RECEIVED)), wish()).source
    assert (taken.kind, taken.name) == (SourceKind.OWN_BACKUPS, "db-ONE")
    assert taken.moment == newer.newest - timedelta(seconds=1)


def test_in_the_other_site_what_it_received_is_restored(catalogue: Make, shelf: Shelf) -> None:
    found = catalogue(*shelf(1), reaches=(OWN, RECEIVED))
    taken = choose(found, wish(AWAY)).source
    assert (taken.kind, taken.name) == (SourceKind.RECEIVED_BACKUPS, "arn:backups")
    assert taken.region == AWAY


def test_newer_ones_that_cannot_be_restored_are_told_with_the_reason(
    catalogue: Make, shelf: Shelf
) -> None:
    bad, good = shelf(2)
    found = catalogue(replace(bad, unusable="it is failed"), good)
    choice = choose(found, wish())
    assert choice.source.name == good.identifier
    assert [(one.name, one.why) for one in choice.passed] == [(bad.identifier, "it is failed")]


def test_what_is_known_of_the_content_is_said(catalogue: Make, shelf: Shelf) -> None:
    [one] = shelf(1)
    tested = replace(one, verified="2026-03-03T04:00:00+00:00")
    for point, told in (
        (tested, "; a restore of it was tested at 2026-03-03T04:00:00+00:00"),
        (replace(one, incident="INC-7"), "; taken in INC-7 and never tested"),
    ):
        assert choose(catalogue(point), wish()).why.endswith(told)
        assert choose(catalogue(point), wish(point=one.identifier)).why.endswith(told)


def test_a_point_by_name_is_taken_although_newer_ones_are_there(
    catalogue: Make, shelf: Shelf
) -> None:
    points = shelf(3)
    choice = choose(catalogue(*points, reaches=(OWN,)), wish(point=points[1].identifier))
    assert choice.source.label == points[1].identifier
    assert [one.why for one in choice.passed] == ["it was not asked for", "it was not asked for"]


REFUTED = "2026-03-03T04:00:00+00:00 some"


def test_a_refuted_point_is_restored_only_where_a_person_says_so(
    catalogue: Make, shelf: Shelf
) -> None:
    bad, good = shelf(2)
    bad = replace(bad, refuted=REFUTED, unusable=f"{WRONG}{REFUTED}")
    found = catalogue(bad, good)
    assert choose(found, wish()).source.name == good.identifier
    assert "nevertheless with --refuted --reason" in why_not(found, wish(point=bad.identifier))
    taken = choose(found, wish(point=bad.identifier, refuted=True))
    assert taken.source.name == bad.identifier
    assert taken.why.endswith(f"although its content is wrong: {REFUTED}")
    gone = replace(bad, unusable="its key is PendingDeletion: k")
    assert "its key is" in why_not(catalogue(gone), wish(point=bad.identifier, refuted=True))


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (wish(point="we1-x"), "--point: orders has no point we1-x; what can be restored in"),
        (wish(AWAY, point="we1-orders-2026-03-03"), "lies in eu-west-1 and not in eu-central-1"),
        (wish(point="we1-orders-2026-03-01"), "cannot be restored: it is creating"),
        (
            wish(moment=NOON + timedelta(hours=1)),
            "reach from 2026-02-23 12:00:00 UTC to 2026-03-02",
        ),
        (wish(moment=NOON - timedelta(days=9)), "no automated backups in eu-west-1 reach"),
        (wish(AWAY, moment=NOON), "those in eu-west-1 do: choose that site with --site"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    catalogue: Make, shelf: Shelf, wanted: Wish, told: str
) -> None:
    *points, making = shelf(3)
    found = catalogue(*points, replace(making, unusable="it is creating"), reaches=(OWN, RECEIVED))
    assert told in why_not(found, wanted)


def test_where_nothing_can_be_restored_each_reason_is_told(catalogue: Make, shelf: Shelf) -> None:
    [one] = shelf(1)
    found = catalogue(
        replace(one, unusable="its key is Disabled"),
        reaches=(replace(OWN, unusable="it is pending"),),
    )
    told = why_not(found, wish())
    assert "we1-orders-2026-03-03: its key is Disabled" in told
    assert "backups of we1-orders-home-1: it is pending" in told
    assert "there is no recovery point" in why_not(catalogue(), wish())


def test_a_region_that_cannot_be_read_is_not_taken_for_an_empty_one(catalogue: Make) -> None:
    found = catalogue(unread={HOME: TemporaryError("RDS does not answer.")})
    assert "cannot be read: RDS does not answer." in why_not(found, wish())


def test_files_of_the_same_name_are_no_database(catalogue: Make, shelf: Shelf) -> None:
    [one] = shelf(1)
    assert "no point" in why_not(
        catalogue(replace(one, store=Store.VAULT)), wish(point=one.identifier)
    )


def test_a_moment_belongs_to_what_was_the_database_then(catalogue: Make) -> None:
    swapped = NOON - timedelta(hours=3)
    name = naming.aside("we1-orders-home-1", f"{swapped:{naming.ASIDE_AT}}")
    old = replace(OWN, instance=name, resource="db-OLD")
    new = replace(OWN, resource="db-NEW", oldest=swapped - timedelta(hours=1))
    found = catalogue(reaches=serving_turns((new, old)))
    assert choose(found, wish()).source.name == "db-NEW"
    for minutes, resource in ((-30, "db-OLD"), (-1, "db-OLD"), (1, "db-NEW")):
        moment = swapped + timedelta(minutes=minutes)
        assert choose(found, wish(moment=moment)).source.name == resource


def test_what_held_nothing_that_counts_reaches_no_moment() -> None:
    swapped = NOON + timedelta(hours=1)
    name = naming.aside("we1-orders-home-1", f"{swapped:{naming.ASIDE_AT}}")
    new, old = serving_turns((OWN, replace(OWN, instance=name, newest=swapped)))
    assert (new.oldest, new.unusable) == (None, "it holds no moment yet")
    assert (old.oldest, old.newest) == (OWN.oldest, swapped)


@pytest.mark.parametrize(
    ("identifier", "aside", "moment"),
    [
        (
            "we1-orders-home-1-aside-20260303t040506",
            True,
            datetime(2026, 3, 3, 4, 5, 6, tzinfo=UTC),
        ),
        ("we1-orders-home-1-aside-we1-0001", True, None),
        ("we1-orders-home-1", False, None),
        ("we1-orders-home-11-aside-we1-0001", False, None),
    ],
)
def test_what_was_set_aside_is_known_by_its_name(
    identifier: str, aside: bool, moment: datetime | None
) -> None:
    assert naming.is_aside(identifier, "we1-orders-home-1") is aside
    assert naming.aside_at(identifier) == moment


def test_a_long_name_is_known_although_it_was_cut() -> None:
    long = f"we1-{'o' * 50}-home-1"
    assert naming.is_aside(naming.aside(long, "20260303t040506"), long)
    assert naming.restored("we1", "orders", SiteName.AWAY) == "we1-orders-away-restored"
