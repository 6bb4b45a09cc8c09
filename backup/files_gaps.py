"""On which days AWS Backup took no point of files. Pure.

`holdfast backup list` shows it beside `backup.capture_plan.gaps`, which has the same of databases.
A point belongs to the day whose window opened last before it began.
"""

from collections.abc import Iterable
from datetime import timedelta

from backup import declared
from backup.points import Catalogue, Point
from backup.window_days import missed, window_day
from continuity.manifest import Manifest


def gaps(manifest: Manifest, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the days before this one without a point, by series, of those that lack some."""
    found = {
        str(one): _gaps(manifest, catalogue, (at for at in catalogue.points if at.series == one))
        for one in declared.files(manifest)
    }
    return {name: days for name, days in found.items() if days}


def _gaps(manifest: Manifest, catalogue: Catalogue, points: Iterable[Point]) -> tuple[str, ...]:
    days = {
        str(window_day(manifest.window, one.taken_at))
        for one in points
        if one.taken_at is not None and (one.usable or one.in_the_making)
    }
    newest = window_day(manifest.window, catalogue.at).day - timedelta(days=1)
    return missed(days, newest, manifest.retention.daily)
