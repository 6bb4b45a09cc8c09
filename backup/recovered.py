"""What is known of a zone that wants its hold released, and how long its regions have room.

`cli` asks before a release. The rules about it are `backup.hold_rules`.
"""

from functools import partial

from backup import capture
from backup.hold_rules import Recovered, room_days
from backup.points import Catalogue, Kind, Series
from cloud import snapshots
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import DESCRIBE_DATABASES, DESCRIBE_RDS_QUOTAS

_RESTORING = frozenset({"creating", "restoring"})


@permitted(DESCRIBE_DATABASES)
def look(cloud: Cloud, manifest: Manifest, catalogue: Catalogue, open_run: str) -> Recovered:
    """Return what a release is judged by. Nobody watches a zone's health from here."""
    sites = capture.instances(cloud, manifest)
    series = [Series(manifest.zone, one.name, Kind.DATABASE) for one in manifest.databases]
    newest = catalogue.newest()
    return Recovered(
        healthy_since=None,
        newest={one.resource: newest.get(one) for one in series},
        restoring=tuple(
            sorted(
                state.identifier
                for found in sites.values()
                for state in found.values()
                if state.status in _RESTORING
            )
        ),
        open_run=open_run,
    )


@permitted(DESCRIBE_RDS_QUOTAS)
def room(cloud: Cloud, manifest: Manifest) -> dict[str, float | None]:
    """Return for how many days each region takes a snapshot of every database and a day.

    None where a region does not answer.
    """
    regions = sorted({site.region for site in manifest.sites.values()})
    looks = [partial(_room, cloud, region, len(manifest.databases)) for region in regions]
    return dict(zip(regions, cloud.workers.run(looks), strict=True))


def _room(cloud: Cloud, region: str, per_day: int) -> float | None:
    try:
        found = snapshots.room(cloud.at(region))
    except HoldfastError:
        return None
    return room_days(found.used, found.most, per_day)
