"""The catalogue: what there is to restore from, in both regions of a zone, read in a few sweeps.

`cli` and the verbs of this room read it first. A series is found by our own tags and not by the
instance that was snapshotted: after a restore or a failover that is another one, and its points
belong to the same series. A region that does not answer is told, never taken for an empty one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from backup.points import Catalogue, Kind, Point, Reach, Series, Store
from backup.vault_points import vault_point_of
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
)

_ENABLED = "Enabled"


@dataclass(frozen=True)
class _Read:
    """What one region says."""

    points: tuple[Point, ...]
    reaches: tuple[Reach, ...]
    copying: frozenset[str]


@permitted(DESCRIBE_SNAPSHOTS, DESCRIBE_BACKUPS, DESCRIBE_KEY, LIST_VAULT_POINTS, LIST_COPY_JOBS)
def read(cloud: Cloud, manifest: Manifest, *, whole: bool = True) -> Catalogue:
    """Return every recovery point of a zone, region beside region.

    What is not `whole` holds the snapshots only: all that captures and copies are decided over.

    It costs one call per 100 snapshots, one per 100 instances, one per 1,000 points of a vault, two
    for its copies under way, and one per key. Never raises for a region that does not answer: that
    is in `unread`.
    """
    regions = tuple(sorted({site.region for site in manifest.sites.values()}))
    looks = [partial(_read_or_error, cloud.at(region), manifest, whole) for region in regions]
    found = dict(zip(regions, cloud.workers.run(looks), strict=True))
    lists = [one for one in found.values() if not isinstance(one, HoldfastError)]
    return Catalogue(
        zone=manifest.zone,
        at=cloud.clock.now(),
        regions=regions,
        points=tuple(sorted((point for one in lists for point in one.points), key=_place)),
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
        unusable=_unusable(snapshot, states),
        size_gb=snapshot.storage.size_gb,
        key=snapshot.key,
        source=snapshot.source,
        progress=snapshot.progress,
        day=tags.get(naming.TAG_POINT, ""),
        incident=tags.get(naming.TAG_INCIDENT, ""),
        verified=tags.get(naming.TAG_VERIFIED, ""),
        marked=tags.get(naming.TAG_HOLD, ""),
        tags=tags,
    )


def _read_or_error(door: Door, manifest: Manifest, whole: bool) -> _Read | HoldfastError:
    try:
        return _read(door, manifest, whole)
    except HoldfastError as error:
        return error


def _read(door: Door, manifest: Manifest, whole: bool) -> _Read:
    found = snapshots.sweep(door)
    keys = sorted({one.key for one in found if one.key and _mine(one, manifest)})
    states = {key: _key_state(door, key) for key in keys}
    made = (point_of(one, door.region, states) for one in found)
    points = tuple(one for one in made if one is not None and one.series.zone == manifest.zone)
    if not whole:
        return _Read(points, (), frozenset())
    kept = _kept(door, manifest)
    reaches = tuple(_reaches(snapshots.windows(door), door.region, manifest))
    return _Read((*points, *kept[0]), reaches, kept[1])


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


def _unusable(snapshot: Snapshot, states: Mapping[str, str]) -> str:
    """Say why a snapshot cannot be restored, empty where it can."""
    if snapshot.status != snapshots.AVAILABLE:
        return f"it is {snapshot.status}"
    if snapshot.taken_at is None:
        return "AWS does not say of which moment it is"
    state = states.get(snapshot.key, _ENABLED)
    return "" if state == _ENABLED else f"its key is {state}: {snapshot.key}"


def _reaches(found: Iterable[Window], region: str, manifest: Manifest) -> Iterable[Reach]:
    """Return what automated backups reach, by database: RDS shows no tags there, so by instance."""
    owner = {
        member.identifier: database.name
        for database in manifest.databases
        for member in database.members.values()
    }
    for window in found:
        if window.instance in owner:
            series = Series(manifest.zone, owner[window.instance], Kind.DATABASE)
            yield Reach(series, region, window.status, window.oldest, window.newest)
