"""How much room a database's storage has left, as RDS publishes it.

`simulator.settled` lends it: rows take no storage in this world, so what is free never changes.
Assumption: half of what is allocated.
"""

from datetime import datetime

from simulator import inside
from simulator.metrics import Metric, tell_steady
from simulator.world import World

_GIGABYTE = 1024**3


def assume(world: World) -> None:
    """Let every instance have room from now on, and let it always have had it."""

    def free(region: str, metric: Metric, _since: datetime) -> float | None:
        whose = dict(metric.dimensions)
        if metric.name != "FreeStorageSpace" or world.faults.region_lost(region):
            return None
        found = inside.instance(region, whose.get("DBInstanceIdentifier", ""))
        return None if found is None else found.allocated_storage * _GIGABYTE / 2

    tell_steady(world, free)
