"""Step: clients of the zone are served again by the site that never stopped being the serving one.

Built by `failover.in_place`, always last. What it cannot see within its time a person must decide.
"""

from dataclasses import dataclass

from continuity.errors import TemporaryError
from continuity.manifest import Manifest
from continuity.outside import Served
from failover.estimates import Estimate
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.step import Settled, Step
from failover.steps.verify import OUTSIDE

SERVED = Estimate(30, "assumption: the load balancer finds the new tasks healthy, one request")


@dataclass(frozen=True, kw_only=True)
class VerifyServed(Step):
    """One row written through the public name, which leads to the serving site."""

    address: str

    def done(self, seen: Observation) -> bool:
        """Answer from the journal: a write that worked is the proof."""
        return self.name in seen.run.done

    def do(self, hands: Hands, seen: Observation) -> Settled:
        """Write one row as any client does."""
        written = hands.write(self.address, str(self.database))
        if not written.ok:
            raise TemporaryError(f"{self.address} does not take writes: {written.reason}")
        return Settled(f"{self.address} is served by the {seen.manifest.active} site again.")

    def pause_s(self, seen: Observation) -> float | None:
        """Wait until the name leads to a platform that answers."""
        return None if seen.public.value is Served(seen.manifest.active.value) else self.poll_s


def verify_served(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the last step of a recovery in place."""
    return VerifyServed(
        name=OUTSIDE,
        what=f"write a row through {manifest.traffic.name}, as any client does",
        needs=needs,
        site=manifest.active,
        estimate=SERVED,
        deadline_s=300,
        looks=frozenset({Look.PUBLIC}),
        database=min(manifest.databases, key=lambda each: (each.priority, each.name)).name,
        poll_s=5.0,
        address=manifest.traffic.name,
    )
