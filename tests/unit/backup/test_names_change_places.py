"""A swap of names: every step follows from what was read, from wherever it is begun again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from backup.restore_names import Bearers, Move, Names, next_move
from cloud.databases import InstanceState
from continuity import naming

HOME, RESTORED, ASIDE = "we1-orders-home-1", "we1-orders-home-restored", "we1-orders-aside"
MARK = "restore/orders/we1-orders-2026-03-03"
NAMES = Names(HOME, RESTORED, ASIDE, MARK, ("sg-tasks",))

PLAIN = InstanceState(
    identifier=HOME,
    status="available",
    source=None,
    retention_days=7,
    backup_window="03:00-03:30",
    deletion_protection=False,
    parameter_group="g",
    parameter_status="in-sync",
    multi_az=True,
    instance_class="db.m7g.large",
    engine_version="16.4",
    address="a",
    replication=(),
    pending=(),
    tags={naming.TAG_DATABASE: "orders"},
    security_groups=("sg-databases",),
)
NEW = replace(PLAIN, identifier=RESTORED, tags={naming.TAG_RESTORED_BY: MARK})


def after(seen: Bearers, move: Move) -> Bearers:
    """Return what is there once a move was made: the names are the keys of the world."""
    if move is Move.STEP_ASIDE:
        return replace(seen, current=None, aside=seen.current)
    if move is Move.TAKE_NAME:
        return replace(seen, current=seen.restored, restored=None)
    if move is Move.NOTE:
        assert seen.restored is not None
        return replace(seen, restored=_tagged(seen.restored, naming.TAG_SWAP, ASIDE))
    assert seen.current is not None
    return replace(seen, current=CHANGES[move](seen.current))


def _tagged(state: InstanceState, key: str, value: str) -> InstanceState:
    return replace(state, tags={**state.tags, key: value})


CHANGES: dict[Move, Callable[[InstanceState], InstanceState]] = {
    Move.PROTECT: lambda old: replace(old, deletion_protection=True),
    Move.LABEL: lambda old: replace(old, tags={naming.TAG_SET_ASIDE: "orders"}),
    Move.CLOSE: lambda old: replace(old, security_groups=NAMES.closed),
    Move.CLAIM: lambda old: _tagged(old, naming.TAG_DATABASE, "orders"),
}


def moves(seen: Bearers) -> Iterator[Move]:
    for _ in range(20):
        move = next_move(NAMES, seen)
        if move is Move.DONE:
            return
        yield move
        seen = after(seen, move)
    raise AssertionError("no end")


WHOLE = [
    Move.NOTE,
    Move.PROTECT,
    Move.LABEL,
    Move.CLOSE,
    Move.STEP_ASIDE,
    Move.TAKE_NAME,
    Move.CLAIM,
]


def test_a_writable_one_is_protected_labelled_and_closed_before_its_name_goes() -> None:
    assert list(moves(Bearers(PLAIN, NEW))) == WHOLE


def test_a_replica_needs_no_closing_and_nothing_at_all_needs_no_stepping_aside() -> None:
    replica = replace(PLAIN, source="arn:primary", deletion_protection=True)
    assert list(moves(Bearers(replica, NEW))) == [
        one for one in WHOLE if one not in {Move.PROTECT, Move.CLOSE}
    ]
    assert list(moves(Bearers(None, NEW))) == [Move.NOTE, Move.TAKE_NAME, Move.CLAIM]


def test_whatever_is_stopped_or_full_steps_aside_as_it_is() -> None:
    for status in ("stopped", "storage-full"):
        found = list(moves(Bearers(replace(PLAIN, status=status), NEW)))
        assert found == [Move.NOTE, Move.LABEL, Move.STEP_ASIDE, Move.TAKE_NAME, Move.CLAIM]


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_begun_again_after_any_step_it_goes_on_with_the_next(number: int) -> None:
    seen = Bearers(PLAIN, NEW)
    for move in WHOLE[:number]:
        seen = after(seen, move)
    assert list(moves(seen)) == WHOLE[number:]


@pytest.mark.parametrize("status", ["modifying", "renaming", "rebooting", "backing-up"])
def test_nothing_is_asked_of_what_is_busy(status: str) -> None:
    noted = after(Bearers(PLAIN, NEW), Move.NOTE)
    busy = replace(PLAIN, status=status)
    assert next_move(NAMES, replace(noted, current=busy)) is Move.WAIT
    assert noted.restored is not None
    busy = replace(noted.restored, status=status)
    assert next_move(NAMES, Bearers(None, busy)) is Move.WAIT


def test_between_two_names_it_is_waited_for() -> None:
    assert next_move(NAMES, Bearers(None, None, PLAIN)) is Move.WAIT
    mine = replace(NEW, identifier=HOME, status="rebooting", tags={**NEW.tags, **PLAIN.tags})
    assert next_move(NAMES, Bearers(mine, None)) is Move.WAIT


def test_what_no_waiting_helps_is_stuck() -> None:
    noted = after(Bearers(PLAIN, NEW), Move.NOTE)
    broken = replace(PLAIN, status="incompatible-restore")
    assert next_move(NAMES, replace(noted, current=broken)) is Move.STUCK
    assert noted.restored is not None
    failed = replace(noted.restored, status="failed")
    assert next_move(NAMES, Bearers(None, failed)) is Move.STUCK
    mine = replace(broken, tags={naming.TAG_RESTORED_BY: MARK})
    assert next_move(NAMES, Bearers(mine, None)) is Move.STUCK


def test_a_database_that_was_restored_from_the_same_point_before_is_the_old_one() -> None:
    before = replace(PLAIN, tags={**PLAIN.tags, naming.TAG_RESTORED_BY: MARK})
    assert list(moves(Bearers(before, NEW))) == WHOLE
