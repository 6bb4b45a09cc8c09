"""Step: look once more, right before clients are taken off, whether both sites are whole.

Built by `failover.graceful`. An approval may come an hour after the plan: what held then is asked
again (`failover.planned_gate`). What does not hold any more ends the run with nothing touched.
"""

from dataclasses import dataclass

from continuity.errors import TemporaryError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_DATABASES,
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    LIST_LATCH,
    READ_METRICS,
)
from failover import estimates, planned, planned_gate
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Settled, Step


@dataclass(frozen=True, kw_only=True)
class Ready(Step):
    """Nothing stands against the move, by the picture of the tick in which it is approved."""

    identifiers: frozenset[str]

    def named(self, seen: Run) -> frozenset[str]:
        """Look at every replica."""
        return self.identifiers if seen.approvers else frozenset()

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Look once somebody has approved: before that it says nothing."""
        return self.looks if seen.approvers else frozenset()

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: what held before the approval says nothing."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Judge the picture; it changes nothing.

        Raises:
            TemporaryError: something stands against the move by now.
        """
        del hands
        order = planned.order(seen.run)
        against = () if order is None else planned_gate.objections(seen, order)
        if against:
            raise TemporaryError(" ".join(against))
        told = "Both sites are whole, and no replica is behind by more than is allowed."
        return Settled(told, EntryKind.DONE)


def ready(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for a zone."""
    asked = planned_gate.wanted(manifest)
    return Ready(
        name=f"ready-{manifest.standby}",
        what=f"look once more whether {manifest.standby} can take over without any loss",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.VERIFY,
        deadline_s=60,
        permissions=(
            DESCRIBE_DATABASES,
            READ_METRICS,
            LIST_LATCH,
            DESCRIBE_SERVICES,
            DESCRIBE_SCALING,
        ),
        looks=asked.looks,
        gated=True,
        identifiers=frozenset(asked.identifiers),
    )
