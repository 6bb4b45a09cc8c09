"""Virtual time in step with real time: for a world that other processes live beside.

`simulator.serving.hosted` builds a world on it, deploys at once, and then lets time `follow` a real
clock. Each request takes a `turn`: whoever holds the baton is alone in the world. Whoever sleeps
lends it, and gets it at the very moment of waking up from whoever runs the clock then, who waits
until it is lent again or handed back. So hours that are set forward pass as others do. Which of two
requests comes first is the network's choice: a served world is not reproducible.
"""

import heapq
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from continuity.clock import Clock
from simulator.clock import Callback, ClockMisused, Seat, VirtualClock
from simulator.guard import NetworkBlocked
from simulator.serving.baton import Baton

PACE_S = 0.01
"""Real seconds between two looks at the real clock."""

MOST_S = 0.25
"""Real seconds of catching up in one go. A machine that is too slow for the speed makes the world's
time slower; requests still get their turn."""

_log = logging.getLogger(__name__)


class _Bed(Seat):
    """Where a sleeper waits; `waker` is where whoever woke it waits meanwhile."""

    waker: Seat


class _Mine(threading.local):
    """What a thread knows of itself: to whom it hands the baton back, None to whoever is next."""

    waker: Seat | None = None


class PacedClock(VirtualClock):
    """A virtual clock that jumps, until it follows a real one `speed` times as fast."""

    def __init__(self, start: datetime, real: Clock, speed: float) -> None:
        super().__init__(start)
        self.speed = speed
        self._real = real
        self._baton = Baton()
        self._mine = _Mine()
        self._origin: tuple[float, float] | None = None
        self._stopped = threading.Event()
        self._error: BaseException | None = None

    def sleep(self, seconds: float) -> None:
        """Return after this many virtual seconds; whoever sleeps lends the baton meanwhile."""
        if seconds < 0:
            raise ValueError(f"a sleep of {seconds} seconds would run backwards")
        if self._in_callback:
            raise ClockMisused("a callback of the clock may not wait: it runs while others sleep")
        if self._origin is None and self._mine.waker is None:
            self._run_until(self._elapsed + seconds)
            self._demand_intact()
            return
        bed = _Bed()
        self._push(seconds, bed)
        self._let_go()
        self._wake(bed)

    def start(self, task: Callback) -> None:
        """Let a task begin now, side by side with everybody; it may sleep.

        Nobody waits for it: what it raises is logged, and the world goes on.
        """
        bed = _Bed()
        self._push(0.0, bed)

        def live() -> None:
            self._wake(bed)
            try:
                task()
            except Exception:  # noqa: BLE001 - said, and the world goes on
                _log.exception("what began by itself in the world failed")
            finally:
                self._let_go()

        threading.Thread(target=live, name="task of the world", daemon=True).start()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be alone in the world, at the moment that it is now."""
        self._baton.take()
        try:
            self._demand_intact()
            self._catch_up()
            yield
        finally:
            self._let_go()

    def advance(self, seconds: float) -> None:
        """Let this much time pass, as fast as it can; within a turn, which others get between."""
        target = self._elapsed + seconds
        while not self._run_until(target, self._real.monotonic() + MOST_S):
            self._let_go()
            self._baton.take()
        self._demand_intact()
        self._origin = (self._real.monotonic(), self._elapsed)

    def follow(self) -> threading.Thread:
        """Begin to follow the real clock on a thread of its own, until `stop`."""
        self._origin = (self._real.monotonic(), self._elapsed)
        thread = threading.Thread(target=self._pace, name="pace of the world", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Let no more time pass."""
        self._stopped.set()

    def close(self) -> None:
        """Let nobody in any more, once whoever is alone in the world has come to a pause."""
        self._baton.take()

    def wait_until_stopped(self, seconds: float) -> bool:
        """Wait at most so many real seconds; raise what broke the world meanwhile."""
        stopped = self._stopped.wait(seconds)
        self._demand_intact()
        return stopped

    def _wake(self, bed: _Bed) -> None:
        bed.wait()
        self._mine.waker = bed.waker

    def _let_go(self) -> None:
        """Hand the baton back to whoever woke this thread, or to who waits for a turn."""
        waker, self._mine.waker = self._mine.waker, None
        if waker is None:
            self._baton.give()
        else:
            waker.give()

    def _pace(self) -> None:
        while not self._stopped.is_set():
            self._real.sleep(PACE_S)
            with suppress(BrokenWorld), self.turn():
                pass

    def _catch_up(self) -> None:
        """Run what is due by the real clock; slip rather than keep everybody waiting."""
        if self._origin is None:
            return
        began, elapsed = self._origin
        now = self._real.monotonic()
        if not self._run_until(elapsed + (now - began) * self.speed, now + MOST_S):
            self._origin = (self._real.monotonic(), self._elapsed)
        self._demand_intact()

    def _run_until(self, target: float, deadline: float | None = None) -> bool:
        """Run what is due up to a moment; say whether that was all, or no more may pass."""
        try:
            while self._events and self._events[0][0] <= target:
                if self._stopped.is_set():
                    return True
                if deadline is not None and self._real.monotonic() > deadline:
                    return False
                self._run_next()
        except (Exception, NetworkBlocked) as error:  # noqa: BLE001 - whatever broke the world, everybody is told
            self._error = error
            self._stopped.set()
            return True
        self._elapsed = max(self._elapsed, target)
        return True

    def _run_next(self) -> None:
        moment, _, event = heapq.heappop(self._events)
        self._elapsed = max(self._elapsed, moment)
        action: Callback | Seat | None = event.action
        if isinstance(action, _Bed):
            action.waker = Seat()
            action.give()
            action.waker.wait()
        elif isinstance(action, Seat):
            raise ClockMisused("workers of a virtual clock have no place in a served world")
        elif action is not None:
            self._call(action)

    def _demand_intact(self) -> None:
        if self._error is not None:
            raise BrokenWorld("the simulated world broke and stands still") from self._error


class BrokenWorld(RuntimeError):
    """Something that the world did by itself failed: a defect of the simulator."""
