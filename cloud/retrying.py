"""When a call is tried again: only what is temporary, on our clock, until our deadline.

`door` makes every call through it. The deadline counts, not the number of attempts: a region
that answers slowly is not asked longer than one that answers fast.
"""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from cloud.failures import Ambiguous, Busy, Throttled, Unreachable
from continuity.clock import Clock

T = TypeVar("T")

FIRST_S = 0.5
LONGEST_S = 8.0
RETRIED = (Throttled, Unreachable, Ambiguous, Busy)
"""Repeating after Ambiguous is right because every changing verb of this room takes "already
so" for success."""


def persistent(attempt: Callable[[], T], clock: Clock, until: float, random: Random) -> T:
    """Return what an attempt brings, at once or as `retrying` goes on with it."""
    try:
        return attempt()
    except RETRIED as error:
        failed: list[Exception] = [error]

    def again() -> T:
        if failed:
            raise failed.pop()
        return attempt()

    return retrying(clock, until, random)(again)


def retrying(clock: Clock, until: float, random: Random) -> Retrying:
    """Return what calls a function until it succeeds, fails for good, or would wait past `until`.

    `until` is on the clock's monotonic seconds. The last error is raised as it was.
    """

    def too_late(state: RetryCallState) -> bool:
        return clock.monotonic() + state.upcoming_sleep >= until

    def pause(state: RetryCallState) -> float:
        full = min(LONGEST_S, FIRST_S * 2.0 ** min(state.attempt_number, 10))
        return full * random.uniform(0.5, 1.0)

    return Retrying(
        sleep=clock.sleep,
        stop=too_late,
        wait=pause,
        retry=retry_if_exception_type(RETRIED),
        reraise=True,
    )
