"""How old the newest usable recovery point of each database is, against the objective. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from backup.points import Catalogue, Kind, Point, Series, taken
from continuity.manifest import Manifest


@dataclass(frozen=True)
class Fresh:
    """One database: its newest usable point, how old that is, and whether that is young enough.

    `point` and `age` are None where nothing can be restored at all.
    """

    database: str
    point: Point | None
    age: timedelta | None
    met: bool


def freshness(manifest: Manifest, catalogue: Catalogue) -> tuple[Fresh, ...]:
    """Return how fresh every declared database is; one without any point is there too."""
    newest = catalogue.newest()
    return tuple(_fresh(manifest, catalogue, one.name, newest) for one in manifest.databases)


def _fresh(
    manifest: Manifest, catalogue: Catalogue, name: str, newest: dict[Series, Point]
) -> Fresh:
    point = newest.get(Series(manifest.zone, name, Kind.DATABASE))
    if point is None:
        return Fresh(name, None, None, met=False)
    age = catalogue.at - taken(point)
    return Fresh(name, point, age, met=age <= manifest.objectives.rpo)
