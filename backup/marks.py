"""Marks: the tag by which a policy protects snapshots from everybody while a hold is on.

`holdfast backup hold` puts it on what there is, `backup.capture` on what is taken meanwhile;
`backup.prune` takes it off right before it deletes, when no hold is left. The hold itself does not
depend on it: our own deleting stops by the holds, the mark stops everybody else's.
"""

from functools import partial

from backup.hold_rules import Standing
from backup.outcome import Done
from backup.points import Catalogue, Point, Store
from cloud import snapshots
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity import naming
from continuity.errors import HoldfastError
from continuity.permissions import TAG_SNAPSHOT


@permitted(TAG_SNAPSHOT)
def apply(cloud: Cloud, catalogue: Catalogue, hold: str) -> tuple[Done, ...]:
    """Mark every snapshot of ours that carries no mark yet; return what came of each."""
    bare = [one for one in catalogue.points if _markable(one)]
    return tuple(cloud.workers.run([partial(_mark, cloud, point, hold) for point in bare]))


@permitted(TAG_SNAPSHOT)
def keep_up(cloud: Cloud, catalogue: Catalogue, held: Standing) -> tuple[Done, ...]:
    """Mark what came since the hold, which is on; a failover's own marks nothing by itself."""
    return apply(cloud, catalogue, held.holds[0].identifier) if held.holds else ()


def _markable(point: Point) -> bool:
    return point.ours and point.store is Store.SNAPSHOT and not point.marked


def _mark(cloud: Cloud, point: Point, hold: str) -> Done:
    try:
        snapshots.mark(cloud.at(point.region), point.arn, {naming.TAG_HOLD: hold})
    except HoldfastError as error:
        return Done(point.identifier, point.region, well=False, sentence=str(error))
    return Done(point.identifier, point.region, well=True, sentence=f"marked: {hold}")
