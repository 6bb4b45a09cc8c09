"""What RDS takes no snapshot for: no room in the account, too many copies, an unusable KMS key.

`rds_snapshots` asks before it takes or copies one. Sources: RDS user guide, "Quotas in Amazon RDS"
(manual snapshots per region and account; what RDS or AWS Backup takes by itself does not count) and
"Copying a DB snapshot" (copy requests in progress to a destination region); RDS API reference,
errors of CreateDBSnapshot and CopyDBSnapshot. Both quotas have one code and a sentence each, as
people met them: https://github.com/pbudzon/aws-maintenance/issues/12 and .../issues/19.
Assumptions: the words about the key, and that copies between regions alone count as in progress.
"""

from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend

from simulator import key_states, limits, snapshot_faults
from simulator.fault import FaultKind
from simulator.world import current

_QUOTA = "SnapshotQuotaExceeded"


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
        raise RDSClientError(_QUOTA, f"Cannot create more than {most} manual snapshots")


def demand_turn(backend: RDSBackend) -> None:
    """Raise AWS's `SnapshotQuotaExceeded` where as many copies as may come at once are coming."""
    most = limits.limit(current(), backend.region_name, limits.COPIES_IN_FLIGHT)
    if sum(map(_is_coming, backend.database_snapshots.values())) >= most:
        raise RDSClientError(_QUOTA, f"Cannot copy more than {most} snapshots across regions")


def demand_key(key: str | None) -> None:
    """Raise AWS's `KMSKeyNotAccessibleFault` where a key, given by its ARN, cannot be used."""
    if key_states.unusable(key):
        said = f"The specified KMS key [{key}] does not exist, is not enabled or you do not have"
        raise RDSClientError("KMSKeyNotAccessibleFault", f"{said} permissions to access it.")


def _is_coming(snapshot: snapshot_faults.Snapshot) -> bool:
    """Say whether a snapshot is being copied here from another region."""
    elsewhere = getattr(snapshot, "source_region", snapshot.region) != snapshot.region
    return elsewhere and bool(snapshot.status == snapshot_faults.CREATING)
