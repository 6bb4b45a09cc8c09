"""A run ends in bounded time, and a driver that slept through a deadline is no reason to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.failover.conftest import FakeZone

HOUR_S = 3600.0


@pytest.mark.parametrize("asleep_s", [60.0, HOUR_S, 12 * HOUR_S])
def test_a_driver_that_sleeps_after_any_intent_ends_the_same(
    make_zone: Callable[..., FakeZone], killed: type[BaseException], asleep_s: float
) -> None:
    awake = make_zone()
    awake.lose_region()
    awake.recover(awake.engine())
    for call in [n for n, name in enumerate(awake.calls, 1) if name == "append"]:
        zone = make_zone(script={call: "kill after"})
        zone.lose_region()
        with pytest.raises(killed):
            zone.recover(zone.engine())
        zone.clock.sleep(asleep_s)
        assert zone.recover(zone.engine("two"), 20 * HOUR_S).state is State.RECOVERED, call
        assert zone.end_state() == awake.end_state(), call


def test_a_promotion_that_never_ends_blocks_with_the_reason(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "promote-orders" not in lost_zone.run().intents:
        lost_zone.step(engine)
    lost_zone.replicas["we1-orders-away-1"].busy = "modifying"
    last = lost_zone.recover(engine)
    assert last.state is State.BLOCKED
    assert "Could not promote we1-orders-away-1: it did not come about within 30 min." in (
        last.sentence
    )


def test_a_promotion_that_is_accepted_and_forgotten_is_asked_for_twice_and_then_given_up(
    lost_zone: FakeZone,
) -> None:
    forgetful = lost_zone.replicas["we1-orders-away-1"]
    engine = lost_zone.engine(patience_s=600.0)
    while not lost_zone.run().end:
        forgetful.promoted_at = None
        lost_zone.effects["promote we1-orders-away-1"] = 0
        lost_zone.step(engine)
    assert lost_zone.run().outcome == "blocked"
    assert len(lost_zone.run().attempts["promote-orders"]) == 2
    assert lost_zone.clock.seconds < 2 * HOUR_S


def test_what_cannot_be_looked_at_is_said_once_and_nothing_is_decided(
    lost_zone: FakeZone,
) -> None:
    lost_zone.denied = {"instances"}
    engine = lost_zone.engine()
    while not lost_zone.run().unseen:
        lost_zone.step(engine)
    for _ in range(10):
        lost_zone.step(engine)
    assert lost_zone.journal[-1].sentence == "The instances: instances: denied."
    assert "promote-orders" not in lost_zone.run().intents
    lost_zone.denied = set()
    lost_zone.step(engine)
    said = [entry.sentence for entry in lost_zone.journal]
    assert said.count("The instances: instances: denied.") == 1
    assert said.count("The instances can be seen again.") == 1
    assert lost_zone.recover(engine).state is State.RECOVERED


def test_a_sight_that_fails_now_and_then_for_hours_fails_nothing(lost_zone: FakeZone) -> None:
    lost_zone.lag_s["we1-orders-away-1"] = 4000.0
    engine = lost_zone.engine(patience_s=3 * HOUR_S)
    tick = 0
    while lost_zone.clock.seconds < 2 * HOUR_S:
        lost_zone.denied = {"instances"} if tick % 2 else set()
        tick += 1
        lost_zone.step(engine)
    lost_zone.denied = set()
    lost_zone.consent("orders")
    assert lost_zone.recover(engine, 4 * HOUR_S).state is State.RECOVERED


def test_what_fails_for_good_gives_up_at_its_deadline_not_before(lost_zone: FakeZone) -> None:
    lost_zone.denied = {"promote"}
    lost_zone.recover(lost_zone.engine())
    failed = lost_zone.run().failed["promote-orders"]
    intent = lost_zone.run().intents["promote-orders"]
    assert 1800 <= (failed.at - intent.at).total_seconds() <= 1820
