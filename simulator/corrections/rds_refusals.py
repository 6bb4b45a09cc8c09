"""What RDS takes no snapshot for: no room is left in the account, or a KMS key cannot be used.

`rds_snapshots` asks before it takes or copies one. Sources: RDS user guide, "Quotas in Amazon RDS"
(manual snapshots per region and account; what RDS or AWS Backup takes by itself does not count);
RDS API reference, errors of CreateDBSnapshot and CopyDBSnapshot. Assumption: the words of the
second refusal.
"""

from moto.kms.models import kms_backends
from moto.rds.exceptions import RDSClientError, SnapshotQuotaExceededFault
from moto.rds.models import RDSBackend

from simulator import inside, limits
from simulator.fault import FaultKind
from simulator.world import current

_ENABLED = "Enabled"


def manual_snapshots(backend: RDSBackend) -> tuple[int, int]:
    """Return how many manual snapshots a region has, and may have.

    While `quota-exceeded` holds there is room for no other.
    """
    kinds = [snapshot.snapshot_type for snapshot in backend.database_snapshots.values()]
    used, region = kinds.count("manual"), backend.region_name
    most = limits.limit(current(), region, limits.MANUAL_SNAPSHOTS)
    full = current().faults.active(FaultKind.QUOTA_EXCEEDED, region=region) is not None
    return used, min(most, used) if full else most


def demand_room(backend: RDSBackend) -> None:
    """Raise AWS's `SnapshotQuotaExceeded` unless there is room for another manual snapshot."""
    used, most = manual_snapshots(backend)
    if used >= most:
        raise SnapshotQuotaExceededFault


def demand_key(key: str | None) -> None:
    """Raise AWS's `KMSKeyNotAccessibleFault` where a key, given by its ARN, cannot be used."""
    if not key or not key.startswith("arn:"):
        return
    region, name = key.split(":")[3], key.rpartition("/")[2]
    known = kms_backends[inside.ACCOUNT][region].keys.get(name)
    if known is not None and known.key_state != _ENABLED:
        said = f"The specified KMS key [{key}] does not exist, is not enabled or you do not have"
        raise RDSClientError("KMSKeyNotAccessibleFault", f"{said} permissions to access it.")
