"""RDS: a read replica is an instance of its own, in a region of its own, with a key of its own.

moto copies the source object, looks its names up in the source's region and keeps the source's key.
"""

from typing import Any

from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
)
from moto.rds.models import DBInstance, RDSBackend

from simulator import inside
from simulator.correction import Correction
from simulator.corrections import rds_instances
from simulator.corrections.rds_instances import names, settle, source_of
from simulator.faults import FaultKind
from simulator.timings import Takes
from simulator.world import current

_SAME_AS_SOURCE = (
    "allocated_storage",
    "auto_minor_version_upgrade",
    "db_instance_class",
    "db_name",
    "engine",
    "engine_version",
    "license_model",
    "master_username",
    "port",
    "storage_encrypted",
    "storage_type",
)
_AS_ASKED = (
    "auto_minor_version_upgrade",
    "availability_zone",
    "ca_certificate_identifier",
    "copy_tags_to_snapshot",
    "db_instance_class",
    "db_parameter_group_name",
    "db_subnet_group_name",
    "deletion_protection",
    "enable_cloudwatch_logs_exports",
    "enable_iam_database_authentication",
    "iops",
    "max_allocated_storage",
    "monitoring_interval",
    "monitoring_role_arn",
    "multi_az",
    "option_group_name",
    "port",
    "preferred_maintenance_window",
    "publicly_accessible",
    "storage_throughput",
    "storage_type",
    "tags",
    "vpc_security_group_ids",
)

NO_BACKUPS = (
    "Automated backups are not enabled for this database instance. To enable automated backups, "
    "use ModifyDBInstance to set the backup retention period to a non-zero value."
)
NO_KEY = "Cannot create a cross region unencrypted read replica from encrypted source."


def create_db_instance_read_replica(backend: RDSBackend, asked: dict[str, Any]) -> DBInstance:
    """Create a replica in the backend's region, of a source named there or by ARN."""
    if asked["db_instance_identifier"] in backend.databases:
        raise DBInstanceAlreadyExists
    backend._validate_db_identifier(asked["db_instance_identifier"])
    source = backend.find_db_from_id(asked["source_db_instance_identifier"])
    _demand_source(backend, source)
    if source.region != backend.region_name:
        _demand_abroad(source, asked)
    replica = DBInstance(backend, **_properties(backend, source, asked))
    replica.is_replica = True
    backend.databases[replica.db_instance_identifier] = replica
    source.add_replica(replica)
    settle(replica, Takes.CREATE_REPLICA)
    return replica


def _demand_source(backend: RDSBackend, source: DBInstance) -> None:
    """Refuse what RDS refuses about a source."""
    rds_instances.demand_reachable(source)
    rds_instances.demand(source, "available", "modifying", "backing-up")
    if not source.backup_retention_period:
        raise InvalidDBInstanceStateFault(NO_BACKUPS)
    if source.manage_master_user_password:
        raise InvalidParameterCombination(
            "A read replica can't be created while RDS manages the source's master user password."
        )
    if source.is_replica and source.region != backend.region_name:
        raise InvalidDBInstanceStateFault(
            f"A cross region read replica of the read replica "
            f"{source.db_instance_identifier} is not supported."
        )


def _demand_abroad(source: DBInstance, asked: dict[str, Any]) -> None:
    """Refuse what RDS refuses across regions: no key of the region, a parameter group."""
    if source.storage_encrypted and not asked.get("kms_key_id"):
        raise InvalidParameterCombination(NO_KEY)
    if asked.get("db_parameter_group_name") and source.engine == "postgres":
        raise InvalidParameterCombination(
            "A parameter group can't be specified during Read Replica creation for the "
            f"following DB engine: {source.engine}"
        )


def _properties(backend: RDSBackend, source: DBInstance, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the new instance is made with: nothing of the source that RDS does not take."""
    made = {name: getattr(source, name) for name in _SAME_AS_SOURCE}
    made |= {name: asked[name] for name in _AS_ASKED if asked.get(name) is not None}
    made["db_instance_identifier"] = asked["db_instance_identifier"]
    made["source_db_instance_identifier"] = asked["source_db_instance_identifier"]
    made["backup_retention_period"] = 0
    if source.storage_encrypted:
        key = asked.get("kms_key_id")
        made["kms_key_id"] = backend._validate_kms_key(key) if key else source.kms_key_id
    if source.region == backend.region_name:
        made.setdefault("db_subnet_group_name", source._db_subnet_group_name)
        made.setdefault("db_parameter_group_name", source.db_parameter_group_name)
    return made


def status_infos(instance: DBInstance) -> list[dict[str, Any]]:
    """Return what a replica says about its replication: RDS's `StatusInfos`."""
    if not instance.is_replica or instance.status == rds_instances.CREATING:
        return []
    status, message = _replication(instance)
    said = {
        "StatusType": "read replication",
        "Normal": status == "replicating",
        "Status": status,
    }
    return [said | ({"Message": message} if message else {})]


def _replication(replica: DBInstance) -> tuple[str, str]:
    faults = current().faults
    source = source_of(replica)
    if source is None:
        return "terminated", "The source DB instance was deleted."
    if faults.region_lost(source.region) or not inside.has_storage(source):
        return "error", "Replication has stopped: could not connect to the source DB instance."
    for name in sorted(names(replica)):
        if faults.active(FaultKind.REPLICA_BROKEN, region=replica.region, database=name):
            return "error", "Replication has stopped: could not receive data from WAL stream."
    return "replicating", ""


def corrections() -> list[Correction]:
    """Return what AWS does where moto's replica is a copy of its source."""
    return [
        Correction(
            RDSBackend,
            "create_db_instance_read_replica",
            create_db_instance_read_replica,
            "own object, retention 0, own tags, groups and key of its region; sources are checked",
        ),
        Correction(DBInstance, "status_infos", property(status_infos), "replicas report them"),
    ]
