"""Which points of a shelf take a place: what holds and trials say of them, without a world."""

from datetime import UTC, datetime, timedelta

import pytest

from backup.hold_rules import GRACE, Hold, Release, Standing
from backup.points import Kind, Series
from simulator.hold_book import Said
from simulator.shelves import Found, Record

BEGAN = datetime(2026, 3, 1, 2, tzinfo=UTC)
NIGHTS = [BEGAN + timedelta(days=night) for night in range(8)]
FILES = Series("we1", "home-private", Kind.FILES)
HELD = Standing(releases=(Release("INC-7", NIGHTS[3] - timedelta(hours=1), NIGHTS[5], "ana"),))


def test_what_came_under_a_hold_takes_no_place_until_it_is_proven() -> None:
    said = Said(HELD, proven={FILES.resource: frozenset({NIGHTS[4]})})
    assert said.uncounted(FILES, set(NIGHTS)) == {NIGHTS[3], NIGHTS[5]}


def test_what_a_trial_refuted_takes_no_place_at_all() -> None:
    said = Said(Standing(), refuted={FILES.resource: frozenset({NIGHTS[1]})})
    assert said.uncounted(FILES, set(NIGHTS)) == {NIGHTS[1]}


def test_the_last_known_good_one_before_each_hold_is_pinned() -> None:
    on = Hold("INC-8", "", NIGHTS[6] + timedelta(hours=5))
    both = Said(Standing(holds=(on,), releases=HELD.releases))
    assert both.pinned(set(NIGHTS), set()) == {NIGHTS[2], NIGHTS[6]}
    damage = Said(Standing((Hold("damaged-2026-03-07", "", on.since),)))
    assert damage.pinned(set(NIGHTS), {NIGHTS[1], NIGHTS[7]}) == {NIGHTS[1]}
    assert damage.pinned(set(NIGHTS), set()) == {NIGHTS[6]}


@pytest.mark.parametrize(("passed", "held"), [(GRACE / 2, True), (GRACE * 2, False)])
def test_a_zone_is_held_until_the_grace_of_the_last_release_is_over(
    passed: timedelta, held: bool
) -> None:
    assert Said(HELD).holds(NIGHTS[5] + passed) is held


def test_a_point_is_known_from_the_look_that_finds_it_of_use() -> None:
    record = Record()
    record.note([Found(NIGHTS[0], NIGHTS[0]), Found(NIGHTS[1], NIGHTS[1], usable=False)])
    assert (set(record.came), record.there) == ({NIGHTS[0]}, {NIGHTS[0]})
    record.note([Found(NIGHTS[0], NIGHTS[0], usable=False), Found(NIGHTS[1], NIGHTS[3])])
    assert record.came == {NIGHTS[0]: NIGHTS[0], NIGHTS[1]: NIGHTS[3]}
    assert record.there == {NIGHTS[0], NIGHTS[1]}


def test_what_a_point_was_told_to_be_last_is_true_of_it_when_it_is_gone() -> None:
    record = Record()
    waits = Found(NIGHTS[0], NIGHTS[0], counts=False)
    record.note([waits, Found(NIGHTS[1], NIGHTS[1], counts=False, unread=True)])
    assert (record.uncounted, record.unread) == ({NIGHTS[0], NIGHTS[1]}, {NIGHTS[1]})
    record.note([Found(NIGHTS[1], NIGHTS[1])])
    assert (record.uncounted, record.unread) == ({NIGHTS[0]}, set())
    record.note([])
    assert (record.there, record.uncounted) == (set(), {NIGHTS[0]})
