"""Kill or lose the reply at every changing call of a restore: one end state, effects once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.failover.conftest import FakeZone

CHANGES = ("append", "rename", "restore", "promote", "put_latch", "run_tasks", "write")


@pytest.fixture
def broken(make_zone: Callable[..., FakeZone]) -> Callable[..., FakeZone]:
    """Return a maker of zones with one replica broken, and what restores it."""

    def make(script: dict[int, str] | None = None) -> FakeZone:
        zone = make_zone(script=script or {})
        zone.lag_s = {"we1-orders-away-1": None}
        zone.points = [zone.backups("orders"), zone.snapshot("orders")]
        return zone.lose_region()

    return make


def drive(zone: FakeZone, killed: type[BaseException]) -> None:
    """Tick; each death hands over to another driver."""
    drivers = iter(f"driver-{number}" for number in range(9))
    engine = zone.engine(next(drivers))
    while zone.clock.seconds < 3 * 3600:
        try:
            if zone.step(engine).state.over:
                return
        except killed:
            engine = zone.engine(next(drivers))
    pytest.fail("not over within three hours")


@pytest.mark.parametrize("fault", ["kill before", "kill after", "lost reply"])
def test_a_cut_at_any_change_leads_to_the_same_end(
    broken: Callable[..., FakeZone], killed: type[BaseException], fault: str
) -> None:
    clean = broken()
    assert clean.recover(clean.engine()).state is State.RECOVERED
    assert clean.restored
    cuts = [number for number, name in enumerate(clean.calls, 1) if name in CHANGES]
    assert len(cuts) > 15
    for number in cuts:
        zone = broken({number: fault})
        drive(zone, killed)
        assert zone.end_state() == clean.end_state(), f"{fault} at call {number}"
        assert zone.effects == clean.effects, f"{fault} at call {number}"


def test_the_end_is_the_same_when_every_tick_is_another_process(
    broken: Callable[..., FakeZone],
) -> None:
    clean, zone = broken(), broken()
    clean.recover(clean.engine())
    while not zone.step(zone.engine()).state.over:
        assert zone.clock.seconds < 3 * 3600
    assert zone.end_state() == clean.end_state()
    assert zone.effects == clean.effects
