"""The lease of one tick, kept alive while the tick goes on.

`failover.engine` makes one when it renews the lease; `failover.recover` lets it beat between its
calls. A driver at work never seems dead, however slowly AWS answers, so that a dead one is seen
as dead the sooner.
"""

from dataclasses import replace

from cloud.leases import Lease
from continuity.clock import Clock
from continuity.errors import TemporaryError
from failover.memory import Memory

BEAT_S = 10.0
"""A lease younger than this is not renewed again: a tick of a few seconds makes one renewal."""


class Pulse:
    """A lease that was renewed just now, under the next version each time it beats."""

    def __init__(self, memory: Memory, clock: Clock, held: Lease, renewed_at: float) -> None:
        self._memory = memory
        self._clock = clock
        self._renewed_at = renewed_at
        self.held = held

    @property
    def age_s(self) -> float:
        """Return the seconds since the lease was surely ours: since its renewal was asked for."""
        return self._clock.monotonic() - self._renewed_at

    def beat(self) -> None:
        """Renew the lease if it is time; one that cannot be reached grows old and begins nothing.

        Raises:
            LeaseLost: another driver has taken it.
        """
        if self.age_s < BEAT_S:
            return
        asked_at = self._clock.monotonic()
        try:
            self.held = self._memory.take_lease(replace(self.held, version=self.held.version + 1))
        except TemporaryError:
            return
        self._renewed_at = asked_at
