"""What a verification would do, how long it takes and what it costs, before anything is restored.

`cli` shows it. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backup.points import Kind, Series
from backup.restore_times import Expected, RestoreTimes
from backup.verify_subject import Wish
from continuity.manifest import Manifest
from continuity.zone import SiteName

CHECKED_S = 300.0
CLEARED_S = 300.0
"""Assumptions: the checks are answered, and the instance is gone, in five minutes each."""

_PER_LARGE_HOUR = {"r": 0.27, "m": 0.20, "t": 0.16}
_OTHERS = 0.27
_GB_MONTH = 0.14
_GB_RESTORED = 0.03
_HOURS_A_MONTH = 730
"""Assumption: dollars for PostgreSQL in one availability zone and for gp3 storage, and for a GB of
files that AWS Backup restores, as AWS listed them for Europe in 2025; other regions differ by a
fifth or so. A billed hour begins with the first ten minutes."""

_SMALL = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}
_CLASS = re.compile(r"db\.([a-z])[a-z0-9]*\.(?:(\d+)xlarge|([a-z]+))")


@dataclass(frozen=True)
class Planned:
    """One point that would be tried: on which class, how long, and for how many dollars about."""

    wish: Wish
    instance_class: str
    expected: Expected
    dollars: float


def planned(
    manifest: Manifest, site: SiteName, wishes: Iterable[Wish], times: RestoreTimes
) -> tuple[Planned, ...]:
    """Return what each wish takes."""
    classes = {one.name: one.members[site].instance_class for one in manifest.databases}
    return tuple(_planned(one, classes, times) for one in wishes)


def seconds(found: Sequence[Planned], at_once: int) -> float:
    """Return how long all of it takes: never more than `at_once` side by side, in this order."""
    lanes = [0.0] * at_once
    for one in found:
        lanes[lanes.index(min(lanes))] += one.expected.seconds + CHECKED_S + CLEARED_S
    return max(lanes)


def undeclared(manifest: Manifest, wishes: Iterable[Wish]) -> tuple[Series, ...]:
    """Return the series of which nothing would be checked but that they open."""
    silent = {one.name for one in manifest.databases if not one.checks}
    series = (one.point.series for one in wishes)
    found = {one for one in series if one.kind is Kind.DATABASE and one.resource in silent}
    return tuple(sorted(found))


def _planned(wish: Wish, classes: dict[str, str], times: RestoreTimes) -> Planned:
    point = wish.point
    if point.series.kind is Kind.FILES:
        expected = times.point_of_files(point.series.resource, point.size_gb)
        return Planned(wish, "", expected, point.size_gb * _GB_RESTORED)
    expected = times.snapshot(point.series.resource, point.size_gb)
    instance_class = classes.get(point.series.resource, "")
    hours = (expected.seconds + CHECKED_S + CLEARED_S) / 3600
    per_hour = _per_hour(instance_class) + point.size_gb * _GB_MONTH / _HOURS_A_MONTH
    return Planned(wish, instance_class, expected, hours * per_hour)


def _per_hour(instance_class: str) -> float:
    found = _CLASS.fullmatch(instance_class)
    if found is None:
        return _OTHERS
    family, many, word = found.groups()
    larges = 2.0 * int(many) if many else _SMALL.get(word, 1.0)
    return larges * _PER_LARGE_HOUR.get(family, _OTHERS)
