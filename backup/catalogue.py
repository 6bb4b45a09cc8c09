"""The catalogue: what there is to restore from, in both regions of a zone, read in a few sweeps.

`cli` and the verbs of this room read it first. A series is found by our own tags and not by the
instance that was snapshotted: after a restore or a failover that is another one, and its points
belong to the same series. A region that does not answer is told, never taken for an empty one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from backup import declared, evidence_store
from backup.evidence import Proofs
from backup.points import WRONG, Catalogue, Kind, Point, Reach, Series, Store
from backup.turns import serving_turns
from backup.vault_points import vault_point_of
from backup.verify_words import told
from cloud import recovery_points, snapshots, vaults
from cloud.door import Cloud, Door
from cloud.failures import Denied, Missing
from cloud.permitted import permitted
from cloud.snapshots import Snapshot, Window
from continuity import naming
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_BACKUPS,
    DESCRIBE_KEY,
    DESCRIBE_SNAPSHOTS,
    LIST_COPY_JOBS,
    LIST_VAULT_POINTS,
    READ_PROOFS,
)
from continuity.restorable import Restorable, unusable


@dataclass(frozen=True)
class _Read:
    """What one region says."""

    points: tuple[Point, ...]
    reaches: tuple[Reach, ...]
    copying: frozenset[str]
    proofs: tuple[Proofs, ...] = ()


@permitted(
    DESCRIBE_SNAPSHOTS,
    DESCRIBE_BACKUPS,
    DESCRIBE_KEY,
    LIST_VAULT_POINTS,
    LIST_COPY_JOBS,
    READ_PROOFS,
)
def read(cloud: Cloud, manifest: Manifest, *, whole: bool = True, region: str = "") -> Catalogue:
    """Return every recovery point of a zone, region beside region, or those of one region.

    What is not `whole` holds the snapshots only: all that captures and copies are decided over.

    It costs one call per 100 snapshots, one per 100 instances, one per 1,000 points of a vault, two
    for its copies under way, one for what trials of files showed, and one per key. Never raises for
    a region that does not answer: that is in `unread`.
    """
    both = tuple(sorted({site.region for site in manifest.sites.values()}))
    regions = (region,) if region else both
    looks = [partial(_read_or_error, cloud.at(one), manifest, whole) for one in regions]
    found = dict(zip(regions, cloud.workers.run(looks), strict=True))
    lists = [one for one in found.values() if not isinstance(one, HoldfastError)]
    points = sorted((point for one in lists for point in one.points), key=_place)
    return Catalogue(
        zone=manifest.zone,
        at=cloud.clock.now(),
        regions=regions,
        points=told(points, (proofs for one in lists for proofs in one.proofs)),
        reaches=tuple(reach for one in lists for reach in one.reaches),
        copying=frozenset().union(*(one.copying for one in lists)),
        unread={name: one for name, one in found.items() if isinstance(one, HoldfastError)},
        whole=whole,
    )


def point_of(snapshot: Snapshot, region: str, states: Mapping[str, str]) -> Point | None:
    """Return a snapshot as a recovery point; None where no tag says which series it belongs to."""
    tags = snapshot.tags
    zone, resource = tags.get(naming.TAG_ZONE), tags.get(naming.TAG_DATABASE)
    if not zone or not resource:
        return None
    return Point(
        series=Series(zone, resource, Kind.DATABASE),
        region=region,
        store=Store.SNAPSHOT if snapshot.kind == snapshots.MANUAL else Store.AUTOMATED,
        identifier=snapshot.identifier,
        arn=snapshot.arn,
        status=snapshot.status,
        taken_at=snapshot.taken_at,
        unusable=_why_not(recovery_points.of_snapshot(snapshot), states),
        size_gb=snapshot.storage.size_gb,
        key=snapshot.key,
        source=snapshot.source,
        progress=snapshot.progress,
        day=tags.get(naming.TAG_POINT, ""),
        incident=tags.get(naming.TAG_INCIDENT, ""),
        verified=tags.get(naming.TAG_VERIFIED, ""),
        marked=tags.get(naming.TAG_HOLD, ""),
        refuted=tags.get(naming.TAG_REFUTED, ""),
        tags=tags,
        storage=snapshot.storage,
    )


def _read_or_error(door: Door, manifest: Manifest, whole: bool) -> _Read | HoldfastError:
    try:
        return _read(door, manifest, whole)
    except HoldfastError as error:
        return error


def _read(door: Door, manifest: Manifest, whole: bool) -> _Read:
    found = snapshots.sweep(door)
    windows = snapshots.windows(door) if whole else ()
    owned = [(one, database) for one in windows if (database := _owner(one, manifest))]
    named = {one.key for one in found if _mine(one, manifest)} | {one.key for one, _ in owned}
    states = {key: _key_state(door, key) for key in sorted(named - {""})}
    made = (point_of(one, door.region, states) for one in found)
    points = tuple(one for one in made if one is not None and one.series.zone == manifest.zone)
    if not whole:
        return _Read(points, (), frozenset())
    kept = _kept(door, manifest)
    reaches = [_reach(one, manifest.zone, database, door.region, states) for one, database in owned]
    proofs = _proofs(door, manifest)
    return _Read((*points, *kept[0]), serving_turns(reaches), kept[1], proofs)


def _proofs(door: Door, manifest: Manifest) -> tuple[Proofs, ...]:
    """Return what trials of files in this region showed.

    Where the table does not answer nothing is known of them, and nothing is deleted either: the
    holds lie in it too.
    """
    series = declared.files(manifest)
    tables = [one.lease_table for one in manifest.sites.values() if one.region == door.region]
    try:
        return tuple(evidence_store.read(door, table, series) for table in tables)
    except HoldfastError:
        return ()


def _kept(door: Door, manifest: Manifest) -> tuple[tuple[Point, ...], frozenset[str]]:
    """Return what AWS Backup keeps here of the zone, and of what it makes copies right now."""
    vaults_here = sorted(
        site.safekeeping.vault
        for site in manifest.sites.values()
        if site.region == door.region and site.safekeeping.vault
    )
    if not vaults_here:
        return (), frozenset()
    found = (
        vault_point_of(one, door.region, vault, manifest)
        for vault in vaults_here
        for one in vaults.sweep(door, vault)
    )
    return tuple(one for one in found if one is not None), vaults.being_copied(door)


def _place(point: Point) -> tuple[Series, str, str]:
    return point.series, point.region, point.identifier


def _mine(snapshot: Snapshot, manifest: Manifest) -> bool:
    return snapshot.tags.get(naming.TAG_ZONE) == manifest.zone


def _key_state(door: Door, key: str) -> str:
    """Return a key's state; one that is gone, or that nobody may look at, is none to rely on."""
    try:
        return recovery_points.key_state(door, key)
    except Missing:
        return "missing"
    except Denied:
        return "hidden"


def _why_not(one: Restorable, states: Mapping[str, str]) -> str:
    """Say why nothing should be restored from it: the rule that failovers choose by, or a trial."""
    why = unusable(one, states)
    if why:
        return f"it {why}"
    return f"{WRONG}{one.refuted}" if one.refuted else ""


def _reach(
    window: Window, zone: str, database: str, region: str, states: Mapping[str, str]
) -> Reach:
    return Reach(
        series=Series(zone, database, Kind.DATABASE),
        region=region,
        status=window.status,
        oldest=window.oldest,
        newest=window.newest,
        instance=window.instance,
        resource=window.resource,
        arn=window.arn,
        received=window.region != region,
        key=window.key,
        storage=window.storage,
        unusable=_why_not(recovery_points.of_window(window), states),
    )


def _owner(window: Window, manifest: Manifest) -> str | None:
    """Return the database that automated backups are of; RDS shows no tags there, so by name.

    What a restore moved aside keeps the backups of the time in which it was the database.
    """
    for database in manifest.databases:
        for member in database.members.values():
            if window.instance == member.identifier:
                return database.name
            if naming.is_aside(window.instance, member.identifier):
                return database.name
    return None
