"""What the account may have in each region: AWS's quotas, and what a world changes of them.

`corrections.rds_offers`, `rds_refusals` and `servicequotas` answer from it. Sources: RDS user
guide, "Quotas in Amazon RDS" (40 DB instances, 100 manual snapshots) and "Copying a DB snapshot"
(20 requests in progress to a single destination region and account); Amazon ECS endpoints and
quotas (Fargate vCPUs: 6 at first, adjustable). Assumption: an account that serves has had the cores
raised to 4000.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.per_world import PerWorld

if TYPE_CHECKING:
    from simulator.world import World

DB_INSTANCES, MANUAL_SNAPSHOTS = "DBInstances", "ManualSnapshots"
COPIES_IN_FLIGHT = "SnapshotCopies"
"""Into a region, from others. No operation of AWS tells this one: the name is ours."""
FARGATE_CORES = "L-3032A538"
"""Service Quotas' code of "Fargate On-Demand vCPU resource count"."""

USUAL: Mapping[str, int] = {
    DB_INSTANCES: 40,
    MANUAL_SNAPSHOTS: 100,
    COPIES_IN_FLIGHT: 20,
    FARGATE_CORES: 4000,
}

_CHANGED: PerWorld[dict[tuple[str, str], int]] = PerWorld()


def limit(world: "World", region: str, name: str) -> int:
    """Return how many the account may have in a region."""
    return (_CHANGED.of(world) or {}).get((region, name), USUAL[name])


def change(world: "World", region: str, name: str, maximum: int) -> None:
    """Give the account of this world another quota in a region."""
    _CHANGED.give(world, {**(_CHANGED.of(world) or {}), (region, name): maximum})
