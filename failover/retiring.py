"""Deletes what a failover left behind: looks, keeps approvals, takes final snapshots, deletes.

`holdfast failover retire` calls it. Rules are `failover.retirement`. Everything may be repeated: a
snapshot that is there is not taken again, and what is gone is not in the plan any more.
"""

from collections.abc import Iterator

from backup import standing
from cloud import databases, restored, retiring, snapshots
from cloud.databases import InstanceState, Settings
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from cloud.snapshots import AVAILABLE
from continuity import naming
from continuity.errors import HoldfastError, Refusal, TemporaryError
from continuity.manifest import Manifest
from continuity.permissions import (
    CREATE_SNAPSHOT,
    DELETE_DATABASE,
    DESCRIBE_DATABASES,
    DESCRIBE_SNAPSHOTS,
    MODIFY_DATABASE,
    READ_PROOFS,
    SNAPSHOT_DATABASE,
    TAG_DATABASE,
    TAG_SNAPSHOT,
)
from continuity.zone import SiteName
from failover import people, retirement, whole
from failover.aftermath import untold
from failover.readiness.looks import proofs
from failover.retirement import APPROVED_BY, Old, Retirement
from failover.run import Run

AGAIN_S = 30.0
LONGEST_S = 12 * 3600.0
"""Assumption: no final snapshot takes longer, terabytes included."""


@permitted(DESCRIBE_DATABASES)
def plan(cloud: Cloud, manifest: Manifest) -> Retirement:
    """Return what would be deleted and who approved it; nothing else is asked.

    Raises:
        HoldfastError: a region does not answer; what lies there is not known.
    """
    olds = tuple(
        _old(site, found.region, state)
        for site, found in manifest.sites.items()
        for state in databases.of_zone(cloud.at(found.region), manifest.zone)
        if retirement.is_old(manifest, site, state.identifier, state.tags)
    )
    name = retirement.plan_hash(manifest, olds)
    given = retirement.approved_by(olds, name, cloud.clock.now())
    return Retirement(manifest.zone, olds, name, (), given, manifest.approvers)


def against(
    cloud: Cloud, manifest: Manifest, last: Run | None, olds: tuple[Old, ...]
) -> tuple[str, ...]:
    """Return everything that stands against deleting them, each with how to lift it.

    What cannot be looked at stands against it too: it may be what the old instances are needed for.
    """
    if last is not None and untold(last, manifest):
        why = f"{last.name} moved {manifest.zone} and the program was not told"
        return (f"{why}: `holdfast reconcile {manifest.zone} --apply`, then deploy the zone.",)
    found = whole.look(cloud, manifest, last)
    held = standing.read(cloud, manifest)
    people_hold = (
        f"{one.identifier} holds the recovery points ({one.reason}): `holdfast backup release "
        f"{manifest.zone} {one.identifier}` once nobody needs what is held."
        for one in held.holds
        if not one.automatic
    )
    unread = (f"Not known: {one}. Look again as holdfast-ZONE-retire." for one in found.unread)
    return (
        *found.objections,
        *people_hold,
        *(f"The holds in {region} cannot be read. Try again." for region in held.unreadable),
        *_unproven(cloud, manifest),
        *retirement.unusable(olds),
        *unread,
    )


@permitted(DESCRIBE_DATABASES, READ_PROOFS)
def _unproven(cloud: Cloud, manifest: Manifest) -> tuple[str, ...]:
    here = manifest.standby_site
    door = cloud.at(here.region)
    names = {one.name: one.members[manifest.standby].identifier for one in manifest.databases}
    found = databases.describe(door, names.values())
    built = {name: found[one].created_at if one in found else None for name, one in names.items()}
    try:
        tried = proofs.proofs(door, here.lease_table, manifest)
    except HoldfastError as error:
        return (f"What was proven in {here.region} cannot be read ({error}). Try again.",)
    proven = {one.database: None if one.refuted else one.at for one in tried}
    return tuple(retirement.proofs_missing(proven, built))


