"""What trials of recovery points measured, as a failover reads it: in the standby site alone.

`cli.zone_session` reads it once when it opens a zone, so that a driver's plan is the same from its
first tick to its last. A table that does not answer measures nothing: the assumptions stay.
"""

from backup import evidence_store
from backup.points import Kind, Series
from backup.restore_times import RestoreTimes
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import READ_PROOFS


@permitted(READ_PROOFS)
def restore_times(cloud: Cloud, manifest: Manifest) -> RestoreTimes:
    """Return what was measured in the standby site: one call per hundred databases."""
    here = manifest.standby_site
    series = [Series(manifest.zone, one.name, Kind.DATABASE) for one in manifest.databases]
    try:
        found = evidence_store.read(cloud.at(here.region), here.lease_table, series)
    except HoldfastError:
        return RestoreTimes()
    return RestoreTimes.of(one for each in found.values() for one in each)
