"""RDS: snapshots and copies take time by size, and take only what is there."""

from moto.rds.exceptions import InvalidParameterValue, RDSClientError
from moto.rds.models import DBSnapshot, RDSBackend, rds_backends

from simulator import snapshot_faults
from simulator.correction import Correction
from simulator.corrections.rds_instances import demand, found, names
from simulator.corrections.rds_refusals import demand_key, demand_room, demand_turn
from simulator.lifecycle import begin, busy, end
from simulator.operations import Stage
from simulator.timings import Takes
from simulator.world import current

_create_db_snapshot = RDSBackend.create_db_snapshot
_copy_db_snapshot = RDSBackend.copy_db_snapshot
_delete_db_snapshot = RDSBackend.delete_db_snapshot

_DELETABLE = frozenset({"available", "failed"})

NO_COPY_KEY = "Must specify new KMS key for cross region encrypted snapshot copy."


def create_db_snapshot(
    backend: RDSBackend, db_instance_identifier: str, *rest: object, **named: object
) -> DBSnapshot:
    """Take a snapshot of an available instance; a manual one takes minutes."""
    instance = found(backend, db_instance_identifier)
    snapshot_type = rest[1] if len(rest) > 1 else named.get("snapshot_type", "manual")
    if snapshot_type == "manual":
        demand(instance, "available", "storage-optimization", "stopped")
        demand_key(instance.kms_key_id)
        demand_room(backend)
    snapshot = _create_db_snapshot(backend, db_instance_identifier, *rest, **named)
    if snapshot_type == "manual":
        busy(snapshot, "creating", Takes.SNAPSHOT)
    return snapshot


def copy_db_snapshot(
    backend: RDSBackend,
    source_db_snapshot_identifier: str,
    target_db_snapshot_identifier: str,
    kms_key_id: str | None = None,
    **named: object,
) -> DBSnapshot:
    """Copy an available snapshot into the backend's region, under a key of that region."""
    source = backend.get_db_snapshot(source_db_snapshot_identifier)
    if current().faults.region_lost(source.region):
        raise RDSClientError("InvalidDBSnapshotState", f"{source.region} does not answer.")
    demand_available(source)
    if source.encrypted and source.region != backend.region_name and not kms_key_id:
        raise InvalidParameterValue(NO_COPY_KEY)
    for key in (source.kms_key_id, kms_key_id):
        demand_key(key)
    demand_room(backend)
    if source.region != backend.region_name:
        demand_turn(backend)
    copy = _copy_db_snapshot(
        backend,
        source_db_snapshot_identifier,
        target_db_snapshot_identifier,
        kms_key_id,
        **named,
    )
    copy.source_db_snapshot_identifier = source.db_snapshot_arn
    copy.source_region = source.region
    busy(copy, "creating", _takes(backend, copy, source))
    return copy


def _takes(backend: RDSBackend, copy: DBSnapshot, source: DBSnapshot) -> Takes:
    """Say whether all of a snapshot is copied, or what changed since the newest copy here.

    RDS guide, "Incremental snapshot copying": across regions too, as long as the newest copy is
    there and under the same key.
    """
    mine = names(source.database)
    earlier = [
        one
        for one in backend.database_snapshots.values()
        if one is not copy
        and snapshot_faults.is_copy(one)
        and names(one.database) & mine
        and one.original_snapshot_create_time <= source.original_snapshot_create_time
    ]
    newest = max(earlier, key=lambda one: one.original_snapshot_create_time, default=None)
    if newest is None or newest.status != "available" or newest.kms_key_id != copy.kms_key_id:
        return Takes.COPY_SNAPSHOT
    return Takes.COPY_CHANGES


def delete_db_snapshot(backend: RDSBackend, db_snapshot_identifier: str) -> DBSnapshot:
    """Delete a snapshot that is no longer being made; copies that still read from it fail."""
    snapshot = backend.database_snapshots.get(db_snapshot_identifier)
    if snapshot is not None and snapshot.status not in _DELETABLE:
        name = snapshot.db_snapshot_identifier
        raise RDSClientError("InvalidDBSnapshotState", f"{name} is not in available state.")
    deleted = _delete_db_snapshot(backend, db_snapshot_identifier)
    for region in rds_backends[backend.account_id].values():
        for copy in region.database_snapshots.values():
            reads = getattr(copy, "source_db_snapshot_identifier", None) == deleted.db_snapshot_arn
            if reads and copy.status == snapshot_faults.CREATING:
                begin(copy, Takes.COPY_SNAPSHOT)
                end(copy, Takes.COPY_SNAPSHOT, status=snapshot_faults.FAILED, stage=Stage.FAILED)
    return deleted


def demand_available(snapshot: DBSnapshot) -> None:
    """Raise AWS's `InvalidDBSnapshotState` unless the snapshot is there."""
    if snapshot.status != "available":
        name = snapshot.db_snapshot_identifier
        raise RDSClientError("InvalidDBSnapshotState", f"{name} is not in available state.")


def corrections() -> list[Correction]:
    """Return what AWS does where moto's snapshots are there at once."""
    return [
        Correction(RDSBackend, "create_db_snapshot", create_db_snapshot, "takes minutes by size"),
        Correction(RDSBackend, "copy_db_snapshot", copy_db_snapshot, "needs a key and a turn"),
        Correction(
            RDSBackend,
            "delete_db_snapshot",
            delete_db_snapshot,
            "not while it is being made; and a copy that still reads from it fails",
        ),
        Correction(
            DBSnapshot, "percent_progress", property(snapshot_faults.progress), "0 until done"
        ),
        Correction(
            DBSnapshot,
            "status",
            property(snapshot_faults.status, snapshot_faults.set_status),
            "may be unusable, or never done, while a fault holds",
        ),
    ]
