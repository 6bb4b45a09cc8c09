"""Prune: delete what a plan gives up, one point after the other, each looked at again first.

`cli` runs it with `--apply`. Between plan and deletion a hold may have been placed, a copy begun,
or somebody else may have deleted: all of that is read again before each call. What is found
changed is left alone and told; one failure does not stop the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backup import standing
from backup.keep import Decision, PrunePlan
from backup.points import Point
from cloud import snapshots
from cloud.door import Cloud
from cloud.permitted import permitted
from cloud.snapshots import Snapshot
from continuity import naming
from continuity.errors import HoldfastError, TemporaryError
from continuity.manifest import Manifest
from continuity.permissions import (
    DELETE_SNAPSHOT,
    DESCRIBE_SNAPSHOTS,
    READ_LEASE,
    UNTAG_SNAPSHOT,
)


class Fate(StrEnum):
    """What became of a point that was to be deleted."""

    DELETED = "deleted"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Pruned:
    """One point of the plan, what became of it, and why."""

    point: Point
    fate: Fate
    sentence: str


@permitted(DELETE_SNAPSHOT, UNTAG_SNAPSHOT, DESCRIBE_SNAPSHOTS, READ_LEASE)
def apply(cloud: Cloud, manifest: Manifest, plan: PrunePlan) -> Iterator[Pruned]:
    """Delete what the plan gives up; yield each as it is done. Never raises."""
    others = {site.region for site in manifest.sites.values()}
    for decision in plan.deletions:
        point = decision.point
        held = standing.read(cloud, manifest).why(cloud.clock.now())
        if held:
            yield Pruned(point, Fate.SKIPPED, held)
            continue
        try:
            yield _delete(cloud, decision, sorted(others - {point.region}))
        except HoldfastError as error:
            yield Pruned(point, Fate.FAILED, str(error))


def succeeded(pruned: Sequence[Pruned]) -> bool:
    """Say whether nothing failed."""
    return not any(one.fate is Fate.FAILED for one in pruned)


def _delete(cloud: Cloud, decision: Decision, others: Sequence[str]) -> Pruned:
    point = decision.point
    door = cloud.at(point.region)
    now = snapshots.look(door, point.identifier)
    if now is None:
        return Pruned(point, Fate.SKIPPED, "it was gone already")
    changed = _changed(point, now)
    if changed:
        return Pruned(point, Fate.SKIPPED, changed)
    for region in others:
        # A copy has its source's name; one of another name was seen by the plan's own sweep.
        copy = snapshots.look(cloud.at(region), point.identifier)
        if copy and copy.source == point.arn and copy.status != snapshots.AVAILABLE:
            return Pruned(point, Fate.SKIPPED, f"a copy to {region} has begun")
    if now.tags.get(naming.TAG_HOLD):
        # Left behind by a hold that is over: the policy that protects what carries it would deny.
        snapshots.unmark(door, point.arn, naming.TAG_HOLD)
    try:
        snapshots.delete(door, point.identifier)
    except TemporaryError:
        if snapshots.look(door, point.identifier) is not None:
            raise
    return Pruned(point, Fate.DELETED, decision.reason)


def _changed(point: Point, now: Snapshot) -> str:
    """Say how a snapshot differs from the one that was decided about; empty if in nothing."""
    if (now.arn, now.taken_at, now.status) != (point.arn, point.taken_at, point.status):
        return f"it changed since the plan: it is {now.status}, of {now.taken_at}"
    if now.tags.get(naming.TAG_VERIFIED, "") != point.verified:
        return "it was verified since the plan"
    return ""
