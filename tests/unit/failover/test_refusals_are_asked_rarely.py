"""What AWS refuses for good is asked again, for a person may mend it, but some ten times only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.journal import EntryKind
from failover.asking import FIRST_S, LONGEST_S, pause_s
from failover.progress import State

if TYPE_CHECKING:
    from tests.unit.failover.conftest import FakeZone

PROMOTIONS = 2


def refused(zone: FakeZone) -> list[str]:
    told = [one for one in zone.kinds(EntryKind.VERDICT) if "refused_step" in one.data]
    return [one.sentence for one in told]


def test_a_promotion_that_is_denied_is_asked_for_about_ten_times_and_told_once(
    lost_zone: FakeZone,
) -> None:
    lost_zone.denied = {"promote"}
    assert lost_zone.recover(lost_zone.engine()).state is State.BLOCKED
    asked = lost_zone.calls.count("promote")
    assert 8 * PROMOTIONS <= asked <= 13 * PROMOTIONS
    told = refused(lost_zone)
    assert len(told) == PROMOTIONS
    assert told[0].startswith("AWS refuses to promote we1-")
    assert "asked again with growing pauses of up to 5 minutes" in told[0]


@pytest.mark.parametrize("call", ["hold_recovery_points", "put_latch", "run_tasks", "write"])
def test_so_is_every_other_step(lost_zone: FakeZone, call: str) -> None:
    lost_zone.denied = {call}
    engine = lost_zone.engine()
    while lost_zone.clock.seconds < 1500 and not lost_zone.run().end:
        lost_zone.step(engine)
    steps = len(refused(lost_zone))
    assert steps >= 1
    assert lost_zone.calls.count(call) <= 14 * steps


def test_a_right_that_is_granted_meanwhile_is_used_within_minutes(lost_zone: FakeZone) -> None:
    lost_zone.denied = {"promote"}
    engine = lost_zone.engine()
    while lost_zone.clock.seconds < 900:
        said = lost_zone.step(engine).sentence
    assert "trouble: promote-" in said
    assert "(asked again in" in said
    lost_zone.denied = set()
    granted = lost_zone.clock.seconds
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert min(one.promoted_at for one in lost_zone.replicas.values()) - granted <= LONGEST_S + 15


def test_a_driver_that_forgot_asks_at_once_and_tells_nothing_twice(lost_zone: FakeZone) -> None:
    lost_zone.denied = {"promote"}
    engine = lost_zone.engine()
    while lost_zone.clock.seconds < 900:
        lost_zone.step(engine)
    before = lost_zone.calls.count("promote")
    lost_zone.step(lost_zone.engine())
    assert lost_zone.calls.count("promote") == before + PROMOTIONS
    assert len(refused(lost_zone)) == PROMOTIONS


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_pauses_grow_and_are_bounded(one: float, more: float) -> None:
    assert FIRST_S <= pause_s(one) <= pause_s(one + more) <= LONGEST_S
