"""When a driver delivers messages: in the pauses that it makes anyway; recovery never waits.

`failover.engine` calls `Sending` at the end of a tick; `failover.aws_courier` delivers. What is
owed stands in the record of incidents: whatever this driver leaves, anybody else delivers.
"""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from continuity.clock import Clock
from continuity.errors import HoldfastError
from failover.progress import Progress

_LOG = logging.getLogger(__name__)

AGAIN_S = 60.0
"""How often the record is looked at for what others wrote: an answer to a page, a word to tell."""

LATEST_S = 20.0
"""So long news wait for a pause, and no longer: people want to know, too."""


class Courier(Protocol):
    """Delivers what the record owes; bounded in time by itself."""

    def deliver(self) -> datetime | None:
        """Return when there is more to do. Raises a `HoldfastError` if the record is silent."""


class NoCourier:
    """Tells nobody: for zones without channels, and for engines that are tried on their own."""

    def deliver(self) -> datetime | None:
        """Return that there is never anything to do."""


class Sending:
    """When one driver delivers next. Harmless to lose."""

    def __init__(self, courier: Courier, clock: Clock) -> None:
        self._courier = courier
        self._clock = clock
        self._due = clock.monotonic()

    def hurry(self) -> None:
        """Deliver with the next pause: there is news."""
        self._due = min(self._due, self._clock.monotonic())

    def after(self, progress: Progress) -> Progress:
        """Deliver, if it is time, in the pause after a tick; return what is left of the pause."""
        began = self._clock.monotonic()
        pauses = progress.wait > 0 or progress.state.over
        if began < self._due or not (pauses or began >= self._due + LATEST_S):
            return progress
        self._due = began + AGAIN_S
        try:
            coming = self._courier.deliver()
        except HoldfastError as error:
            _LOG.warning("Messages wait: %s", error)
            return progress
        now = self._clock.monotonic()
        if coming is not None:
            ahead_s = (coming - self._clock.now()).total_seconds()
            self._due = min(self._due, now + max(0.0, ahead_s))
        return replace(progress, wait=max(0.0, progress.wait - (now - began)))
