"""Steps: let the site that serves now be warranted again, and make the way back of latches anew.

Built by `failover.graceful`, last of all; where one fails, an administrator does the same by hand
(docs/guide/failover.md). What an earlier move left in the other site's latch says that the site
which serves now may not: its closing object, its revoked warrant, and that the other site is open.
As the records are declared now none of the three leads anybody anywhere; once the roles are swapped
all of them would.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.permissions import (
    LIFT_LATCH,
    LIST_LATCH,
    MOVE_LATCH,
    READ_WARRANT,
    READ_WITNESS,
    REVOKE_AT_WITNESS,
)
from failover import estimates
from failover.observation import Observation
from failover.ports import Hands
from failover.step import Settled, Step


@dataclass(frozen=True, kw_only=True)
class Rearm(Step):
    """Make one holder of warrants say that the new serving site may serve."""

    at_witness: bool

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: the act itself knows."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Write what is not so yet; a second time changes nothing."""
        hands.rearm(at_witness=self.at_witness)
        holder = "witness" if self.at_witness else f"{seen.manifest.active} site's latch"
        return Settled(f"The {holder} warrants the {seen.manifest.standby} site.")


def rearms(manifest: Manifest, needs: frozenset[str]) -> tuple[Step, ...]:
    """Return a step for each holder; none where the manifest knows no warrants."""
    if manifest.witness is None:
        return ()
    site, old = manifest.standby, manifest.active
    return (
        Rearm(
            name=f"rearm-{site}",
            what=f"let the {old} site's latch warrant {site}, and forget what an earlier move left",
            needs=needs,
            site=old,
            estimate=estimates.REVOKE,
            deadline_s=300,
            permissions=(READ_WARRANT, MOVE_LATCH, LIST_LATCH, LIFT_LATCH),
            best_effort=True,
            at_witness=False,
        ),
        Rearm(
            name=f"rearm-{site}-at-witness",
            what=f"let the witness in {manifest.witness.region} warrant {site}",
            needs=needs,
            site=site,
            estimate=estimates.REVOKE,
            deadline_s=300,
            permissions=(READ_WITNESS, REVOKE_AT_WITNESS),
            best_effort=True,
            at_witness=True,
        ),
    )
