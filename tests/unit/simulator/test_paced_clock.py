import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import Callback, ClockMisused
from simulator.guard import NetworkBlocked
from simulator.serving.paced_clock import MOST_S, BrokenWorld, PacedClock

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


class Machine:
    """A machine's clock that a test moves; sleeping on it lets a moment pass for others."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._never = threading.Event()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self._never.wait(min(seconds, 0.001))


class Boom(Exception):
    pass


def boom() -> None:
    raise Boom


def stray() -> None:
    raise NetworkBlocked("example.com")


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> PacedClock:
    return PacedClock(START, machine, speed=60.0)


def test_before_it_follows_it_jumps(clock: PacedClock) -> None:
    clock.sleep(300)
    assert clock.monotonic() == 300


def test_it_follows_the_machine_at_its_speed(clock: PacedClock, machine: Machine) -> None:
    happened: list[float] = []
    clock.every(10.0, lambda: happened.append(clock.monotonic()))
    thread = clock.follow()
    machine.seconds = 0.5
    with clock.turn():
        assert clock.now() == START + timedelta(seconds=30)
    assert happened == [10.0, 20.0, 30.0]
    clock.stop()
    thread.join()


def test_a_sleeper_lends_its_turn_to_others(clock: PacedClock, machine: Machine) -> None:
    pace = clock.follow()
    inside = threading.Event()
    woke: list[float] = []

    def sleeper() -> None:
        with clock.turn():
            inside.set()
            clock.sleep(60.0)
            woke.append(clock.monotonic())

    thread = threading.Thread(target=sleeper)
    thread.start()
    assert inside.wait(10)
    with clock.turn():
        assert woke == []
    machine.seconds = 1.0
    thread.join(10)
    assert woke == [60.0]
    clock.stop()
    pace.join()


def test_time_may_be_set_forward(clock: PacedClock, machine: Machine) -> None:
    pace = clock.follow()
    with clock.turn():
        clock.advance(3600.0)
        assert clock.monotonic() == 3600.0
    machine.seconds = 1.0
    with clock.turn():
        assert clock.monotonic() == 3660.0
    clock.stop()
    pace.join()


def test_a_machine_that_is_too_slow_slows_the_world_and_keeps_its_order(
    clock: PacedClock, machine: Machine
) -> None:
    happened: list[float] = []

    def heavy() -> None:
        machine.seconds += MOST_S
        happened.append(clock.monotonic())

    clock.every(1.0, heavy)
    clock._origin = (0.0, 0.0)  # followed, but by no thread of its own
    machine.seconds = 1.0
    with clock.turn():
        assert clock.monotonic() < 60.0
    assert happened == [1.0, 2.0]


@pytest.mark.parametrize(("breaks", "error"), [(boom, Boom), (stray, NetworkBlocked)])
def test_what_breaks_the_world_is_told_to_everybody(
    clock: PacedClock, machine: Machine, breaks: Callback, error: type[BaseException]
) -> None:
    clock.at(1.0, breaks)
    pace = clock.follow()
    machine.seconds = 1.0
    pace.join(10)
    with pytest.raises(BrokenWorld) as told, clock.turn():
        pass
    assert isinstance(told.value.__cause__, error)
    with pytest.raises(BrokenWorld):
        clock.wait_until_stopped(0.0)


def test_a_sleep_backwards_is_refused(clock: PacedClock) -> None:
    clock._origin = (0.0, 0.0)
    with pytest.raises(ValueError, match="backwards"):
        clock.sleep(-1.0)


def test_hours_that_are_set_forward_pass_for_whoever_sleeps_in_them(
    clock: PacedClock,
) -> None:
    happened: list[tuple[str, float]] = []

    def run() -> None:
        for _ in range(3):
            clock.sleep(1200.0)
            happened.append(("run", clock.monotonic()))

    clock.every(3600.0, lambda: clock.start(run))
    pace = clock.follow()
    with clock.turn():
        clock.advance(2 * 3600.0 + 1800.0)
    assert [moment for _, moment in happened] == [4800.0, 6000.0, 7200.0, 8400.0]
    clock.stop()
    pace.join()


def test_others_get_their_turn_while_hours_are_set_forward(
    clock: PacedClock, machine: Machine
) -> None:
    found: list[float] = []
    asked = threading.Event()

    def visit() -> None:
        asked.set()
        with clock.turn():
            found.append(clock.monotonic())

    visitor = threading.Thread(target=visit)

    def busy() -> None:
        machine.seconds += 2 * MOST_S
        if clock.monotonic() == 60.0:
            visitor.start()
            assert asked.wait(10)

    clock.every(60.0, busy)
    clock._origin = (0.0, 0.0)  # followed, but by no thread of its own
    with clock.turn():
        while not found:
            clock.advance(600.0)
        reached = clock.monotonic()
    assert 60.0 <= found[0] < reached
    visitor.join()


def test_what_a_task_raises_is_said_and_the_world_goes_on(
    clock: PacedClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.start(boom)
    with caplog.at_level(logging.ERROR):
        clock.sleep(60.0)
    clock.sleep(60.0)
    assert clock.monotonic() == 120.0
    assert [row.exc_info[0] for row in caplog.records if row.exc_info] == [Boom]


def test_a_callback_may_not_sleep(clock: PacedClock) -> None:
    clock.at(1.0, lambda: clock.sleep(1.0))
    with pytest.raises(BrokenWorld) as told:
        clock.sleep(2.0)
    assert isinstance(told.value.__cause__, ClockMisused)


def test_nobody_is_let_in_once_it_is_closed(clock: PacedClock) -> None:
    entered = threading.Event()

    def visit() -> None:
        with clock.turn():
            entered.set()

    clock.close()
    threading.Thread(target=visit, daemon=True).start()
    assert not entered.wait(0.05)
