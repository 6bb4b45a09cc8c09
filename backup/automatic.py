"""Before anything is deleted: what a zone has to be held for is held, what may go is released.

`backup.nightly` runs it every night, `holdfast backup prune --apply` by hand. A hold is placed for
what is seen to be wrong, and read back; holds that were placed so are released when everything that
a release waits for is seen to be right, after the plan of what would be deleted was told to people
(decision 0024). Whatever of it fails, a doubt is left that stops the deleting.
"""

from datetime import datetime

from backup import causes, keep, raising, recovered, standing, vigil
from backup.hold_rules import Hold, Standing
from backup.outcome import Done
from backup.points import Catalogue
from backup.release_rules import Recovered, conditions
from cloud.door import Cloud
from cloud.permitted import permissions_of, permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import READ_LEASE, WRITE_HOLD

BY = "holdfast"
"""Who releases a hold that lifts itself."""


@permitted(
    READ_LEASE,
    WRITE_HOLD,
    *permissions_of(recovered.look),
    *permissions_of(raising.apply),
    *permissions_of(vigil.tell),
)
def judge(
    cloud: Cloud, manifest: Manifest, catalogue: Catalogue, held: Standing
) -> tuple[Standing, tuple[Done, ...]]:
    """Place and release what is due, raise or put back; return the holds as they are then.

    Raises:
        TemporaryError: a hold that is due could not be placed. Nothing may be deleted.
    """
    found = recovered.look(cloud, manifest, catalogue)
    now = cloud.clock.now()
    due = causes.due(found, held, manifest.objectives.rpo, now)
    done = [_place(cloud, manifest, one) for one in due]
    if not due:
        done += _release(cloud, manifest, catalogue, held, found)
    if done:
        held = standing.read(cloud, manifest)
    return held, (*done, *raising.apply(cloud, manifest, held))


def liftable(
    held: Standing, found: Recovered, manifest: Manifest, now: datetime
) -> tuple[Hold, ...]:
    """Return the holds that lift themselves now: automatic ones, for which nothing lacks."""
    rpo = manifest.objectives.rpo
    return tuple(
        one
        for one in held.holds
        if one.automatic
        and not held.unreadable
        and all(row.met for row in conditions(one, held, found, rpo, now))
    )


def _place(cloud: Cloud, manifest: Manifest, wanted: Hold) -> Done:
    standing.place(cloud, manifest, wanted)
    return _done(manifest, wanted, f"held: {wanted.reason}")


def _release(
    cloud: Cloud, manifest: Manifest, catalogue: Catalogue, held: Standing, found: Recovered
) -> list[Done]:
    """Release what lifts itself once its plan was told; untold it stays on."""
    lift = liftable(held, found, manifest, cloud.clock.now())
    names = [one.identifier for one in lift]
    left = held.without(names, cloud.clock.now())
    plan = keep.plan(catalogue, left, keep.Terms.of(manifest, capped=False))
    try:
        if lift:
            vigil.publish(cloud, manifest, names, plan)
        for name in names:
            standing.release(cloud, manifest, name, by=BY, reason=_WHY)
    except HoldfastError as error:
        said = f"not released: {error}"
        return [_done(manifest, one, said, well=False) for one in lift]
    return [_done(manifest, one, f"released: {_WHY}") for one in lift]


_WHY = "everything that it waited for is so"


def _done(manifest: Manifest, hold: Hold, sentence: str, *, well: bool = True) -> Done:
    return Done(hold.identifier, manifest.standby_site.region, well, sentence)
