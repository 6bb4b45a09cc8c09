"""Step: keep every recovery point. First of all, because it only adds safety.

Built by `failover.region_loss`; everything that changes anything comes after it.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.permissions import READ_LEASE, WRITE_HOLD
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.step import Settled, Step

NAME = "hold-recovery-points"


@dataclass(frozen=True, kw_only=True)
class Hold(Step):
    """Nothing prunes recovery points of the zone while the hold is on."""

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: the act reads the hold back itself."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Place the hold under the run's name; a second time finds it there."""
        hands.hold_recovery_points(seen.run.name, f"{seen.run.name} recovers {seen.manifest.zone}")
        return Settled("Recovery points are held, and the hold was read back.")


def hold(manifest: Manifest) -> Step:
    """Return the step for a zone."""
    return Hold(
        name=NAME,
        what=f"hold every recovery point of {manifest.zone}",
        needs=frozenset(),
        site=manifest.standby,
        estimate=estimates.HOLD,
        deadline_s=600,
        permissions=(READ_LEASE, WRITE_HOLD),
    )
