"""Virtual time: hours pass in seconds, and the same run passes the same way twice.

`VirtualClock` and `VirtualWorkers` keep the promises of `continuity.clock`. The world owns one
clock; everything in it that takes time (calls, promotions, health checks, people) sleeps on it
or leaves a callback with it. The engine gets it as its `Clock`.

Real threads, but only one ever runs: whoever holds the baton. A sleeping thread runs the events
that come before its own wake-up, callbacks on the spot; another thread's wake-up hands that
thread the baton. So N parallel sleeps cost the longest of them and not the sum, and nothing
depends on how the operating system schedules threads.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from simulator import standing_threads

T = TypeVar("T")

Callback = Callable[[], object]
TakeBack = Callable[[], None]


class ClockMisused(RuntimeError):
    """Somebody waits in a way that can never end: an error in the simulator, not in the world."""


class Seat:
    """Where one thread waits for the baton."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def give(self) -> None:
        """Let whoever waits here go on."""
        self._lock.release()

    def wait(self) -> None:
        """Return once it was given."""
        self._lock.acquire()


@dataclass
class _Event:
    """What happens at a moment: a callback runs, or a thread goes on."""

    action: Callback | Seat | None

    def cancel(self) -> None:
        self.action = None


class VirtualClock:
    """Time that jumps from event to event, in order of (time, sequence).

    Callbacks run on the thread that is asleep; they never sleep themselves. What a callback
    raises comes out of the `sleep` or `run` that was running the clock.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._elapsed = 0.0
        self._events: list[tuple[float, int, _Event]] = []
        self._sequence = itertools.count()
        self._in_callback = False
        self._turns = 0
        self._unheard: list[Exception] = []
        self._told = (0.0, start)
        self._started: set[int] = set()

    def now(self) -> datetime:
        """Return the virtual moment, aware as the start was."""
        elapsed, moment = self._told
        if elapsed != self._elapsed:
            moment = self._start + timedelta(seconds=self._elapsed)
            self._told = (self._elapsed, moment)
        return moment

    def monotonic(self) -> float:
        """Return the virtual seconds since the start."""
        return self._elapsed

    @property
    def turns(self) -> int:
        """Return a number that stays while nothing happens but to the thread that looks at it."""
        return self._turns

    def sleep(self, seconds: float) -> None:
        """Return after this many virtual seconds; events due until then run first."""
        if seconds < 0:
            raise ValueError(f"a sleep of {seconds} seconds would run backwards")
        seat = Seat()
        wake_up = self._push(seconds, seat)
        try:
            while not self._step(seat):
                pass
        except BaseException:
            wake_up.cancel()
            raise

    def at(self, delay_s: float, callback: Callback) -> TakeBack:
        """Run a callback after a delay; the returned function takes that back."""
        return self._push(max(0.0, delay_s), callback).cancel

    def every(self, interval_s: float, callback: Callback) -> TakeBack:
        """Run a callback at each interval from now; the returned function ends the series.

        The series keeps its grid: a callback that raises or cancels does not shift it.
        """
        if interval_s <= 0:
            raise ValueError(f"an interval of {interval_s} seconds never lets time pass")
        began = self._elapsed
        turns = itertools.count(1)
        event = _Event(None)

        def turn() -> None:
            self._push_event(began + next(turns) * interval_s, event)
            callback()

        event.action = turn
        self._push_event(began + next(turns) * interval_s, event)
        return event.cancel

    def start(self, task: Callback) -> None:
        """Let a task begin now, side by side with whoever sleeps; it may sleep itself.

        Callbacks may start one, which is how something that waits begins by itself. Nobody waits
        for it: what it raises comes out of the next sleep of somebody who was not started so.
        """
        seat = self._push_seat()

        def live() -> None:
            seat.wait()
            self._started.add(threading.get_ident())
            try:
                task()
            except Exception as error:  # noqa: BLE001 - raised where somebody can hear it
                self._unheard.append(error)
            self._started.discard(threading.get_ident())
            self._leave()

        standing_threads.begin(live)

    def _push_seat(self) -> Seat:
        seat = Seat()
        self._push(0.0, seat)
        return seat

    def _leave(self) -> None:
        """Run events until one of them hands the baton to somebody else."""
        while self._events:
            moment, _, event = heapq.heappop(self._events)
            action = event.action
            if action is None:
                continue
            self._elapsed = moment
            if isinstance(action, Seat):
                self._turns += 1
                action.give()
                return
            try:
                self._call(action)
            except Exception as error:  # noqa: BLE001 - as above
                self._unheard.append(error)

    def _push(self, delay_s: float, action: Callback | Seat) -> _Event:
        event = _Event(action)
        self._push_event(self._elapsed + delay_s, event)
        return event

    def _push_event(self, moment: float, event: _Event) -> None:
        heapq.heappush(self._events, (moment, next(self._sequence), event))

    def _step(self, seat: Seat) -> bool:
        """Run the next event; say whether `seat` got the baton (back) through it."""
        if self._in_callback:
            raise ClockMisused("a callback of the clock may not wait: it runs while others sleep")
        if not self._events:
            raise ClockMisused("everybody waits and nothing is left to happen")
        moment, _, event = heapq.heappop(self._events)
        action = event.action
        if action is None:
            return False
        self._elapsed = moment
        if not isinstance(action, Seat):
            self._call(action)
            return False
        if action is not seat:
            self._turns += 1
            action.give()
            seat.wait()
        if self._unheard and threading.get_ident() not in self._started:
            raise self._unheard.pop(0)
        return True

    def _call(self, callback: Callback) -> None:
        self._in_callback = True
        self._turns += 1
        try:
            callback()
        finally:
            self._in_callback = False


class VirtualWorkers:
    """A bounded number of threads that take turns on a `VirtualClock`; see `continuity.clock`."""

    def __init__(self, clock: VirtualClock, width: int) -> None:
        if width < 1:
            raise ValueError(f"{width} workers never finish anything")
        self._clock = clock
        self._width = width

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run all tasks side by side in virtual time; results in the order of the tasks.

        What a callback of the clock raised meanwhile comes before the first error of a task.
        """
        if len(tasks) <= 1:
            return [task() for task in tasks]
        return _Crew(self._clock, tasks).run(min(self._width, len(tasks)))


