"""RDS: modifying and rebooting take time, and another parameter group waits for a reboot.

A source is not upgraded before its replicas (RDS guide, "Upgrades of the RDS for PostgreSQL DB
engine", minor versions; the code and the words are those of terraform-provider-aws issue 22107).
"""

from collections.abc import MutableMapping
from typing import Any

from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    InvalidDBInstanceStateError,
    InvalidParameterCombination,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend

from simulator import backup_history
from simulator.correction import Correction
from simulator.corrections import rds_renaming
from simulator.corrections.rds_instances import demand, found
from simulator.corrections.rds_refusals import demand_key
from simulator.lifecycle import busy
from simulator.missing_keys import INACCESSIBLE
from simulator.timings import Takes

_modify_db_instance = RDSBackend.modify_db_instance
_stop_db_instance = RDSBackend.stop_db_instance
_start_db_instance = RDSBackend.start_db_instance

_STOPPED = frozenset({"stopped", INACCESSIBLE})
"""Source of the second: RDS guide, "Troubleshooting": enable the key, then start the instance."""

HEAVY = {
    "db_instance_class": "DBInstanceClass",
    "allocated_storage": "AllocatedStorage",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "multi_az": "MultiAZ",
    "port": "DBPortNumber",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
"""What waits for the maintenance window unless applied immediately, and how RDS shows it."""


def modify_db_instance(
    backend: RDSBackend, db_instance_identifier: str, asked: MutableMapping[str, Any]
) -> DBInstance:
    """Change an instance: light settings at once, heavy ones in minutes or in the window."""
    instance = found(backend, db_instance_identifier)
    demand(instance, "available", "stopped", "storage-optimization")
    _demand_possible(backend, instance, asked)
    heavy = _take_heavy(instance, asked)
    name = asked.pop("new_db_instance_identifier", None)
    _modify_lightly(backend, instance, asked)
    if heavy:
        instance.pending_modified_values = {HEAVY[name]: heavy[name] for name in heavy}
    if name:
        rds_renaming.rename(instance, name, at_once=bool(asked.get("apply_immediately")))
    elif heavy and asked.get("apply_immediately"):
        busy(instance, "modifying", Takes.MODIFY_DATABASE, then=lambda: _apply(instance, heavy))
    elif instance.status == "available":
        busy(instance, "modifying", Takes.NOTICE_MODIFICATION)
    return instance


def _modify_lightly(
    backend: RDSBackend, instance: DBInstance, asked: MutableMapping[str, Any]
) -> None:
    """Apply what needs no time; the first backups that are turned on begin a new history.

    Where they are kept longer, what lapsed before does not come back.
    """
    pending = asked.get("db_parameter_group_name", instance.db_parameter_group_name)
    restart = pending != instance.db_parameter_group_name
    without = not instance.backup_retention_period
    if (asked.get("backup_retention_period") or 0) > instance.backup_retention_period:
        backup_history.lapse(instance)
    _modify_db_instance(backend, instance.db_instance_identifier, asked)
    instance.parameters_pending = restart or parameters_pending(instance)
    if without and instance.backup_retention_period:
        backup_history.begin(instance)


def _demand_possible(
    backend: RDSBackend, instance: DBInstance, asked: MutableMapping[str, Any]
) -> None:
    storage = asked.get("allocated_storage")
    if storage is not None and storage < instance.allocated_storage:
        raise InvalidParameterCombination(
            f"Invalid storage size: {storage} is less than the {instance.allocated_storage} GiB "
            "that are allocated."
        )
    renamed = asked.get("new_db_instance_identifier")
    if renamed:
        backend._validate_db_identifier(renamed)
    if renamed and renamed in backend.databases:
        raise DBInstanceAlreadyExists
    if asked.get("engine_version"):
        _demand_upgraded_replicas(backend, instance, asked["engine_version"])


def _demand_upgraded_replicas(backend: RDSBackend, source: DBInstance, version: str) -> None:
    replicas = map(backend.find_db_from_id, source.replicas)
    behind = [
        replica.db_instance_identifier
        for replica in replicas
        if _numbers(replica.engine_version) < _numbers(version)
    ]
    if behind:
        raise RDSClientError(
            "DBUpgradeDependencyFailure",
            "One or more of the DB Instance's read replicas need to be upgraded: "
            + ", ".join(behind),
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _take_heavy(instance: DBInstance, asked: MutableMapping[str, Any]) -> dict[str, Any]:
    """Take what is heavy, and really different, out of what is asked for."""
    heavy = {name: asked.pop(name) for name in HEAVY if asked.get(name) is not None}
    return {name: value for name, value in heavy.items() if getattr(instance, name) != value}


def _apply(instance: DBInstance, heavy: dict[str, Any]) -> None:
    instance.update(**heavy)
    instance.pending_modified_values = {}


def parameters_pending(instance: DBInstance) -> bool:
    """Say whether the instance runs with other parameters than its group has."""
    return bool(getattr(instance, "parameters_pending", False))


def parameter_group_status(instance: DBInstance) -> list[dict[str, str]]:
    """Return the parameter group as describe shows it: one instance's own, in sync or not."""
    status = "pending-reboot" if parameters_pending(instance) else "in-sync"
    return [
        {"DBParameterGroupName": group.name, "ParameterApplyStatus": status}
        for group in instance.db_parameter_groups()
    ]


def reboot_db_instance(backend: RDSBackend, db_instance_identifier: str) -> DBInstance:
    """Reboot an available instance: about a minute, after which its parameters are in sync."""
    instance = found(backend, db_instance_identifier)
    demand(instance)

    def back() -> None:
        instance.parameters_pending = False

    busy(instance, "rebooting", Takes.REBOOT_DATABASE, then=back)
    return instance


def stop_db_instance(
    backend: RDSBackend, db_instance_identifier: str, db_snapshot_identifier: str | None = None
) -> DBInstance:
    """Stop an available instance: minutes."""
    instance = _stop_db_instance(backend, db_instance_identifier, db_snapshot_identifier)
    busy(instance, "stopping", Takes.STOP_DATABASE, after="stopped")
    return instance


def start_db_instance(backend: RDSBackend, db_instance_identifier: str) -> DBInstance:
    """Start an instance that was stopped, or that AWS stopped for a key that is back: minutes."""
    stopped = found(backend, db_instance_identifier)
    if stopped.status not in _STOPPED:
        raise InvalidDBInstanceStateError(db_instance_identifier, "start")
    demand_key(stopped.kms_key_id)
    stopped.status = "stopped"
    instance = _start_db_instance(backend, db_instance_identifier)
    busy(instance, "starting", Takes.START_DATABASE)
    return instance


def corrections() -> list[Correction]:
    """Return what AWS does where moto changes instances at once and in any state."""
    return [
        Correction(
            RDSBackend,
            "modify_db_instance",
            modify_db_instance,
            "only when available; heavy changes take minutes or wait; storage never shrinks",
        ),
        Correction(
            RDSBackend,
            "reboot_db_instance",
            reboot_db_instance,
            "takes a minute, applies parameters",
        ),
        Correction(RDSBackend, "stop_db_instance", stop_db_instance, "takes minutes"),
        Correction(RDSBackend, "start_db_instance", start_db_instance, "takes minutes"),
        Correction(
            DBInstance,
            "db_parameter_group_status_list",
            property(parameter_group_status),
            "each instance has its own status; another group is pending until a reboot",
        ),
    ]
