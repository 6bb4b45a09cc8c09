"""A controller's process: killed, frozen, by a wrong clock. A small world stands in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, cast

import pytest

from drill.process import Killed, Process
from simulator.clock import VirtualClock, VirtualWorkers
from simulator.faults import Fault, FaultKind, Faults

if TYPE_CHECKING:
    from simulator.world import World

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


@dataclass
class Little:
    """What a process needs of a world, and what reached AWS."""

    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    sent: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults = Faults(self.clock, Random(1))

    def begin(self, *faults: Fault) -> None:
        self.faults.schedule(faults, origin=self.clock.monotonic())
        self.clock.sleep(0)

    def process(self, *, struck: bool = True) -> Process:
        return Process(cast("World", self), struck=struck)

    def call(self, process: Process, operation: str) -> dict[str, Any]:
        def send() -> dict[str, Any]:
            self.sent.append((operation, self.clock.monotonic()))
            self.clock.sleep(1)
            return {"is": operation}

        return process.call("eu-west-1", "rds", operation, send)


@pytest.fixture
def little() -> Little:
    return Little()


@pytest.mark.parametrize(("after", "reached"), [(False, 0), (True, 1)])
def test_a_kill_comes_before_a_call_or_after_it(little: Little, after: bool, reached: int) -> None:
    row = Fault(FaultKind.CONTROLLER_KILLED, 0, operation="Promote*", lasts_s=7, after=after)
    little.begin(row)
    process = little.process()
    assert little.call(process, "Describe") == {"is": "Describe"}
    with pytest.raises(Killed):
        little.call(process, "PromoteReadReplica")
    assert [name for name, _ in little.sent].count("PromoteReadReplica") == reached
    assert process.down_s == 7


def test_a_dead_process_calls_nobody_and_never_wakes_up(little: Little) -> None:
    little.begin(Fault(FaultKind.CONTROLLER_KILLED, 0, times=1))
    process = little.process()
    with pytest.raises(Killed):
        little.call(process, "Describe")
    for attempt in (lambda: little.call(process, "Describe"), lambda: process.sleep(1)):
        with pytest.raises(Killed):
            attempt()
    assert len(little.sent) == 1
    assert little.call(little.process(), "Describe") == {"is": "Describe"}


def test_all_threads_of_a_process_die_with_it(little: Little) -> None:
    little.begin(Fault(FaultKind.CONTROLLER_KILLED, 0, operation="Promote", times=1))
    process = little.process()

    def work(operation: str) -> None:
        for _ in range(5):
            little.call(process, operation)

    with pytest.raises(Killed):
        VirtualWorkers(little.clock, 2).run([lambda: work("Promote"), lambda: work("Describe")])
    assert len(little.sent) == 2


def test_a_frozen_process_sends_later_what_it_had_decided(little: Little) -> None:
    row = Fault(FaultKind.CONTROLLER_PAUSED, 0, lasts_s=600, times=1, after=False)
    little.begin(row)
    assert little.call(little.process(), "Promote") == {"is": "Promote"}
    assert little.sent == [("Promote", 600)]


def test_a_process_freezes_with_all_its_threads(little: Little) -> None:
    row = Fault(
        FaultKind.CONTROLLER_PAUSED, 0, operation="Promote", lasts_s=600, times=1, after=False
    )
    little.begin(row)
    process = little.process()

    def sleep() -> float:
        process.sleep(10)
        return process.monotonic()

    VirtualWorkers(little.clock, 2).run([lambda: little.call(process, "Promote"), sleep])
    assert little.clock.monotonic() >= 600
    assert process.monotonic() == little.clock.monotonic()


def test_a_clock_is_off_while_the_fault_lasts(little: Little) -> None:
    little.begin(Fault(FaultKind.CLOCK_SKEW, 0, seconds=-300, lasts_s=60))
    process = little.process()
    assert process.now() == START - timedelta(seconds=300)
    assert process.monotonic() == 0
    little.clock.sleep(60)
    assert process.now() == START + timedelta(seconds=60)


def test_a_process_that_faults_do_not_concern_goes_on(little: Little) -> None:
    little.begin(
        Fault(FaultKind.CONTROLLER_KILLED, 0),
        Fault(FaultKind.CONTROLLER_PAUSED, 0, lasts_s=60, after=False),
        Fault(FaultKind.CLOCK_SKEW, 0, seconds=99),
    )
    process = little.process(struck=False)
    assert little.call(process, "Promote") == {"is": "Promote"}
    assert process.now() == little.clock.now()
