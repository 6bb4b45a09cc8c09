"""What trials restored in a region: how to reach it, and whose it is.

`backup.verify_databases` looks here for the way in to what it restored, and for what a dead
verification left behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloud.databases import PAGE
from cloud.door import Door
from cloud.failures import Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import DESCRIBE_DATABASES


@dataclass(frozen=True)
class Scratch:
    """One restored instance. `zone` is what its tag says, empty for what is nobody's trial.

    `address` and what follows are empty until RDS gives them.
    """

    identifier: str
    status: str
    zone: str
    address: str
    port: int
    user: str
    database: str


@permitted(DESCRIBE_DATABASES)
def look(door: Door, identifier: str) -> Scratch | None:
    """Return one instance, None if there is none of this name."""
    try:
        reply = door.read("rds", "DescribeDBInstances", DBInstanceIdentifier=identifier)
    except Missing:
        return None
    return next((_scratch(row) for row in reply["DBInstances"]), None)


@permitted(DESCRIBE_DATABASES)
def sweep(door: Door, zone: str) -> tuple[Scratch, ...]:
    """Return the zone's trials in this region, by name and by tag: both must say so."""
    prefix = naming.scratch_prefix(zone)
    found = pages(door, "rds", "DescribeDBInstances", ("Marker", "Marker"), MaxRecords=PAGE)
    trials = (_scratch(row) for page in found for row in page["DBInstances"])
    return tuple(one for one in trials if one.zone == zone and one.identifier.startswith(prefix))


def _scratch(row: Mapping[str, Any]) -> Scratch:
    endpoint = row.get("Endpoint") or {}
    tags = {tag["Key"]: tag.get("Value", "") for tag in row.get("TagList") or ()}
    return Scratch(
        identifier=row["DBInstanceIdentifier"],
        status=row.get("DBInstanceStatus", ""),
        zone=tags.get(naming.TAG_SCRATCH, ""),
        address=endpoint.get("Address", ""),
        port=endpoint.get("Port", 0),
        user=row.get("MasterUsername", ""),
        database=row.get("DBName") or "",
    )
