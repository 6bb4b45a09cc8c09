"""How a replica follows its source: with lag, never backwards, and no longer once it is cut off.

`simulator.content` keeps one `Replication` per replica and tells it when its circumstances
change; between two changes everything is arithmetic, so nothing runs while time passes.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass

from simulator.rows import Mark, Rows

NOT_REPLICATING = -1.0
"""What RDS publishes as ReplicaLag while replication is not active (RDS guide)."""


@dataclass(frozen=True)
class Circumstances:
    """What replication meets: whether rows flow, how late, and what can be measured of it."""

    flowing: bool
    lag_s: float
    broken: bool = False
    measured: bool = True


@dataclass(frozen=True)
class _Stretch:
    """From one change of circumstances to the next; `reached` is the position at its begin."""

    reached: float
    circumstances: Circumstances

    def position(self, now: float) -> float:
        if not self.circumstances.flowing:
            return self.reached
        return max(self.reached, now - self.circumstances.lag_s)


class Replication:
    """One replica's view of its source's rows; `begun` is when the copy was taken.

    Every question may be asked of a past moment, because metrics are read late.
    """

    def __init__(self, source: Rows, circumstances: Circumstances, begun: float) -> None:
        self.source = source
        self._begins = [begun]
        self._stretches = [_Stretch(begun, circumstances)]

    def meet(self, circumstances: Circumstances, now: float) -> None:
        """Go on under other circumstances from now; what was applied stays applied."""
        current = self._stretches[-1]
        if circumstances == current.circumstances:
            return
        self._begins.append(now)
        self._stretches.append(_Stretch(current.position(now), circumstances))

    def position(self, now: float) -> float:
        """Return the moment up to which the source's commits have been applied."""
        return self._at(now).position(now)

    def applied(self, now: float) -> Mark:
        """Return the rows that the replica has."""
        return Mark(self.source, self.source.count_until(self.position(now)))

    def behind(self, now: float) -> float:
        """Return the seconds of the source's commits that the replica does not have."""
        applied = self.applied(now).count
        if applied == self.source.count:
            return 0.0
        newest = self.source.committed(self.source.count - 1)
        return newest - (self.source.committed(applied - 1) if applied else self.position(now))

    def published(self, now: float) -> float | None:
        """Return the ReplicaLag that RDS would publish; None where nothing is measured.

        It grows for ever after the source is gone: the age of the outage, not the loss.
        """
        stretch = self._at(now)
        if not stretch.circumstances.measured:
            return None
        return NOT_REPLICATING if stretch.circumstances.broken else now - stretch.position(now)

    def steady(self, since: float) -> float | None:
        """Return the ReplicaLag that was published at every moment since one; None if several."""
        stretch = self._stretches[-1]
        met = stretch.circumstances
        if self._begins[-1] > since or not (met.flowing and met.measured) or met.broken:
            return None
        return met.lag_s if since - met.lag_s >= stretch.reached else None

    def provable(self, now: float) -> float | None:
        """Return the most seconds that can be missing, for all that was ever measured.

        None if no lag was ever measured: then nobody can know. Of a source without rows nothing is
        missing, however long ago it was lost.
        """
        ends = [*self._begins[1:], now]
        for stretch, end in zip(reversed(self._stretches), reversed(ends), strict=True):
            if stretch.circumstances.measured and not stretch.circumstances.broken:
                count = self.source.count
                newest = self.source.committed(count - 1) if count else -math.inf
                return max(0.0, newest - stretch.position(end))
        return None

    def _at(self, now: float) -> _Stretch:
        return self._stretches[max(0, bisect_right(self._begins, now) - 1)]
