"""What a day's captures still need. Pure: `backup.capture` acts on it, `cli` prints it.

What the day has already, or has in the making, is not taken again; a window that was missed is
caught up and told, and so are the days before that have no point.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from backup.hold_rules import Standing
from backup.incident_points import UNREADABLE
from backup.points import Catalogue, Kind, Point, Series
from backup.window_days import WindowDay, missed, window_day
from cloud.databases import InstanceState
from continuity import naming
from continuity.manifest import Database, Manifest
from continuity.zone import SiteName

MOST_TRIES = 3
"""Snapshots of one database and day that may be of no use. Each takes a place of the account's
quota (100), and under a hold none goes: one an hour of five databases fills it in two nights."""

Instances = Mapping[SiteName, Mapping[str, InstanceState]]
"""What runs in each site, by identifier; nothing where a site does not answer."""


@dataclass(frozen=True)
class Capture:
    """One snapshot to take: of which instance, under which name, with which tags, and why."""

    database: str
    region: str
    instance: str
    identifier: str
    tags: Mapping[str, str]
    reason: str


@dataclass(frozen=True)
class CapturePlan:
    """What a day needs and has.

    `problems` say of whom nothing can be taken, `gaps` which days before it have no point.
    """

    day: WindowDay
    captures: tuple[Capture, ...]
    present: Mapping[str, Point]
    problems: Mapping[str, str]
    gaps: Mapping[str, tuple[str, ...]]


def plan(
    manifest: Manifest, catalogue: Catalogue, standing: Standing, found: Instances
) -> CapturePlan:
    """Decide what the day needs whose window opened last."""
    day = window_day(manifest.window, catalogue.at)
    points = {one.name: _points(catalogue, one) for one in manifest.databases}
    present = _present(points, day)
    failed = {name: _failed(mine, day) for name, mine in points.items() if name not in present}
    lacking = [
        one
        for one in manifest.databases
        if one.name not in present and failed[one.name] < MOST_TRIES
    ]
    sites = {one.name: serving(one, manifest.active, found) for one in lacking}
    reason = f"missed the window of {day}: caught up" if catalogue.at >= day.closes else "due"
    return CapturePlan(
        day,
        tuple(
            Capture(
                database=one.name,
                region=manifest.sites[site].region,
                instance=one.members[site].identifier,
                identifier=_free_name(manifest.zone, one.name, day, points[one.name]),
                tags=_tags(manifest.zone, site, one.name, day, standing),
                reason=reason,
            )
            for one in lacking
            if (site := sites[one.name]) is not None
        ),
        present,
        _problems(day, sites, failed),
        gaps(manifest, catalogue),
    )


def is_complete(manifest: Manifest, catalogue: Catalogue) -> bool:
    """Say whether the day has a point of every database: then no instance has to be looked at."""
    points = {one.name: _points(catalogue, one) for one in manifest.databases}
    return _present(points, window_day(manifest.window, catalogue.at)).keys() == points.keys()


def serving(database: Database, active: SiteName, found: Instances) -> SiteName | None:
    """Return where the primary of a database runs.

    A standby's instance that is no replica was promoted: the truth is there, whatever the manifest
    says until it is deployed again, and whatever came back of the old primary.
    """
    for site in (active.other, active):
        state = found.get(site, {}).get(database.members[site].identifier)
        if state is not None and not state.is_replica:
            return site
    return None


def _present(points: Mapping[str, list[Point]], day: WindowDay) -> Mapping[str, Point]:
    """Return what a day has already, or has in the making."""
    return {
        name: point
        for name, mine in points.items()
        for point in mine
        if point.day == str(day) and _is_or_will_be(point)
    }


def _points(catalogue: Catalogue, database: Database) -> list[Point]:
    series = Series(catalogue.zone, database.name, Kind.DATABASE)
    return [one for one in catalogue.points if one.series == series and one.ours]


def _is_or_will_be(point: Point) -> bool:
    return point.usable or point.in_the_making


def gaps(manifest: Manifest, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the days before this one on which nothing was taken, of databases that lack some."""
    day = window_day(manifest.window, catalogue.at)
    found = {one.name: _gaps(manifest, _points(catalogue, one), day) for one in manifest.databases}
    return {name: days for name, days in found.items() if days}


def _gaps(manifest: Manifest, points: list[Point], day: WindowDay) -> tuple[str, ...]:
    days = {one.day for one in points if _is_or_will_be(one)}
    return missed(days, day.day - timedelta(days=1), manifest.retention.daily)


def _problems(
    day: WindowDay, sites: Mapping[str, SiteName | None], failed: Mapping[str, int]
) -> dict[str, str]:
    lost = {name: "no primary of it was found" for name, site in sites.items() if site is None}
    said = f"snapshots of {day} cannot be used: no other is taken before the next window opens"
    tired = {name: f"{many} {said}" for name, many in failed.items() if many >= MOST_TRIES}
    return {**lost, **tired}


def _failed(points: list[Point], day: WindowDay) -> int:
    """Return how many snapshots of a day are of no use."""
    return sum(one.day == str(day) and not one.source and not _is_or_will_be(one) for one in points)


def _free_name(zone: str, database: str, day: WindowDay, points: list[Point]) -> str:
    """Return the day's name; where a failed snapshot has it, the next."""
    taken = {one.identifier for one in points}
    names = (naming.snapshot(zone, database, str(day), attempt) for attempt in count(1))
    return next(name for name in names if name not in taken)


def _tags(
    zone: str, site: SiteName, database: str, day: WindowDay, standing: Standing
) -> Mapping[str, str]:
    """Return what a new point carries; under a hold its incident, so that it takes no place."""
    incident = standing.holds[0].identifier if standing.holds else UNREADABLE
    held = {naming.TAG_INCIDENT: incident, naming.TAG_HOLD: incident}
    tags = {**naming.tags(zone, site, database), naming.TAG_POINT: str(day)}
    return {**tags, **held} if standing.holds or standing.unreadable else tags
