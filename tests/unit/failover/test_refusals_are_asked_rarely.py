"""What AWS refuses for good is asked again, for a person may mend it, but some ten times only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.journal import EntryKind
from failover.asking import FIRST_S, LONGEST_S, pause_s
from failover.progress import State
from failover.steps.promote import REFUSED_S

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


def test_a_denied_promotion_gives_way_after_ten_minutes_where_a_restore_is_allowed(
    lost_zone: FakeZone,
) -> None:
    lost_zone.denied = {"promote"}
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.recover(lost_zone.engine())
    waited = {
        name: (lost_zone.run().failed[step].at - lost_zone.run().intents[step].at).total_seconds()
        for name in ("orders", "billing")
        for step in (f"promote-{name}",)
    }
    assert REFUSED_S < waited["orders"] < REFUSED_S + 30
    assert waited["billing"] > 1800
    assert "restore-orders-point-in-time" in lost_zone.run().done
    assert lost_zone.calls.count("promote") <= 20
    assert lost_zone.calls.count("recovery_points") < 60


def test_a_restore_above_the_objective_is_no_reason_to_leave_a_denied_promotion_early(
    lost_zone: FakeZone,
) -> None:
    lost_zone.denied = {"promote"}
    old = lost_zone.clock.now() - timedelta(days=1)
    lost_zone.points = [lost_zone.snapshot("orders", newest=old)]
    engine = lost_zone.engine()
    while "promote-orders" not in lost_zone.run().failed:
        lost_zone.step(engine)
    begun = lost_zone.run().intents["promote-orders"].at
    assert (lost_zone.run().failed["promote-orders"].at - begun).total_seconds() > 1800


def test_a_right_that_is_granted_as_time_runs_out_is_used_and_not_given_up(
    lost_zone: FakeZone,
) -> None:
    """The last answer decides: a promotion that AWS took is under way, whatever it said before."""
    lost_zone.denied = {"promote"}
    lost_zone.points = [lost_zone.backups("orders"), lost_zone.backups("billing")]
    engine = lost_zone.engine()
    while "promote-orders" not in lost_zone.run().intents:
        lost_zone.step(engine)
    begun = lost_zone.clock.seconds
    while lost_zone.clock.seconds < begun + REFUSED_S - 20:
        lost_zone.step(engine)
    lost_zone.denied = set()
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert not lost_zone.run().failed


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
