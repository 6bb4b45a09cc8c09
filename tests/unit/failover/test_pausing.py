from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from failover import decisions
from failover.following import look
from failover.options import Options
from failover.progress import State

if TYPE_CHECKING:
    from failover.engine import Engine
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone


def at_promotion(zone: FakeZone) -> Engine:
    engine = zone.engine()
    while "promote-orders" not in zone.run().intents:
        zone.step(engine)
    return engine


def pause(zone: FakeZone) -> None:
    decisions.pause(zone.around, "ana", "the vendor calls back")


def for_s(zone: FakeZone, engine: Engine, seconds: float) -> Progress:
    until = zone.clock.seconds + seconds
    while zone.clock.seconds < until:
        progress = zone.step(engine)
    return progress


@pytest.mark.parametrize("ticks", range(4, 24, 3))
def test_a_paused_run_begins_nothing_and_goes_on_where_it_was(
    lost_zone: FakeZone, ticks: int
) -> None:
    engine = lost_zone.engine()
    for _ in range(ticks):
        lost_zone.step(engine)
    pause(lost_zone)
    before, lease = lost_zone.effects.copy(), lost_zone.lease
    progress = for_s(lost_zone, engine, 3 * 3600)
    assert progress.state is State.WAITING
    assert "we1-0001 is paused. ana paused: the vendor calls back." in progress.sentence
    assert "holdfast failover resume we1" in progress.sentence
    assert lost_zone.effects == before
    assert lease is not None
    assert lost_zone.lease.version > lease.version
    decisions.lift_pause(lost_zone.around, "rui", "go on")
    assert lost_zone.recover(engine, 24 * 3600).state is State.RECOVERED


def test_what_aws_was_at_is_seen_to_be_done_in_a_pause(lost_zone: FakeZone) -> None:
    engine = at_promotion(lost_zone)
    pause(lost_zone)
    for_s(lost_zone, engine, 600)
    assert "promote-orders" in lost_zone.run().done
    assert "verify-orders" not in lost_zone.run().intents


def test_no_deadline_passes_in_a_pause(lost_zone: FakeZone) -> None:
    engine = at_promotion(lost_zone)
    lost_zone.replicas["we1-orders-away-1"].busy = "modifying"
    pause(lost_zone)
    for_s(lost_zone, engine, 2 * 1800)
    decisions.lift_pause(lost_zone.around, "rui", "go on")
    for_s(lost_zone, engine, 60)
    lost_zone.replicas["we1-orders-away-1"].busy = None
    assert lost_zone.recover(engine, 24 * 3600).state is State.RECOVERED


def test_people_are_not_waited_for_in_a_pause(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine(patience_s=600.0)
    while lost_zone.step(engine, approve=False).state is not State.WAITING:
        pass
    pause(lost_zone)
    until = lost_zone.clock.seconds + 7200
    while lost_zone.clock.seconds < until:
        assert not lost_zone.step(engine, approve=False).state.over
    decisions.lift_pause(lost_zone.around, "rui", "go on")
    assert not lost_zone.step(engine, approve=False).state.over


def test_the_recovery_time_goes_on_in_a_pause(lost_zone: FakeZone) -> None:
    engine = at_promotion(lost_zone)
    pause(lost_zone)
    for_s(lost_zone, engine, 3600)
    found = look(lost_zone.around, Options())
    assert found is not None
    assert found.elapsed_s > 3600
    assert found.left_s < 0
    assert found.waits_for == "somebody to resume it"
    assert found.wanted[0].endswith("holdfast failover resume we1")


def test_a_second_pause_is_the_first(lost_zone: FakeZone) -> None:
    at_promotion(lost_zone)
    pause(lost_zone)
    again = decisions.pause(lost_zone.around, "rui", "me too")
    assert again.data["by"] == "ana"
    assert len(lost_zone.kinds(EntryKind.PAUSED)) == 1


def test_what_is_not_paused_is_not_resumed(lost_zone: FakeZone) -> None:
    at_promotion(lost_zone)
    with pytest.raises(Refusal, match="we1-0001 is not paused"):
        decisions.lift_pause(lost_zone.around, "ana", "go on")


def test_a_paused_run_can_be_aborted(lost_zone: FakeZone) -> None:
    engine = at_promotion(lost_zone)
    pause(lost_zone)
    lost_zone.abort()
    assert lost_zone.recover(engine).state is State.ABORTED


def test_only_time_outside_of_pauses_counts_as_waited(lost_zone: FakeZone) -> None:
    at_promotion(lost_zone)
    since = lost_zone.clock.now()
    lost_zone.clock.sleep(100)
    pause(lost_zone)
    lost_zone.clock.sleep(1000)
    decisions.lift_pause(lost_zone.around, "ana", "go on")
    lost_zone.clock.sleep(10)
    waited = lost_zone.run().waited_s(since, lost_zone.clock.now())
    assert waited == pytest.approx(110, abs=2)
