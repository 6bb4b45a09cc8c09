"""What of a zone a test of the plan vouches for: when it changes, a test is due again. Pure.

`cli.drill_record` keeps the digests with each drill, `failover.readiness` and the continuity plan
compare them with the zone as it is. Only what people declare counts, so that a drill in a simulated
account vouches for the real one: no identifier, no ARN, no image of a release.
"""

import hashlib
import json
from collections.abc import Mapping

from continuity.manifest import Database, Manifest, Site

SUBJECTS = ("databases", "hosting", "names")


def digests(manifest: Manifest) -> Mapping[str, str]:
    """Return by subject a short digest of what was declared."""
    declared: dict[str, object] = {
        "databases": [_database(one) for one in manifest.databases],
        "hosting": {str(name): _hosting(one) for name, one in manifest.sites.items()},
        "names": _names(manifest),
    }
    return {subject: _digest(declared[subject]) for subject in SUBJECTS}


def changed(tested: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the subjects that are not as they were tested; what nobody noted down is left out."""
    return tuple(one for one in SUBJECTS if one in tested and tested[one] != now.get(one))


def _database(found: Database) -> object:
    classes = sorted({member.instance_class for member in found.members.values()})
    return [
        found.name,
        found.priority,
        found.engine,
        found.engine_version,
        found.port,
        found.storage_gb,
        found.backup_retention_days,
        classes,
    ]


def _hosting(site: Site) -> object:
    found = site.hosting
    counts = (found.serving_minimum, found.serving_desired, found.serving_maximum)
    return [site.region, found.cpu, *counts]


def _names(manifest: Manifest) -> object:
    traffic = manifest.traffic
    times = (traffic.ttl_s, traffic.check_interval_s, traffic.failure_threshold)
    return [traffic.name, *times, manifest.witness.region if manifest.witness else ""]


def _digest(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
