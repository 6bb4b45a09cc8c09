"""One fault row by itself, for a world that is already running.

`cli.simulator_command` hands `read_fault` to the control interface of a served world, so that
faults are written there as in scenarios.
"""

from continuity.manifest import Manifest
from continuity.reading import Reader
from drill.fault_rows import read_row
from simulator.faults import Fault


def read_fault(row: object, manifest: Manifest) -> Fault:
    """Return the fault that a row describes for a deployed zone.

    Raises:
        InvalidInput: a field is missing, unknown or wrong, or names what the zone does not have.
    """
    reader = Reader(row, "fault")
    found = read_row(reader)
    databases = [database.name for database in manifest.databases]
    regions = [site.region for site in manifest.sites.values()]
    if manifest.witness is not None:
        regions.append(manifest.witness.region)
    if found.database is not None and found.database not in databases:
        reader.note("database", f"{manifest.zone} has {', '.join(databases)}")
    if found.region is not None and found.region not in regions:
        reader.note("region", f"{manifest.zone} uses {', '.join(regions)}")
    reader.check("The fault")
    return found.fault(manifest)
