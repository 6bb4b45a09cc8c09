"""How fresh the recovery points are, as numbers that alarms watch in both regions.

`backup.nightly` puts them after every look at a zone. A region gets the numbers of the points that
lie there: they are what a restore in that region could use. A series without a usable point has no
age, and no number is no good news: the alarms (`stacks.freshness_alarms`) take silence for a fault.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from backup.outcome import Done
from backup.points import Catalogue, Kind, Point, Series, taken
from backup.vault_points import resources
from cloud import measures
from cloud.door import Cloud, Door
from cloud.measures import Number
from cloud.permitted import permitted
from continuity import backup_metrics
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import PUT_METRICS


def fresh(manifest: Manifest, catalogue: Catalogue, region: str) -> tuple[Number, ...]:
    """Return the age, count and copies under way of every series on its shelf in a region."""
    shelves = catalogue.shelves()
    return tuple(
        number
        for series in expected(manifest, region)
        if catalogue.whole or series.kind is Kind.DATABASE
        for number in _of_series(catalogue, series, shelves.get((series, region), ()))
    )


def expected(manifest: Manifest, region: str) -> Iterator[Series]:
    """Yield the series that have points in a region: databases, its files, and those copied to it.

    Files of the site that stands by are copied nowhere.
    """
    for database in manifest.databases:
        yield Series(manifest.zone, database.name, Kind.DATABASE)
    here = {str(name) for name, site in manifest.sites.items() if site.region == region}
    for resource in resources(manifest).values():
        if resource.partition("-")[0] in here | {str(manifest.active)}:
            yield Series(manifest.zone, resource, Kind.FILES)


def ran(manifest: Manifest, outcomes: Sequence[Done], given_up: int) -> tuple[Number, ...]:
    """Return what a run of a duty did: points given up, and what did not go well."""
    whose = {backup_metrics.ZONE: manifest.zone}
    failed = sum(not one.well for one in outcomes)
    return (
        Number(backup_metrics.GIVEN_UP, given_up, dimensions=whose),
        Number(backup_metrics.FAILED, failed, dimensions=whose),
    )


@permitted(PUT_METRICS)
def publish(
    cloud: Cloud, manifest: Manifest, catalogue: Catalogue, more: Iterable[Number] = ()
) -> tuple[Done, ...]:
    """Put what a look has shown into every region that answered it. Never raises.

    A region that did not answer the look is not asked again: its alarms hear nothing, and tell.
    """
    beside = tuple(more)
    tasks = [
        partial(_put, cloud.at(region), (*fresh(manifest, catalogue, region), *beside))
        for region in catalogue.regions
        if region not in catalogue.unread
    ]
    return tuple(one for one in cloud.workers.run(tasks) if one is not None)


def _put(door: Door, numbers: Sequence[Number]) -> Done | None:
    try:
        measures.put(door, backup_metrics.NAMESPACE, numbers)
    except HoldfastError as error:
        return Done("metrics", door.region, well=False, sentence=str(error))
    return None


def _of_series(catalogue: Catalogue, series: Series, points: Sequence[Point]) -> Iterator[Number]:
    whose = {backup_metrics.ZONE: series.zone, backup_metrics.SERIES: series.resource}
    usable = [one for one in points if one.usable and one.ours]
    dated = [one for one in usable if catalogue.past(one)]
    copying = sum(one.in_the_making and bool(one.source) for one in points)
    if dated:
        age_s = (catalogue.at - taken(dated[0])).total_seconds()
        yield Number(backup_metrics.AGE, max(0.0, age_s), "Seconds", whose)
    yield Number(backup_metrics.POINTS, len(usable), dimensions=whose)
    yield Number(backup_metrics.COPYING, copying, dimensions=whose)
