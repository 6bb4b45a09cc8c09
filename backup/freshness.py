"""How old the newest usable recovery point of each series is, against the objective. Pure.

`cli` lists it; `backup.measures` tells CloudWatch the same of each region by itself.
"""

from dataclasses import dataclass
from datetime import timedelta

from backup import declared
from backup.points import Catalogue, Point, Series, taken
from continuity.manifest import Manifest


@dataclass(frozen=True)
class Fresh:
    """One series: its newest usable point, how old that is, and whether that is young enough.

    `point` and `age` are None where nothing can be restored at all.
    """

    series: Series
    point: Point | None
    age: timedelta | None
    met: bool


def freshness(manifest: Manifest, catalogue: Catalogue) -> tuple[Fresh, ...]:
    """Return how fresh every declared series is; one without any point is there too."""
    series, newest = declared.every(manifest), catalogue.newest()
    return tuple(_fresh(manifest, catalogue, one, newest.get(one)) for one in series)


def _fresh(manifest: Manifest, catalogue: Catalogue, series: Series, point: Point | None) -> Fresh:
    if point is None:
        return Fresh(series, None, None, met=False)
    age = catalogue.at - taken(point)
    return Fresh(series, point, age, met=age <= manifest.objectives.rpo)
