"""Which points still have to be copied into the other region. Pure: `backup.copy` acts on it.

Only what the rotation keeps is worth a copy, the newest first. One copy at a time per series: AWS
queues several of one source and shows no progress for them. Source of the limit: RDS quotas.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from backup.keep import PrunePlan
from backup.points import Catalogue, Point, Store, taken
from continuity import naming
from continuity.manifest import Manifest

MOST_IN_FLIGHT = 20
"""Copies under way into one region and account (RDS quota: cross-region snapshot copy requests)."""

_NOT_CARRIED = frozenset({naming.TAG_HOLD, naming.TAG_VERIFIED})
"""A mark belongs to the snapshot that it protects, and a test to what was tested: a copy under
another key may fail where its source did not."""


@dataclass(frozen=True)
class Copying:
    """One copy to begin: of what, into which region, under which name and key, with which tags."""

    source: Point
    region: str
    identifier: str
    key: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class CopyPlan:
    """What is begun now, what waits and why, and into which regions nothing can be copied."""

    copies: tuple[Copying, ...]
    waiting: Mapping[str, str]
    problems: Mapping[str, str]


def plan(manifest: Manifest, catalogue: Catalogue, kept: Callable[[], PrunePlan]) -> CopyPlan:
    """Decide what to copy; a region that was not read gets nothing, for nobody knows its copies.

    What is kept is asked only where something lacks a copy: mostly nothing does.
    """
    copies: list[Copying] = []
    waiting: dict[str, str] = {}
    for region in catalogue.regions:
        if region in catalogue.unread:
            continue
        free = MOST_IN_FLIGHT - len(_under_way(catalogue, region))
        for wanted in _wanted(manifest, catalogue, kept, region):
            why = _must_wait(catalogue, copies, wanted)
            if not why and free <= 0:
                why = f"{MOST_IN_FLIGHT} copies into {region} are under way"
            if why:
                waiting[wanted.source.arn] = why
                continue
            free -= 1
            copies.append(wanted)
    problems = {name: f"nothing is copied there: {why}" for name, why in catalogue.unread.items()}
    return CopyPlan(tuple(copies), waiting, problems)


def _under_way(catalogue: Catalogue, region: str) -> list[Point]:
    return [
        one for one in catalogue.points if one.region == region and one.source and one.in_the_making
    ]


def _must_wait(catalogue: Catalogue, begun: list[Copying], wanted: Copying) -> str:
    """Say why this copy has to wait for another of its series; empty if it need not."""
    series = wanted.source.series
    if any(one.series == series for one in _under_way(catalogue, wanted.region)):
        return f"another copy of {series} is under way"
    if any((one.source.series, one.region) == (series, wanted.region) for one in begun):
        return f"a newer copy of {series} goes first"
    return ""


def _wanted(
    manifest: Manifest, catalogue: Catalogue, kept: Callable[[], PrunePlan], region: str
) -> list[Copying]:
    """Return the copies that a region lacks, the newest first."""
    key = next(site.key_arn for site in manifest.sites.values() if site.region == region)
    here = [one for one in catalogue.points if one.region == region]
    moments = {(one.series, one.taken_at) for one in here if one.usable}
    sources = {one.source for one in here if one.in_the_making}
    names = {one.identifier for one in here}
    lacking = {
        one.arn
        for one in catalogue.points
        if _worth_it(one, region)
        and (one.series, one.taken_at) not in moments
        and one.arn not in sources
    }
    decisions = kept().decisions if lacking else ()
    found = [one.point for one in decisions if one.kept and one.point.arn in lacking]
    return [
        Copying(point, region, free_name(point.identifier, names), key, _carried(point))
        for point in sorted(found, key=taken, reverse=True)
    ]


def _worth_it(point: Point, region: str) -> bool:
    elsewhere = point.region != region and not point.source
    snapshot = point.store is Store.SNAPSHOT  # AWS Backup copies its own, by its plan
    return elsewhere and snapshot and point.ours and point.usable


def free_name(identifier: str, names: set[str]) -> str:
    """Return what a copy is called: as its source; where a failed copy is called so, the next."""
    tries = (identifier if turn == 1 else f"{identifier}-copy-{turn}" for turn in count(1))
    return next(name for name in tries if name not in names)


def _carried(point: Point) -> Mapping[str, str]:
    """Return the source's tags, without AWS's and those that belong to it alone."""
    return {
        key: value
        for key, value in point.tags.items()
        if key not in _NOT_CARRIED and not key.startswith("aws:")
    }
