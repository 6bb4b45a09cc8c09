"""Virtual time in step with real time: for a world that other processes live beside.

`simulator.serving.hosted` builds a world on it, deploys at once, and then lets time `follow` a real
clock. Each request takes a `turn`: whoever holds the baton is alone in the world, and a sleeping
request lets the others go on. Which of two requests comes first is the network's choice, so a
served world is not reproducible as an in-process one is.
"""

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from continuity.clock import Clock
from simulator.clock import Callback, VirtualClock, _Seat

PACE_S = 0.01
"""Real seconds between two looks at the real clock."""

MOST_S = 0.25
"""Real seconds of catching up in one go. A machine that is too slow for the speed makes the world's
time slower; requests still get their turn."""


class PacedClock(VirtualClock):
    """A virtual clock that jumps, until it follows a real one `speed` times as fast."""

    def __init__(self, start: datetime, real: Clock, speed: float) -> None:
        super().__init__(start)
        self.speed = speed
        self._real = real
        self._baton = threading.Lock()
        self._origin: tuple[float, float] | None = None
        self._stopped = threading.Event()
        self._error: BaseException | None = None

    def sleep(self, seconds: float) -> None:
        """Return after this many virtual seconds; whoever sleeps lends the baton meanwhile."""
        if self._origin is None:
            super().sleep(seconds)
            return
        if seconds < 0:
            raise ValueError(f"a sleep of {seconds} seconds would run backwards")
        seat = _Seat()
        self._push(seconds, seat)
        self._baton.release()
        try:
            seat.wait()
        finally:
            self._baton.acquire()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be alone in the world, at the moment that it is now."""
        with self._baton:
            self._demand_intact()
            self._catch_up()
            yield

    def advance(self, seconds: float) -> None:
        """Let this much time pass at once; within a turn."""
        self._run_until(self._elapsed + seconds)
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

    def wait_until_stopped(self, seconds: float) -> bool:
        """Wait at most so many real seconds; raise what broke the world meanwhile."""
        stopped = self._stopped.wait(seconds)
        self._demand_intact()
        return stopped

    def _pace(self) -> None:
        while not self._stopped.is_set():
            self._real.sleep(PACE_S)
            with suppress(BrokenWorld), self.turn():
                pass

    def _catch_up(self) -> None:
        """Run what is due by the real clock; slip rather than keep everybody waiting."""
        if self._origin is None or self._in_callback:
            return
        began, elapsed = self._origin
        now = self._real.monotonic()
        self._run_until(elapsed + (now - began) * self.speed, now + MOST_S)

    def _run_until(self, target: float, deadline: float | None = None) -> None:
        try:
            while self._events and self._events[0][0] <= target:
                if deadline is not None and self._real.monotonic() > deadline:
                    self._origin = (self._real.monotonic(), self._elapsed)
                    return
                self._run_next()
        except Exception as error:  # noqa: BLE001 - whatever broke the world, everybody is told
            self._error = error
            self._stopped.set()
            self._demand_intact()
        self._elapsed = max(self._elapsed, target)

    def _run_next(self) -> None:
        moment, _, event = heapq.heappop(self._events)
        self._elapsed = max(self._elapsed, moment)
        action: Callback | _Seat | None = event.action
        if isinstance(action, _Seat):
            action.give()
        elif action is not None:
            self._call(action)

    def _demand_intact(self) -> None:
        if self._error is not None:
            raise BrokenWorld("the simulated world broke and stands still") from self._error


class BrokenWorld(RuntimeError):
    """Something that the world did by itself failed: a defect of the simulator."""
