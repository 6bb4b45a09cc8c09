"""Which databases have a proof, and how old it is: read in both sites, for people who list points.

A point that was proven in either site proves its series: copies hold what their source held.
"""

from functools import partial

from backup import evidence_store
from backup.evidence import Evidence, Proofs
from backup.points import Kind, Series
from backup.verify_rules import Trust, trust
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest, Site
from continuity.permissions import READ_PROOFS


@permitted(READ_PROOFS)
def read(cloud: Cloud, manifest: Manifest) -> tuple[Trust, ...]:
    """Return what is known of every declared database; a site that does not answer knows nothing.

    It costs a call per site and hundred databases.
    """
    places = [manifest.sites[name] for name in sorted(manifest.sites)]
    found = cloud.workers.run([partial(_proofs, cloud, manifest, one) for one in places])
    together: dict[Series, tuple[Evidence, ...]] = {}
    for proofs in found:
        for series, known in proofs.items():
            together[series] = (*together.get(series, ()), *known)
    return trust(manifest, together)


def _proofs(cloud: Cloud, manifest: Manifest, place: Site) -> Proofs:
    series = [Series(manifest.zone, one.name, Kind.DATABASE) for one in manifest.databases]
    try:
        return evidence_store.read(cloud.at(place.region), place.lease_table, series)
    except HoldfastError:
        return {}