class _Crew(Generic[T]):
    """The threads of one `VirtualWorkers.run`, and the caller who waits for them.

    A worker that has nothing left hands the baton to the caller, who alone runs the clock on
    behalf of finished workers: so there is always somebody for an error to come out of.
    """

    def __init__(self, clock: VirtualClock, tasks: Sequence[Callable[[], T]]) -> None:
        self._clock = clock
        self._tasks = tasks
        self._waiting = iter(range(len(tasks)))
        self._results: dict[int, T] = {}
        self._errors: dict[int, BaseException] = {}
        self._working = 0
        self._caller = Seat()

    def run(self, width: int) -> list[T]:
        threads = [self._hire() for _ in range(width)]
        broken = self._wait()
        for thread in threads:
            thread.join()
        if broken is not None:
            raise broken
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._results[index] for index in range(len(self._tasks))]

    def _hire(self) -> threading.Thread:
        seat = Seat()
        self._clock._push(0.0, seat)
        thread = threading.Thread(target=self._work, args=(seat,), daemon=True)
        self._working += 1
        thread.start()
        return thread

    def _work(self, seat: Seat) -> None:
        seat.wait()
        for index in self._waiting:
            try:
                self._results[index] = self._tasks[index]()
            except BaseException as error:  # noqa: BLE001 - `run` raises it in the caller's thread
                self._errors[index] = error
        self._working -= 1
        self._caller.give()

    def _wait(self) -> BaseException | None:
        """Run the clock until every worker is done; return the first error of a callback."""
        broken: BaseException | None = None
        while self._working:
            try:
                self._clock._step(self._caller)
            except ClockMisused:
                raise
            except Exception as error:  # noqa: BLE001 - raised by `run` once nobody is left half-way
                broken = broken or error
        return broken
