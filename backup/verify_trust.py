"""Which series have a proof, and how old it is: read in both sites, for people who list points.

A point that was proven in either site proves its series: copies hold what their source held.
"""

from functools import partial
from itertools import chain

from backup import declared, evidence_store
from backup.evidence import Proofs
from backup.verify_rules import Trust, trust
from cloud.door import Cloud
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.manifest import Manifest, Site
from continuity.permissions import READ_PROOFS


@permitted(READ_PROOFS)
def read(cloud: Cloud, manifest: Manifest) -> tuple[Trust, ...]:
    """Return what is known of every series; a site that is silent knows nothing.

    It costs a call per site and hundred series.
    """
    places = [manifest.sites[name] for name in sorted(manifest.sites)]
    found = cloud.workers.run([partial(_proofs, cloud, manifest, one) for one in places])
    series = declared.every(manifest)
    together = {one: [*chain.from_iterable(each.get(one, ()) for each in found)] for one in series}
    return trust(series, together)


def _proofs(cloud: Cloud, manifest: Manifest, place: Site) -> Proofs:
    series, door = declared.every(manifest), cloud.at(place.region)
    try:
        return evidence_store.read(door, place.lease_table, series)
    except HoldfastError:
        return {}
