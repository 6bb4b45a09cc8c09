"""RDS instances and replicas, in the order of calls in which the real provider makes them.

`simulator.resources.table` gathers `HANDLERS`; database_groups.py holds subnet and parameter
groups, database_backups.py replicated backups.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag_by_arn
from simulator.values import Properties

_SHARED = {
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "storageType": "StorageType",
    "iops": "Iops",
    "kmsKeyId": "KmsKeyId",
    "dbSubnetGroupName": "DBSubnetGroupName",
    "vpcSecurityGroupIds": "VpcSecurityGroupIds",
    "port": "Port",
    "multiAz": "MultiAZ",
    "publiclyAccessible": "PubliclyAccessible",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "deletionProtection": "DeletionProtection",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
}
_PRIMARY = {
    **_SHARED,
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "allocatedStorage": "AllocatedStorage",
    "storageEncrypted": "StorageEncrypted",
    "parameterGroupName": "DBParameterGroupName",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupWindow": "PreferredBackupWindow",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "dbName": "DBName",
    "username": "MasterUsername",
    "password": "MasterUserPassword",
}
DESCRIBED = {
    key: name
    for key, name in _PRIMARY.items()
    if key not in ("password", "port", "vpcSecurityGroupIds", "dbSubnetGroupName")
} | {"enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports"}
"""Inputs that DescribeDBInstances shows at its top level, and how it calls them."""

_AFTER_REPLICA = {
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupWindow": "PreferredBackupWindow",
    "maintenanceWindow": "PreferredMaintenanceWindow",
}
"""What CreateDBInstanceReadReplica does not take: the provider modifies what came out otherwise.

