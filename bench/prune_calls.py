"""How many calls a prune of 1,000 snapshots makes: deciding, and for each deletion.

`make bench` runs it. Five databases of we1 have a point of each of 100 nights in both regions; two
nights later they are pruned without the cap of a single run. Deciding must not depend on how many
snapshots there are beyond pages of 100; each deletion reads holds, point and copy again before it.
Beside it stands what asking for each snapshot's tags alone would cost, as tools do that find their
points by ListTagsForResource.
"""

import sys

from fleet import fleet

from backup import catalogue, keep, prune, standing
from backup.prune import Fate
from cloud.door import Cloud
from simulator import settled_points
from simulator.clock import VirtualWorkers

DATABASES, NIGHTS = 5, 100
MOST_TO_DECIDE = 40
MOST_A_DELETION = 5.0


def main() -> int:
    """Print what was measured; return 1 if a target was missed."""
    with fleet(DATABASES) as made:
        world, manifest = made.world, made.manifest
        with world.instantly():
            for moment in list(settled_points.nights(manifest, world.clock.now(), NIGHTS))[
                -NIGHTS:
            ]:
                for database in manifest.databases:
                    settled_points.snapshot(world, manifest, database, moment)
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 8))
        seen, held = catalogue.read(cloud, manifest), standing.read(cloud, manifest)
        plan = keep.plan(seen, held, keep.Terms.of(manifest, capped=False))
        deciding = cloud.budget.total
        began = world.clock.now()
        fates = [one.fate for one in prune.apply(cloud, manifest, plan)]
        took_s = (world.clock.now() - began).total_seconds()
    deleting = cloud.budget.total - deciding
    a_deletion = deleting / max(1, len(fates))
    points = sum(one.ours for one in seen.points)
    sys.stdout.write(
        f"{points:,} snapshots: {deciding} calls to decide (tags one by one: {points:,} more), "
        f"{fates.count(Fate.DELETED):,} deleted with {a_deletion:.2f} calls each, "
        f"{cloud.budget.total:,} calls in all, {took_s:,.0f} s\n"
    )
    missed = deciding > MOST_TO_DECIDE or a_deletion > MOST_A_DELETION or Fate.FAILED in fates
    sys.stdout.write("MISSED\n" if missed else "met\n")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
