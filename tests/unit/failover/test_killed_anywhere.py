"""Kill, freeze, deny, throttle, lose the reply at every call: one end state, effects once.

The zone has three databases.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from tests.unit.failover.conftest import FakeZone


FROZEN_S, LONG_S = 120.0, 600.0
"""Two lease times, too short for lag to grow above the objective before anybody suspects it; and
ten of them, in which whoever only watches takes over and is done."""

DEATHS = ("kill before", "kill after")
FAULTS = [
    *((fault, successor) for fault in (*DEATHS, "pause") for successor in ("one", "two")),
    *((fault, "one") for fault in ("lost reply", "timeout", "throttle", "denied")),
]


def drive(zone: FakeZone, killed: type[BaseException], owners: list[str]) -> None:
    """Tick with the first owner; each death hands over to the next one."""
    engine = zone.engine(owners.pop(0))
    while zone.clock.seconds < 7200:
        try:
            if zone.step(engine).state.over:
                return
        except killed:
            engine = zone.engine(owners.pop(0))
    pytest.fail("not over within two hours")


@pytest.fixture
def three_databases(manifest_of: Callable[..., Manifest]) -> Manifest:
    return manifest_of(("billing", "catalogue", "orders"))


@pytest.fixture
def clean(make_zone: Callable[..., FakeZone], three_databases: Manifest) -> FakeZone:
    zone = make_zone(manifest=three_databases)
    zone.lose_region()
    assert zone.recover(zone.engine()).state is State.RECOVERED
    return zone


def sleep_through(zone: FakeZone, successor: str) -> Callable[[], object]:
    """Return what passes while the driver is frozen: time alone, or another one's whole work."""
    if successor == "one":
        return lambda: zone.clock.sleep(FROZEN_S)

    def work() -> None:
        engine, until = zone.engine(successor), zone.clock.seconds + LONG_S
        while zone.clock.seconds < until and not zone.step(engine).state.over:
            pass

    return work


@pytest.mark.parametrize(("fault", "successor"), FAULTS)
def test_a_fault_at_any_call_leads_to_the_same_end(
    clean: FakeZone,
    make_zone: Callable[..., FakeZone],
    killed: type[BaseException],
    fault: str,
    successor: str,
) -> None:
    for call in range(1, len(clean.calls) + 1):
        zone = make_zone(manifest=clean.manifest, script={call: fault})
        zone.meanwhile = sleep_through(zone, successor)
        zone.lose_region()
        drive(zone, killed, ["one", successor, successor])
        assert zone.end_state() == clean.end_state(), f"{fault} at call {call}"
        assert zone.effects == clean.effects, f"{fault} at call {call}"


def test_two_deaths_in_one_recovery_lead_to_the_same_end(
    clean: FakeZone, make_zone: Callable[..., FakeZone], killed: type[BaseException]
) -> None:
    calls = len(clean.calls)
    for first in range(1, calls, 7):
        for second in range(first + 1, calls, 11):
            zone = make_zone(
                manifest=clean.manifest, script={first: "kill after", second: "kill after"}
            )
            zone.lose_region()
            drive(zone, killed, ["one", "one", "one", "one"])
            assert zone.end_state() == clean.end_state(), (first, second)


def test_the_end_is_the_same_when_every_tick_is_another_process(
    clean: FakeZone, make_zone: Callable[..., FakeZone]
) -> None:
    zone = make_zone(manifest=clean.manifest)
    zone.lose_region()
    while not zone.step(zone.engine()).state.over:
        assert zone.clock.seconds < 7200
    assert zone.end_state() == clean.end_state()
    assert zone.effects == clean.effects


def test_three_calls_in_ten_throttled_end_the_same(
    clean: FakeZone, make_zone: Callable[..., FakeZone]
) -> None:
    chance = Random(7)
    throttled = [call for call in range(1, 6000) if chance.random() < 0.3]
    zone = make_zone(manifest=clean.manifest, script=dict.fromkeys(throttled, "throttle"))
    zone.lose_region()
    zone.recover(zone.engine())
    assert zone.end_state() == clean.end_state()
    assert zone.effects == clean.effects


@pytest.mark.parametrize("call", ["fence", "protect"])
def test_a_step_that_is_denied_for_ever_does_not_hold_the_recovery_up(
    make_zone: Callable[..., FakeZone], call: str
) -> None:
    zone = make_zone(denied={call})
    for replica in zone.replicas.values():
        replica.protected = False
    zone.lose_region()
    assert zone.recover(zone.engine()).state is State.RECOVERED


BLOCKING = (
    "hold_recovery_points",
    "put_latch",
    "run_tasks",
    "promote",
    "instances",
    "hosting",
    "latches",
    "write",
)


@pytest.mark.parametrize("call", BLOCKING)
def test_a_call_that_is_denied_for_ever_ends_the_run_in_bounded_time_with_the_reason(
    make_zone: Callable[..., FakeZone], call: str
) -> None:
    zone = make_zone(denied={call})
    zone.lose_region()
    last = zone.recover(zone.engine())
    assert last.state is State.BLOCKED
    assert f"{call}: denied" in last.sentence
    assert "open/away" not in zone.latch_at


def test_lag_that_cannot_be_read_refuses_and_says_how_to_lift_it(
    make_zone: Callable[..., FakeZone],
) -> None:
    zone = make_zone(denied={"lags"})
    zone.lose_region()
    last = zone.recover(zone.engine(patience_s=60.0))
    assert last.state is State.REFUSED
    assert "--accept-data-loss billing" in last.sentence