@permitted(TAG_DATABASE)
def approve(cloud: Cloud, manifest: Manifest, by: str, named: str) -> Retirement:
    """Approve exactly this plan: a tag on each of its instances says who, what and when.

    Raises:
        Refusal: the plan is another one by now, or AWS does not vouch for who this is.
    """
    who = people.person(manifest, by)
    found = plan(cloud, manifest)
    if found.hash != named or not found.olds:
        raise Refusal(
            f"{named} is not what would be deleted in {manifest.zone}.",
            f"Look at the present plan and approve {found.hash}: `holdfast failover retire "
            f"{manifest.zone}`.",
        )
    tag = {f"{APPROVED_BY}{who}": retirement.approval(named, cloud.clock.now())}
    for one in found.olds:
        restored.mark(cloud.at(one.region), one.arn, tag)
    return plan(cloud, manifest)


def act(cloud: Cloud, manifest: Manifest, found: Retirement) -> Iterator[str]:
    """Delete what was approved, each instance after its final snapshot; say what was done.

    Raises:
        Refusal: something stands against it, too few approved, or an instance is another one.
        HoldfastError: AWS does not take it now; a repeat goes on where this stopped.
    """
    if found.objections:
        raise Refusal(
            f"Nothing is retired in {found.zone}: {found.objections[0]}",
            f"`holdfast failover retire {found.zone}` lists all that stands against it.",
        )
    if not found.approved:
        raise Refusal(
            f"Plan {found.hash} is approved by {len(found.approved_by)} of {found.needed} people.",
            f"Approve it within the hour: holdfast failover retire {found.zone} --approve "
            f"{found.hash}",
        )
    for one in found.olds:
        door = cloud.at(one.region)
        yield _kept(door, manifest, one)
        yield _deleted(door, one)


@permitted(DESCRIBE_SNAPSHOTS, SNAPSHOT_DATABASE, CREATE_SNAPSHOT, TAG_SNAPSHOT)
def _kept(door: Door, manifest: Manifest, one: Old) -> str:
    """Take the final snapshot, or find it, and wait until it is whole."""
    tags = naming.tags(manifest.zone, one.site, one.database)
    until = door.clock.monotonic() + LONGEST_S
    while True:
        found = snapshots.look(door, one.snapshot)
        if found is not None and found.status == AVAILABLE:
            return f"{one.snapshot} holds what {one.identifier} held."
        if found is not None and found.status == "failed":
            raise Refusal(f"{one.snapshot} failed.", "Delete it and repeat this: it is taken anew.")
        if door.clock.monotonic() >= until:
            raise TemporaryError(f"{one.snapshot} is not whole yet. Repeat this later.", AGAIN_S)
        if found is None:
            snapshots.take(door, one.snapshot, one.identifier, tags)
        door.clock.sleep(AGAIN_S)


@permitted(DESCRIBE_DATABASES, MODIFY_DATABASE, DELETE_DATABASE)
def _deleted(door: Door, one: Old) -> str:
    """Look again who it is, let it be deleted, and delete it."""
    until = door.clock.monotonic() + LONGEST_S
    while True:
        state = databases.describe(door, [one.identifier]).get(one.identifier)
        if state is None or state.status == "deleting":
            return f"{one.identifier} is deleted."
        if state.resource != one.resource:
            raise Refusal(
                f"{one.identifier} is another instance than the one that was approved.",
                "Look at the plan again.",
            )
        if door.clock.monotonic() >= until:
            raise TemporaryError(f"{one.identifier} is still {state.status}. Repeat this.", AGAIN_S)
        if state.available and state.deletion_protection:
            databases.modify(door, one.identifier, Settings(deletion_protection=False))
        elif state.available:
            retiring.delete_keeping(door, one.identifier)
        door.clock.sleep(AGAIN_S)


def _old(site: SiteName, region: str, state: InstanceState) -> Old:
    return Old(
        site=site,
        region=region,
        identifier=state.identifier,
        arn=state.arn,
        resource=state.resource,
        database=state.tags[naming.TAG_DATABASE],
        status=state.status,
        fenced=state.tags.get(naming.TAG_FENCED, ""),
        approvals={
            key.removeprefix(APPROVED_BY): value
            for key, value in state.tags.items()
            if key.startswith(APPROVED_BY)
        },
    )
