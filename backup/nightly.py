"""The duties of the schedules: what happens every night without anybody remembering it.

`backup.handler` calls them in AWS Lambda. Each is the verbs of this room in a row, over one look at
the zone, and each may be repeated, doubled or cut off at any moment: the next run goes on from what
is there then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache, partial

from backup import (
    automatic,
    capture,
    capture_plan,
    catalogue,
    copy,
    copy_plan,
    keep,
    marks,
    measures,
    prune,
    standing,
    verify_loop,
    vigil,
)
from backup.outcome import Done
from backup.points import Catalogue
from cloud.door import Cloud
from cloud.permitted import permissions_of, permitted
from continuity.manifest import Manifest
from continuity.permissions import Permission


class Duty(StrEnum):
    """What a schedule may ask for."""

    CAPTURE = "capture"  # take what the day lacks, copy what is taken: every hour of the window
    PRUNE = "prune"  # give up what has no place any more: once a night
    VERIFY = "verify"  # restore points and look into them: once a week, in as many runs as it takes


def _asked(*verbs: Callable[..., object]) -> tuple[Permission, ...]:
    """Return what several verbs may, each once."""
    return tuple(dict.fromkeys(one for verb in verbs for one in permissions_of(verb)))


@permitted(
    *_asked(
        catalogue.read,
        standing.read,
        capture.instances,
        capture.apply,
        copy.apply,
        measures.publish,
    )
)
def capture_and_copy(cloud: Cloud, manifest: Manifest) -> tuple[Done, ...]:
    """Take the day's points of databases that have none, and copy those that are there.

    A snapshot is copied once it is available, which is a later run's affair.
    """
    seen = catalogue.read(cloud, manifest, whole=False)
    held = standing.read(cloud, manifest)
    found = {} if capture_plan.is_complete(manifest, seen) else capture.instances(cloud, manifest)
    wanted = capture_plan.plan(manifest, seen, held, found)
    kept = cache(partial(keep.plan, seen, held, keep.Terms.of(manifest)))
    copies = copy_plan.plan(manifest, seen, kept)
    did = (
        *capture.unable(wanted),
        *copy.unable(copies),
        *copy.apply(cloud, copies),
        *capture.apply(cloud, wanted),
    )
    ran = measures.ran(manifest, did, given_up=0)
    return (*did, *measures.publish(cloud, manifest, seen, ran))


@permitted(
    *_asked(
        catalogue.read,
        standing.read,
        automatic.judge,
        marks.keep_up,
        prune.apply,
        vigil.tell,
        measures.publish,
    )
)
def give_up(cloud: Cloud, manifest: Manifest) -> tuple[Done, ...]:
    """Delete what the retention has no place for, behind all the rails of `backup.keep`.

    First the zone is judged: what it has to be held for is held before anything goes.
    """
    seen, found = catalogue.read(cloud, manifest), standing.read(cloud, manifest)
    held, judged = automatic.judge(cloud, manifest, seen, found)
    marked = marks.keep_up(cloud, seen, held)
    plan = keep.plan(seen, held, keep.Terms.of(manifest))
    fates = tuple(prune.apply(cloud, manifest, plan))
    pruned = tuple(prune.done(one) for one in fates)
    did = (*judged, *marked, *pruned, *vigil.tell(cloud, manifest, seen, held))
    given_up = sum(one.fate is prune.Fate.DELETED for one in fates)
    ran = measures.ran(manifest, did, given_up)
    return (*did, *measures.publish(cloud, manifest, _left(seen, fates), ran))


def _left(seen: Catalogue, fates: Sequence[prune.Pruned]) -> Catalogue:
    """Return what there is after a prune, without asking for all of it again."""
    gone = {one.point.arn for one in fates if one.fate is prune.Fate.DELETED}
    return replace(seen, points=tuple(one for one in seen.points if one.arn not in gone))


DUTIES: Mapping[Duty, Callable[[Cloud, Manifest], tuple[Done, ...]]] = {
    Duty.CAPTURE: capture_and_copy,
    Duty.PRUNE: give_up,
    Duty.VERIFY: verify_loop.duty,
}
"""Read-only: what a schedule asks for by name."""
