"""The faults that strike by themselves, without a call that meets them.

A drill and a served world call `watch` once, before the first fault begins.
"""

from simulator import (
    bad_releases,
    corruption,
    host_counts,
    lost_databases,
    lost_tasks,
    missing_keys,
)
from simulator.world import World


def watch(world: World) -> None:
    """Let keys, tasks, releases, data and databases be struck in a world from now on.

    What would be seen of it in load balancers' metrics is reported from now on, too.
    """
    for kind in (missing_keys, lost_tasks, bad_releases, corruption, lost_databases):
        kind.watch(world)
    host_counts.watch(world)
