"""Whether something in the simulated AWS carries a tag: what a policy's condition asks.

`simulator.role_policies` calls it. Only RDS is known: the zone's roles delete nothing else.
"""

from moto.rds.models import rds_backends

from simulator import inside

_ARN_PARTS = 6


def carries(arn: str, key: str) -> bool:
    """Say whether the resource has a tag of this name; `*` and what does not exist have none."""
    parts = arn.split(":", _ARN_PARTS)
    if len(parts) <= _ARN_PARTS:
        return False
    service, region, kind, name = parts[2], parts[3], parts[5], parts[6]
    if service != "rds":
        raise NotImplementedError(f"tags of {service}, which {arn} belongs to")
    backend = rds_backends[inside.ACCOUNT][region]
    known = {"db": backend.databases, "snapshot": backend.database_snapshots}.get(kind, {})
    found = known.get(name)
    return found is not None and any(tag["Key"] == key for tag in found.tags)
