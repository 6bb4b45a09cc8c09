"""What is known of a zone's condition: is it well, since when, what is there to restore it from.

`backup.automatic` asks every night before anything is deleted, `cli` before a release. The rules
about it are `backup.causes` and `backup.release_rules`. Nothing here raises for what does not
answer: unknown is an answer, and never a good one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from backup import declared
from backup.burden import room_days
from backup.points import Catalogue, Kind, Point, taken
from backup.release_rules import Recovered
from cloud import alarms, databases, journals, leases, restore_jobs, snapshots
from cloud.alarms import AlarmState
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from continuity import health_alarms, naming
from continuity.errors import HoldfastError
from continuity.journal import ENDS
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    DESCRIBE_ALARMS,
    DESCRIBE_DATABASES,
    DESCRIBE_RDS_QUOTAS,
    LIST_RESTORES,
    READ_JOURNAL,
    READ_LEASE,
    READ_RESTORE_METADATA,
)
from continuity.zone import SiteName

T = TypeVar("T")

_RESTORING = frozenset({"creating", "restoring"})

_LONGEST = timedelta(days=7)
"""Assumption: no restore by AWS Backup lasts longer."""


@permitted(
    DESCRIBE_DATABASES,
    DESCRIBE_ALARMS,
    LIST_RESTORES,
    READ_RESTORE_METADATA,
    READ_LEASE,
    READ_JOURNAL,
)
def look(cloud: Cloud, manifest: Manifest, catalogue: Catalogue) -> Recovered:
    """Return the zone's condition. Never raises."""
    doors = {name: cloud.at(site.region) for name, site in manifest.sites.items()}
    quiet = _each(cloud, [partial(_alarms, door, manifest, name) for name, door in doors.items()])
    found = _each(
        cloud,
        [partial(_restoring, door, manifest, manifest.sites[name]) for name, door in doors.items()],
    )
    regions = [door.region for door in doors.values()]
    newest = catalogue.newest()
    return Recovered(
        healthy_since=_healthy_since(quiet),
        failing=tuple(_failing(quiet)),
        newest={one.resource: newest.get(one) for one in declared.databases(manifest)},
        files={
            str(one): newest.get(one)
            for one in sorted({point.series for point in catalogue.points})
            if one.kind is Kind.FILES
        },
        proven=_proven(catalogue),
        never=frozenset(_never(catalogue, manifest)),
        damaged=tuple(sorted(damaged(catalogue))),
        restoring=tuple(sorted(name for one in found for name in one or ())),
        unseen=tuple(name for name, one in zip(regions, found, strict=True) if one is None),
        open_run=_held_as(open_run(cloud, manifest), manifest),
    )


@permitted(READ_LEASE, READ_JOURNAL)
def open_run(cloud: Cloud, manifest: Manifest) -> str | None:
    """Return the failover that has not ended; empty without one, None where nobody can say."""
    site = manifest.standby_site
    door = cloud.at(site.region)
    try:
        lease = leases.read(door, site.lease_table)
        if lease is None or not lease.run:
            return ""
        entries = journals.read(door, site.journal_table, lease.run)
    except HoldfastError:
        return None
    return "" if not entries or any(one.kind in ENDS for one in entries) else lease.run


def _held_as(run: str | None, manifest: Manifest) -> str | None:
    """Return the name of a run's own hold (`failover.aws` places it)."""
    return naming.run_in(run, manifest.standby) if run else run


@permitted(DESCRIBE_RDS_QUOTAS)
def room(cloud: Cloud, manifest: Manifest) -> dict[str, float | None]:
    """Return for how many days each region takes a snapshot of every database and a day.

    None where a region does not answer.
    """
    regions = sorted({site.region for site in manifest.sites.values()})
    looks = [partial(_room, cloud.at(region), len(manifest.databases)) for region in regions]
    return dict(zip(regions, _each(cloud, looks), strict=True))


def _room(door: Door, per_day: int) -> float | None:
    found = snapshots.room(door)
    return room_days(found.used, found.most, per_day)


def _each(cloud: Cloud, looks: "Sequence[partial[T]]") -> list[T | None]:
    return cloud.workers.run([partial(_or_none, look) for look in looks])


def _or_none(look: "partial[T]") -> T | None:
    try:
        return look()
    except HoldfastError:
        return None


def _alarms(door: Door, manifest: Manifest, site: SiteName) -> dict[str, AlarmState | None]:
    """Return every alarm that a site must have; None for one that it has not."""
    wanted = health_alarms.names(manifest.zone, site, [one.name for one in manifest.databases])
    found = alarms.states(door, wanted)
    return {name: found.get(name) for name in wanted}


def _healthy_since(
    sites: "Iterable[Mapping[str, AlarmState | None] | None]",
) -> datetime | None:
    """Return since when all alarms of all sites are quiet; None if one is not, or is unknown."""
    latest: list[datetime] = []
    for site in sites:
        if site is None or not all(one is not None and one.quiet for one in site.values()):
            return None
        latest += [one.since for one in site.values() if one is not None]
    return max(latest, default=None)


def _failing(sites: "Iterable[Mapping[str, AlarmState | None] | None]") -> Iterable[str]:
    for site in sites:
        found = (site or {}).items()
        yield from (name for name, one in found if one is not None and one.gone_off)


def _never(catalogue: Catalogue, manifest: Manifest) -> Iterable[str]:
    """Return the databases without any point; in a region that was not read there may be some."""
    had = {point.series for point in catalogue.points if point.ours}
    lacking = (one for one in declared.databases(manifest) if one not in had)
    return () if catalogue.unread else (one.resource for one in lacking)


def damaged(catalogue: Catalogue) -> Iterable[str]:
    """Yield the series of which a refuted point is newer than every proven one."""
    proven = _proven(catalogue)
    refuted = {str(one.series): taken(one) for one in _by_age(catalogue) if one.only_refuted}
    for series, moment in refuted.items():
        if series not in proven or proven[series] < moment:
            yield series


def _by_age(catalogue: Catalogue) -> list[Point]:
    return sorted((one for one in catalogue.points if one.taken_at is not None), key=taken)


def _proven(catalogue: Catalogue) -> dict[str, datetime]:
    """Return of when each series' newest point is that was restored and checked."""
    tested = sorted((one for one in catalogue.points if one.usable and one.verified), key=taken)
    return {str(one.series): taken(one) for one in tested}


def _restoring(door: Door, manifest: Manifest, site: Site) -> tuple[str, ...]:
    """Return what is restored in a region right now: instances, and jobs of AWS Backup.

    A new replica copies and restores nothing; what is tried and thrown away is kept from being
    deleted by whoever tries it, and a test of AWS Backup may as well fail.
    """
    instances = databases.of_zone(door, manifest.zone)
    making = (one for one in instances if one.status in _RESTORING and not one.is_replica)
    names = tuple(one.identifier for one in making if naming.TAG_SCRATCH not in one.tags)
    kept = site.safekeeping
    if not kept.vault:
        return names
    trials = tuple(filter(None, (kept.scratch, naming.scratch_prefix(manifest.zone))))
    jobs = restore_jobs.running(door, trials, door.clock.now() - _LONGEST)
    return (*names, *(f"AWS Backup {one.identity}" for one in jobs))
