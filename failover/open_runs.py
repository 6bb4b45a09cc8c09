"""The runs of a zone that have not ended, for whoever must not change its stack meanwhile.

`cli.open_runs` asks for previews and pipelines. Both sites' tables are read by their names: no
manifest is needed, and a run may stand in either.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cloud import journals, leases
from cloud.clients import Reach
from cloud.door import Cloud
from cloud.failures import Missing
from cloud.permitted import permitted
from continuity import naming
from continuity.errors import HoldfastError
from continuity.permissions import READ_JOURNAL, READ_LEASE
from continuity.zone import SiteName
from failover import aftermath
from failover.run import Run


@dataclass(frozen=True)
class Seen:
    """The open runs that were found, and why a site could not be read; empty where both could.

    `owing` names the last move if the site that it ended in is not warranted yet.
    """

    runs: tuple[Run, ...]
    unseen: str = ""
    owing: str = ""


def look(cloud: Cloud, zone: str, regions: Mapping[SiteName, str]) -> Seen:
    """Look in both sites, a short attempt each; what fails is told, never raised."""
    last: dict[SiteName, Run] = {}
    unseen: list[str] = []
    for site, region in regions.items():
        try:
            found = _last(cloud, zone, site, region)
        except HoldfastError as error:
            unseen.append(f"{site}: {error}")
        else:
            last |= {} if found is None else {site: found}
    runs = tuple(run for run in last.values() if run.end is None)
    return Seen(runs, " ".join(unseen), aftermath.unwarranted(last))


@permitted(READ_LEASE, READ_JOURNAL)
def _last(cloud: Cloud, zone: str, site: SiteName, region: str) -> Run | None:
    """Return the last run that a site keeps; a site that was never deployed has none."""
    door = cloud.at(region, Reach.IMPAIRED)
    try:
        lease = leases.read(door, naming.table(zone, site, "lease"))
    except Missing:
        return None
    if lease is None or not lease.run:
        return None
    entries = journals.read(door, naming.table(zone, site, "journal"), lease.run)
    run = Run(lease.run, entries)
    return run if entries else None
