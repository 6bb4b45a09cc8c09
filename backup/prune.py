"""Prune: delete what a plan gives up, one point after the other, each looked at again first.

`cli` runs it with `--apply`, and `backup.nightly` every night. Between plan and deletion a hold may
have been placed, a copy begun, or somebody else may have deleted: all of that is read again before
each call. What is found changed is left alone and told; one failure does not stop the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backup import standing
from backup.copy_plan import free_name
from backup.keep import Decision, PrunePlan
from backup.outcome import Done
from backup.points import Point, Store
from cloud import snapshots, vaults
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from cloud.snapshots import Snapshot
from cloud.vaults import VaultPoint
from continuity import naming
from continuity.errors import HoldfastError, PermanentError, TemporaryError
from continuity.manifest import Manifest
from continuity.permissions import (
    DELETE_SNAPSHOT,
    DELETE_VAULT_POINT,
    DESCRIBE_SNAPSHOTS,
    DESCRIBE_VAULT_POINT,
    LIST_COPY_JOBS,
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


@permitted(
    DELETE_SNAPSHOT,
    UNTAG_SNAPSHOT,
    DESCRIBE_SNAPSHOTS,
    DELETE_VAULT_POINT,
    DESCRIBE_VAULT_POINT,
    LIST_COPY_JOBS,
    READ_LEASE,
)
def apply(cloud: Cloud, manifest: Manifest, plan: PrunePlan) -> Iterator[Pruned]:
    """Delete what the plan gives up; yield each as it is done. Never raises."""
    names = _names(manifest, plan)
    for decision in plan.deletions:
        point = decision.point
        held = standing.read(cloud, manifest).of(point.arn, cloud.clock.now())
        if held:
            yield Pruned(point, Fate.SKIPPED, held)
            continue
        try:
            pruned = _delete(cloud, decision, names)
        except HoldfastError as error:
            pruned = Pruned(point, Fate.FAILED, str(error))
        if pruned.fate is Fate.DELETED:
            names[point.region].discard(point.identifier)
        yield pruned


def done(pruned: Pruned) -> Done:
    """Return one as an outcome: what was skipped went well, for it is still there."""
    return Done(
        subject=pruned.point.identifier,
        region=pruned.point.region,
        well=pruned.fate is not Fate.FAILED,
        sentence=f"{pruned.fate}: {pruned.sentence}",
    )


def _names(manifest: Manifest, plan: PrunePlan) -> Mapping[str, set[str]]:
    """Return which names the plan's look found taken in each region."""
    found: dict[str, set[str]] = {site.region: set() for site in manifest.sites.values()}
    for one in plan.decisions:
        found[one.point.region].add(one.point.identifier)
    return found


def _delete(cloud: Cloud, decision: Decision, names: Mapping[str, set[str]]) -> Pruned:
    """Look again, then delete; a reply that was lost is asked after."""
    point = decision.point
    door = cloud.at(point.region)
    why = _skip(cloud, point, names)
    if why:
        return Pruned(point, Fate.SKIPPED, why)
    try:
        _remove(door, point)
    except TemporaryError:
        if _look(door, point) is not None:
            raise
    except PermanentError as error:
        if point.store is not Store.VAULT or "legal hold" not in str(error).lower():
            raise
        return Pruned(point, Fate.SKIPPED, f"held: {error}")
    return Pruned(point, Fate.DELETED, decision.reason)


def _remove(door: Door, point: Point) -> None:
    if point.store is Store.VAULT:
        vaults.delete(door, point.tags["vault"], point.arn)
        return
    if point.marked:
        # Left behind by a hold that is over: the policy that protects what carries it would deny.
        snapshots.unmark(door, point.arn, naming.TAG_HOLD)
    snapshots.delete(door, point.identifier)


def _skip(cloud: Cloud, point: Point, names: Mapping[str, set[str]]) -> str:
    """Say why a point is left alone although the plan gives it up; empty if it still may go."""
    door = cloud.at(point.region)
    now = _look(door, point)
    if now is None:
        return "it was gone already"
    if (now.arn, now.taken_at, now.status) != (point.arn, point.taken_at, point.status):
        return f"it changed since the plan: it is {now.status}, of {now.taken_at}"
    if point.store is Store.VAULT:
        return "a copy has begun" if vaults.is_being_copied(door, point.arn) else ""
    if isinstance(now, Snapshot) and now.tags.get(naming.TAG_VERIFIED, "") != point.verified:
        return "it was verified since the plan"
    return "" if point.source else _copied(cloud, point, names)  # a copy is never copied again


def _copied(cloud: Cloud, point: Point, names: Mapping[str, set[str]]) -> str:
    """Say whether a copy has begun since the plan, to which deleting its source would put an end.

    A night's captures may have seen the point when it still had a place. What they would call its
    copy follows from the names that are taken: one look in each other region finds it, and all that
    was on its way before was seen by the plan's own sweep (`backup.keep`).
    """
    for region in sorted(names.keys() - {point.region}):
        copy = snapshots.look(cloud.at(region), free_name(point.identifier, names[region]))
        if copy and copy.source == point.arn and copy.status != snapshots.AVAILABLE:
            return f"a copy to {region} has begun"
    return ""


def _look(door: Door, point: Point) -> Snapshot | VaultPoint | None:
    if point.store is Store.VAULT:
        return vaults.look(door, point.tags["vault"], point.arn)
    return snapshots.look(door, point.identifier)
