"""Steps: close the serving site to clients, later open the standby. One object each.

Built by `failover.region_loss`. Route 53's health checks follow the objects by themselves.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.permissions import DESCRIBE_DATABASES, LIST_LATCH, MOVE_LATCH
from failover import estimates
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.step import Settled, Step


@dataclass(frozen=True, kw_only=True)
class MoveLatch(Step):
    """Put one latch object into the standby site's bucket; traffic only ever moves forward."""

    key: str
    effect: str

    def done(self, seen: Observation) -> bool:
        """Answer from the bucket."""
        return self.key in (seen.latches.value or frozenset())

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Put the object; where it already is, somebody did it."""
        del seen
        hands.put_latch(self.key)
        return Settled(self.effect)


def close(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step that takes clients to the holding page."""
    return MoveLatch(
        name=f"close-{manifest.active}",
        what=f"show the holding page to the clients of {manifest.traffic.name}",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.CLOSE,
        deadline_s=600,
        permissions=(LIST_LATCH, MOVE_LATCH),
        looks=frozenset({Look.LATCHES}),
        key=manifest.standby_site.latch.closed_key,
        effect=f"The {manifest.active} site is closed: clients get the holding page.",
    )


def open_standby(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step that lets clients into the standby: it needs every database verified.

    Proofs that are old by then are renewed first (`failover.prove_again`).
    """
    return MoveLatch(
        name=f"open-{manifest.standby}",
        what=f"let clients into the {manifest.standby} site",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.OPEN,
        deadline_s=600,
        permissions=(LIST_LATCH, MOVE_LATCH, DESCRIBE_DATABASES),
        looks=frozenset({Look.LATCHES}),
        irreversible=True,
        key=manifest.standby_site.latch.open_key,
        effect=f"The {manifest.standby} site is open.",
    )
