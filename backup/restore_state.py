"""What bears the names of a restore right now: one call to RDS, and the zone's holds.

`cli` reads it for the plan, `backup.restore_swap` before each step.
"""

from backup import standing
from backup.restore_names import Bearers
from cloud import databases
from cloud.databases import InstanceState
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity import naming
from continuity.manifest import Database, Manifest
from continuity.permissions import DESCRIBE_DATABASES, READ_LEASE
from continuity.zone import SiteName


@permitted(DESCRIBE_DATABASES, READ_LEASE)
def read(
    cloud: Cloud, manifest: Manifest, database: Database, site: SiteName, identifier: str = ""
) -> Bearers:
    """Return what bears the database's name in a site, and the restored instance's.

    `identifier` is what it is restored as, where that was said.
    """
    restored = identifier or naming.restored(manifest.zone, database.name, site)
    current = database.members[site].identifier
    found = describe(cloud, manifest.sites[site].region, (current, restored))
    held = {one.identifier for one in standing.read(cloud, manifest).holds}
    return Bearers(found.get(current), found.get(restored), held=f"restore-{restored}" in held)


@permitted(DESCRIBE_DATABASES)
def describe(cloud: Cloud, region: str, names: tuple[str, ...]) -> dict[str, InstanceState]:
    """Return those that exist, by identifier."""
    return databases.describe(cloud.at(region), names)
