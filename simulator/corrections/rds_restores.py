"""RDS: a restore takes time by size, restores what is named, and gives defaults but the data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    DBInstanceNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend

from simulator import backup_history, loading
from simulator.backup_history import RestoredFrom, naive
from simulator.correction import Correction
from simulator.corrections.rds_instances import bear
from simulator.corrections.rds_snapshots import demand_available
from simulator.timings import Takes

_OF_THE_DATA = (
    "allocated_storage",
    "db_name",
    "engine",
    "engine_version",
    "license_model",
    "master_username",
    "port",
    "storage_type",
)
_OF_THE_INSTANCE = (
    "auto_minor_version_upgrade",
    "backup_retention_period",
    "db_instance_class",
    "preferred_backup_window",
    "preferred_maintenance_window",
)


def restore_db_instance_from_db_snapshot(
    backend: RDSBackend, from_snapshot_id: str, asked: dict[str, Any]
) -> DBInstance:
    """Restore an available snapshot of the region under a new name, with RDS's own defaults."""
    name = from_snapshot_id.rsplit(":snapshot:", maxsplit=1)[-1]
    snapshot = backend.describe_db_snapshots(
        db_instance_identifier=None, db_snapshot_identifier=name
    )[0]
    demand_available(snapshot)
    properties = _restored(snapshot.database, asked)
    properties["storage_encrypted"] = snapshot.encrypted
    properties["kms_key_id"] = snapshot.kms_key_id
    return _bear(backend, properties, asked["db_instance_identifier"], Takes.RESTORE_SNAPSHOT)


def restore_db_instance_to_point_in_time(
    backend: RDSBackend,
    source_db_identifier: str | None,
    target_db_identifier: str,
    asked: dict[str, Any],
) -> DBInstance:
    """Restore the named instance, and no other, to a moment that its logs reach."""
    origin = _named(backend, source_db_identifier, asked)
    moment = _moment(origin, asked)
    properties = _restored(origin.instance, asked)
    properties["storage_encrypted"] = origin.instance.storage_encrypted
    properties["kms_key_id"] = origin.kms_key_id
    made = _bear(backend, properties, target_db_identifier, Takes.RESTORE_TO_TIME)
    made._holdfast_restored_from = RestoredFrom(origin.instance, moment)
    return made


@dataclass(frozen=True)
class _Origin:
    """Whose backups a restore starts from, under which key, and what they reach."""

    instance: DBInstance
    kms_key_id: str | None
    window: tuple[datetime, datetime] | None


def _named(backend: RDSBackend, identifier: str | None, asked: dict[str, Any]) -> _Origin:
    """Return the source that the call names, by whichever of the three arguments."""
    arn = asked.get("source_db_instance_automated_backups_arn")
    if arn:
        kept = getattr(backend, "replicated_backups", {}).get(arn)
        if kept is None:
            raise RDSClientError("DBInstanceAutomatedBackupNotFoundFault", f"{arn} not found.")
        return _Origin(kept.source, kept.kms_key_id, kept.window)
    resource = asked.get("source_dbi_resource_id")
    for instance in backend.databases.values():
        mine = (instance.db_instance_identifier, instance.dbi_resource_id)
        if (identifier or "").lower() == mine[0] or resource == mine[1]:
            found = backup_history.own_window(instance)
            return _Origin(instance, instance.kms_key_id, found)
    raise DBInstanceNotFoundError(str(identifier or resource))


def _moment(origin: _Origin, asked: dict[str, Any]) -> datetime:
    """Return the moment that is asked for, if the backups reach it."""
    moment, latest = asked.get("restore_time"), bool(asked.get("use_latest_restorable_time"))
    if latest == (moment is not None):
        raise InvalidParameterCombination(
            "Specify either RestoreTime or UseLatestRestorableTime, and not both."
        )
    if origin.window is None:
        raise RDSClientError(
            "PointInTimeRestoreNotEnabled",
            f"{origin.instance.db_instance_identifier} has no backups to restore from.",
        )
    oldest, newest = origin.window
    if moment is None:
        return newest
    if not oldest <= naive(moment) <= newest:
        raise InvalidParameterValue(
            f"The specified time {moment} is not within {oldest} and {newest}."
        )
    return naive(moment)


def _restored(origin: DBInstance, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a restored instance.

    RDS keeps what belongs to the data and the instance's size; Multi-AZ, groups, tags, deletion
    protection and the rest are defaults unless the call gives them.
    """
    storage = asked.get("allocated_storage")
    if storage and storage < origin.allocated_storage:
        raise InvalidParameterValue(
            "The allocated storage size can't be less than the source snapshot or backup size."
        )
    kept = {name: getattr(origin, name) for name in (*_OF_THE_DATA, *_OF_THE_INSTANCE)}
    kept["master_user_password"] = origin._master_user_password  # users are data, too
    given = {name: value for name, value in asked.items() if value is not None}
    for name in (*_NAMES_OF_SOURCES, "db_instance_identifier", "kms_key_id"):
        given.pop(name, None)
    return kept | given


_NAMES_OF_SOURCES = (
    "db_snapshot_identifier",
    "restore_time",
    "source_db_instance_automated_backups_arn",
    "source_db_instance_identifier",
    "source_dbi_resource_id",
    "target_db_instance_identifier",
    "use_latest_restorable_time",
)


def _bear(
    backend: RDSBackend, properties: dict[str, Any], identifier: str, kind: str
) -> DBInstance:
    if identifier in backend.databases:
        raise DBInstanceAlreadyExists
    made = bear(backend, properties | {"db_instance_identifier": identifier}, kind)
    loading.begin(made)
    return made


def corrections() -> list[Correction]:
    """Return what AWS does where moto's restores guess."""
    return [
        Correction(
            RDSBackend,
            "restore_db_instance_from_db_snapshot",
            restore_db_instance_from_db_snapshot,
            "only available snapshots; Multi-AZ, groups, tags and protection are defaults",
        ),
        Correction(
            RDSBackend,
            "restore_db_instance_to_point_in_time",
            restore_db_instance_to_point_in_time,
            "restores the instance that is named, to a moment within its retention",
        ),
        Correction(
            DBInstance,
            "latest_restorable_time",
            property(backup_history.latest),
            "logs are kept every five minutes, and not where there are no backups",
        ),
        Correction(
            DBInstance,
            "storage_operation_status",
            property(loading.status),
            "what was restored loads for an hour and more, and says so",
        ),
        Correction(
            DBInstance,
            "storage_operation_percent_progress",
            property(loading.progress),
            "how far it is",
        ),
    ]