The storage of a replica is its source's: the provider ignores `allocatedStorage` at creation.
"""

_FIXED = words("engine dbName username kmsKeyId storageEncrypted")
"""What no call changes in place (ForceNew in the provider's schema of aws_db_instance)."""

_MODIFIED = {
    key: name
    for key, name in {**_PRIMARY, "port": "DBPortNumber"}.items()
    if key not in _FIXED | {"enabledCloudwatchLogsExports"}
} | {"identifier": "NewDBInstanceIdentifier"}


def _create(call: Call) -> Created:
    rds = call.client("rds")
    identifier = call.inputs["identifier"]
    if "replicateSourceDb" in call.inputs:
        _create_replica(call)
    else:
        rds.create_db_instance(**call.arguments(_PRIMARY), Tags=call.tags())
        _wait(call, identifier)
    found = _describe(call, identifier)
    return found["DbiResourceId"], outputs_of(found)


def _create_replica(call: Call) -> None:
    """Create a replica, then modify and reboot it.

    PostgreSQL takes no parameter group on the creation of a cross-region replica, so the provider
    sets it afterwards, and a changed group wants a reboot.
    """
    rds = call.client("rds")
    identifier = call.inputs["identifier"]
    source = call.inputs["replicateSourceDb"]
    rds.create_db_instance_read_replica(
        SourceDBInstanceIdentifier=source,
        **({"SourceRegion": source.split(":")[3]} if source.startswith("arn:") else {}),
        **call.arguments(_SHARED),
        Tags=call.tags(),
    )
    _wait(call, identifier)
    changes = _still_to_set(call, _describe(call, identifier))
    if changes:
        rds.modify_db_instance(DBInstanceIdentifier=identifier, ApplyImmediately=True, **changes)
        _wait(call, identifier)
    if "DBParameterGroupName" in changes:
        rds.reboot_db_instance(DBInstanceIdentifier=identifier)
        _wait(call, identifier)


def _still_to_set(call: Call, replica: dict[str, Any]) -> dict[str, Any]:
    """Return what the program wants of a new replica and its creation could not give."""
    wanted = call.arguments(_AFTER_REPLICA)
    changes = {name: value for name, value in wanted.items() if replica.get(name) != value}
    groups = [group["DBParameterGroupName"] for group in replica["DBParameterGroups"]]
    group = call.inputs.get("parameterGroupName")
    if group is not None and group not in groups:
        changes["DBParameterGroupName"] = group
    if "password" in call.inputs:
        changes["MasterUserPassword"] = call.inputs["password"]
    return changes


def _wait(call: Call, identifier: str) -> None:
    waiter = call.client("rds").get_waiter("db_instance_available")
    waiter.wait(DBInstanceIdentifier=identifier)


def _describe(call: Call, identifier: str) -> dict[str, Any]:
    found = call.client("rds").describe_db_instances(DBInstanceIdentifier=identifier)
    instance: dict[str, Any] = found["DBInstances"][0]
    return instance


def outputs_of(instance: dict[str, Any]) -> Properties:
    """Return what the provider computes of an instance."""
    endpoint = instance["Endpoint"]
    return {
        "arn": instance["DBInstanceArn"],
        "address": endpoint["Address"],
        "endpoint": f"{endpoint['Address']}:{endpoint['Port']}",
        "port": endpoint["Port"],
        "resourceId": instance["DbiResourceId"],
        "status": instance["DBInstanceStatus"],
    }


def _update(call: Call) -> Properties:
    if "replicateSourceDb" in call.changed:
        _promote(call)
    changes = call.changes(_MODIFIED) | _log_exports(call)
    if "EngineVersion" in changes:
        changes["AllowMajorVersionUpgrade"] = call.inputs.get("allowMajorVersionUpgrade", False)
    if changes:
        call.client("rds").modify_db_instance(
            DBInstanceIdentifier=call.before["identifier"],
            ApplyImmediately=call.inputs.get("applyImmediately", False),
            **changes,
        )
        _wait(call, call.inputs["identifier"])
    retag_by_arn(call, "rds", "ResourceName")
    return outputs_of(_describe(call, call.inputs["identifier"]))


def _unable(call: Call) -> str:
    """Say why the provider refuses: it promotes a replica, and knows no way back or elsewhere."""
    if "replicateSourceDb" not in call.changed or "replicateSourceDb" not in call.inputs:
        return ""
    return (
        "cannot elect new source database for replication: declare the replica under a new name, "
        "by counting up the incarnation of its site"
    )


def _promote(call: Call) -> None:
    """Promote a replica that the program no longer calls one."""
    kept = {key: _AFTER_REPLICA[key] for key in ("backupRetentionPeriod", "backupWindow")}
    identifier = call.before["identifier"]
    call.client("rds").promote_read_replica(DBInstanceIdentifier=identifier, **call.arguments(kept))
    _wait(call, identifier)


def _log_exports(call: Call) -> dict[str, Any]:
    key = "enabledCloudwatchLogsExports"
    if key not in call.changed:
        return {}
    before, after = set(call.before.get(key, [])), set(call.inputs.get(key, []))
    exports = {
        "EnableLogTypes": sorted(after - before),
        "DisableLogTypes": sorted(before - after),
    }
    return {"CloudwatchLogsExportConfiguration": exports}


def _delete(call: Call) -> None:
    final = call.inputs.get("finalSnapshotIdentifier")
    skip = call.inputs.get("skipFinalSnapshot", False)
    call.client("rds").delete_db_instance(
        DBInstanceIdentifier=call.inputs["identifier"],
        SkipFinalSnapshot=skip,
        DeleteAutomatedBackups=call.inputs.get("deleteAutomatedBackups", True),
        **({} if skip else {"FinalDBSnapshotIdentifier": final}),
    )


HANDLERS = {
    "aws:rds/instance:Instance": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=frozenset(_PRIMARY)
        | words(
            "replicateSourceDb applyImmediately allowMajorVersionUpgrade skipFinalSnapshot "
            "finalSnapshotIdentifier deleteAutomatedBackups tags"
        ),
        replace_on=_FIXED,
        named_by="identifier",
        unable=_unable,
    ),
}
