"""RDS: database instances take time to come and go, and each is somebody of its own.

The other RDS corrections make and judge instances with what stands here.
"""

from typing import Any

from moto.rds.exceptions import (
    DBInstanceNotFoundError,
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
)
from moto.rds.models import DBInstance, DBInstanceClustered, RDSBackend

from continuity import naming
from simulator import backup_history
from simulator.correction import Correction
from simulator.exported_logs import ensure_group
from simulator.lifecycle import AVAILABLE, busy
from simulator.timings import Takes
from simulator.world import current

_create_db_instance = RDSBackend.create_db_instance
_delete_db_instance = RDSBackend.delete_db_instance
_endpoint = DBInstance.endpoint

CREATING = "creating"
DELETING = "deleting"

_RESOURCE_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_RESOURCE_ID_LENGTH = 26


def found(backend: RDSBackend, identifier: str) -> DBInstance:
    """Return an instance of the backend's region, or raise AWS's `DBInstanceNotFound`."""
    if identifier not in backend.databases:
        raise DBInstanceNotFoundError(identifier)
    return backend.databases[identifier]


def demand(instance: DBInstance, *statuses: str) -> None:
    """Raise AWS's `InvalidDBInstanceState` unless the instance has one of these statuses."""
    if instance.status not in (statuses or (AVAILABLE,)):
        name = instance.db_instance_identifier
        raise InvalidDBInstanceStateFault(f"Instance {name} is not in available state.")


def demand_reachable(source: DBInstance) -> None:
    """Refuse work that must read from a lost region. What AWS says then is an assumption."""
    if current().faults.region_lost(source.region):
        raise InvalidDBInstanceStateFault(f"The source region {source.region} does not answer.")


def names(instance: DBInstance) -> set[str]:
    """Return what a scenario may call this database: its name in the zone, its identifier."""
    tagged = {tag["Value"] for tag in instance.tags if tag["Key"] == naming.TAG_DATABASE}
    return {instance.db_instance_identifier, *tagged}


def bear(backend: RDSBackend, properties: dict[str, Any], kind: str) -> DBInstance:
    """Make an instance that is `creating` for as long as this kind of creation takes."""
    if properties.get("kms_key_id"):
        properties["kms_key_id"] = backend._validate_kms_key(properties["kms_key_id"])
    instance = _create_db_instance(backend, properties)
    if not isinstance(instance, DBInstanceClustered):
        settle(instance, kind)
    return instance


def identity(prefix: str) -> str:
    """Return a new resource id, `db-TQNPO3BZMKKW7W2PIY3MWHKV3Z`."""
    drawn = current().random("resource-ids").choices(_RESOURCE_ID_LETTERS, k=_RESOURCE_ID_LENGTH)
    return prefix + "".join(drawn)


def settle(instance: DBInstance, kind: str) -> None:
    """Give a new instance an identity of its own, and the time it takes to come up."""
    instance.dbi_resource_id = identity("db-")
    if not instance.backup_retention_period:
        _forget_automatic_snapshots(instance)
    ensure_group(instance)
    busy(instance, CREATING, kind)


def _forget_automatic_snapshots(instance: DBInstance) -> None:
    kept = instance.backend.database_snapshots
    for name, snapshot in list(kept.items()):
        mine = snapshot.db_instance_identifier == instance.db_instance_identifier
        if mine and snapshot.snapshot_type == "automated":
            del kept[name]


def create_db_instance(backend: RDSBackend, properties: dict[str, Any]) -> DBInstance:
    """Create an instance that becomes available minutes later."""
    return bear(backend, properties, Takes.CREATE_DATABASE)


def delete_db_instance(
    backend: RDSBackend,
    db_instance_identifier: str,
    final_db_snapshot_identifier: str | None = None,
    skip_final_snapshot: bool | None = False,
    delete_automated_backups: bool | None = True,
) -> DBInstance:
    """Delete an instance, cross-region replicas included; it stays `deleting` for minutes."""
    instance = found(backend, db_instance_identifier)
    _demand_deletable(instance, final_db_snapshot_identifier, bool(skip_final_snapshot))
    if final_db_snapshot_identifier:
        backend.create_db_snapshot(db_instance_identifier, final_db_snapshot_identifier)

    def gone() -> None:
        leave_source(instance)
        _abandon_replicas(instance)
        instance.is_replica = False
        backup_history.end(instance)
        _delete_db_instance(backend, db_instance_identifier, None, True, delete_automated_backups)

    busy(instance, DELETING, Takes.DELETE_DATABASE, then=gone, after="deleted")
    return instance


def _demand_deletable(instance: DBInstance, final_snapshot: str | None, skip: bool) -> None:
    if instance.status == DELETING:
        name = instance.db_instance_identifier
        raise InvalidDBInstanceStateFault(f"Instance {name} is already being deleted.")
    if instance.deletion_protection:
        raise InvalidParameterCombination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again."
        )
    if instance.is_replica and (final_snapshot or not skip):
        raise InvalidParameterCombination(
            "SkipFinalSnapshot must be specified when deleting a read replica."
        )
    if not skip and not final_snapshot:
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )


def source_of(instance: DBInstance) -> DBInstance | None:
    """Return the instance that a replica follows, unless it is gone."""
    if not instance.source_db_instance_identifier:
        return None
    try:
        return instance.backend.find_db_from_id(instance.source_db_instance_identifier)
    except DBInstanceNotFoundError:
        return None


def leave_source(replica: DBInstance) -> None:
    """Take a replica off its source's list, by name or by ARN."""
    source = source_of(replica)
    if source is not None:
        mine = (replica.db_instance_arn, replica.db_instance_identifier)
        source.replicas = [listed for listed in source.replicas if listed not in mine]


def _abandon_replicas(source: DBInstance) -> None:
    """Leave replicas alone: those of the same region become standalone, PostgreSQL's abroad end."""
    for listed in list(source.replicas):
        replica = source.backend.find_db_from_id(listed)
        if replica.region == source.region:
            replica.is_replica = False
            replica.source_db_instance_identifier = None


def endpoint(instance: DBInstance) -> dict[str, Any] | None:
    """Return where the instance answers; there is nothing to connect to while it is created."""
    return None if instance.status == CREATING else _endpoint.fget(instance)


def corrections() -> list[Correction]:
    """Return what AWS does where moto's instances are there, and gone, at once."""
    return [
        Correction(
            RDSBackend,
            "create_db_instance",
            create_db_instance,
            "creation takes minutes, DbiResourceId is unique, keys are of the region, "
            "and without retention there is no automatic snapshot",
        ),
        Correction(
            RDSBackend,
            "delete_db_instance",
            delete_db_instance,
            "deletion takes minutes, asks for a final snapshot, and works on replicas abroad",
        ),
        Correction(DBInstance, "endpoint", property(endpoint), "none before it is available"),
    ]
