"""Step: lead clients back to the serving site, where a planned move is taken back.

Built by `failover.graceful` alone, and the one step that takes a closing object away: it lies in a
plan of its own, before anything was promoted, fenced or revoked, so that traffic never moves back
by accident.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.permissions import LIFT_LATCH, LIST_LATCH
from failover import estimates
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.step import Settled, Step

LATE_S = 60.0
"""How long a call that closes may still be on its way from a driver that died: two leases of
patience on a picture, and none of ours is waited for longer (`failover.recover`)."""


@dataclass(frozen=True, kw_only=True)
class Reopen(Step):
    """Take the closing object away, once no late call can put it back."""

    key: str
    close: str

    def done(self, seen: Observation) -> bool:
        """Answer from the bucket, after nobody can close the site any more."""
        there = seen.latches.value
        return there is not None and self.key not in there and self._left_s(seen) <= 0

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Take it away; what is gone already is well."""
        hands.lift_latch(self.key)
        return Settled(f"The {seen.manifest.active} site is open again: it never lost its data.")

    def pause_s(self, seen: Observation) -> float | None:
        """Wait until what may still be on its way has arrived."""
        left = self._left_s(seen)
        return left if left > 0 else None

    def _left_s(self, seen: Observation) -> float:
        begun = seen.run.attempts.get(self.close, ())
        if not begun:
            return 0.0
        return LATE_S - (seen.now - begun[-1].at).total_seconds()


def reopen(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the serving site."""
    return Reopen(
        name=f"reopen-{manifest.active}",
        what=f"let clients into the {manifest.active} site again",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.OPEN,
        deadline_s=900,
        permissions=(LIST_LATCH, LIFT_LATCH),
        looks=frozenset({Look.LATCHES}),
        key=manifest.standby_site.latch.closed_key,
        close=f"close-{manifest.active}",
    )
