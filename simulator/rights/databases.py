"""What IAM asks of calls to RDS.

Sources: service authorization reference, "Actions, resources, and condition keys for Amazon RDS";
RDS user guide, "Encrypting Amazon RDS resources": whoever lets RDS use a customer's key needs
kms:DescribeKey and kms:CreateGrant on it. Assumption: a restore asks the same of the key that the
recovery point is encrypted with.
"""

from collections.abc import Iterator, Mapping

from moto.rds.models import rds_backends

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, of_everything, text
from simulator.world import ACCOUNT

_KINDS = {
    "DBInstanceIdentifier": "db",
    "SourceDBInstanceIdentifier": "db",
    "TargetDBInstanceIdentifier": "db",
    "SourceDBInstanceArn": "db",
    "SourceDBInstanceAutomatedBackupsArn": "auto-backup",
    "DBParameterGroupName": "pg",
    "DBSubnetGroupName": "subgrp",
    "OptionGroupName": "og",
    "DBSnapshotIdentifier": "snapshot",
    "SourceDBSnapshotIdentifier": "snapshot",
    "TargetDBSnapshotIdentifier": "snapshot",
    "FinalDBSnapshotIdentifier": "snapshot",
    "ResourceName": "",  # an ARN always
}
"""What each parameter names. One that was not given asks nothing."""

_INSTANCE = ("DBInstanceIdentifier",)
_SETTINGS = ("DBParameterGroupName", "OptionGroupName")
_PLACED = (*_SETTINGS, "DBSubnetGroupName")
_TOUCHED: Mapping[str, tuple[str, ...]] = {
    "AddTagsToResource": ("ResourceName",),
    "CopyDBSnapshot": ("SourceDBSnapshotIdentifier", "TargetDBSnapshotIdentifier"),
    "CreateDBInstance": (*_INSTANCE, *_PLACED),
    "CreateDBInstanceReadReplica": (*_INSTANCE, "SourceDBInstanceIdentifier", *_PLACED),
    "CreateDBSnapshot": (*_INSTANCE, "DBSnapshotIdentifier"),
    "DeleteDBInstance": (*_INSTANCE, "FinalDBSnapshotIdentifier"),
    "DeleteDBSnapshot": ("DBSnapshotIdentifier",),
    "DescribeDBParameters": ("DBParameterGroupName",),
    "ListTagsForResource": ("ResourceName",),
    "ModifyDBInstance": (*_INSTANCE, *_SETTINGS),
    "ModifyDBSnapshot": ("DBSnapshotIdentifier",),
    "PromoteReadReplica": _INSTANCE,
    "RebootDBInstance": _INSTANCE,
    "RemoveTagsFromResource": ("ResourceName",),
    "RestoreDBInstanceFromDBSnapshot": (*_INSTANCE, "DBSnapshotIdentifier", *_PLACED),
    "RestoreDBInstanceToPointInTime": (
        "TargetDBInstanceIdentifier",
        "SourceDBInstanceIdentifier",
        "SourceDBInstanceAutomatedBackupsArn",
        *_PLACED,
    ),
    "StartDBInstance": _INSTANCE,
    "StartDBInstanceAutomatedBackupsReplication": ("SourceDBInstanceArn",),
    "StopDBInstance": _INSTANCE,
    "StopDBInstanceAutomatedBackupsReplication": ("SourceDBInstanceArn",),
}

_LOOKING = ("DescribeAccountAttributes", "DescribeEvents", "DescribeOrderableDBInstanceOptions")
"""AWS knows no resource for them, so that only a grant on everything holds."""

_SWEEPING = {
    "DescribeDBInstanceAutomatedBackups": "auto-backup",
    "DescribeDBInstances": "db",
    "DescribeDBSnapshots": "snapshot",
}
"""Sweeps: they name no instance, so that only a grant on all of the account's in a region holds."""

_TAGGED = {
    "CopyDBSnapshot": "TargetDBSnapshotIdentifier",
    "CreateDBInstance": "DBInstanceIdentifier",
    "CreateDBInstanceReadReplica": "DBInstanceIdentifier",
    "CreateDBSnapshot": "DBSnapshotIdentifier",
    "RestoreDBInstanceFromDBSnapshot": "DBInstanceIdentifier",
    "RestoreDBInstanceToPointInTime": "TargetDBInstanceIdentifier",
}
"""Tags given along with something new ask for rds:AddTagsToResource on it."""


_RESTORED_FROM = {
    "RestoreDBInstanceFromDBSnapshot": ("DBSnapshotIdentifier",),
    "RestoreDBInstanceToPointInTime": ("SourceDBInstanceAutomatedBackupsArn",),
}
"""A restore takes no key: it uses the one of what it restores from."""


def rules() -> Rules:
    """Return the rules of RDS."""
    looking = {("rds", name): of_everything(f"rds:{name}") for name in _LOOKING}
    sweeping = {("rds", name): _sweep(name) for name in _SWEEPING}
    return {**looking, **sweeping, **{("rds", name): _rule(name) for name in _TOUCHED}}


def _sweep(operation: str) -> Rule:
    return lambda call: [Asked(f"rds:{operation}", arn(call, "rds", "*", _SWEEPING[operation]))]


def _rule(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        named = [name for name in _TOUCHED[operation] if text(call, name)]
        for parameter in named:
            yield Asked(f"rds:{operation}", _resource(call, parameter))
        if call.parameters.get("Tags") and operation in _TAGGED:
            yield Asked("rds:AddTagsToResource", _resource(call, _TAGGED[operation]))
        if key := _key(call):
            yield Asked("kms:CreateGrant", key)
            yield Asked("kms:DescribeKey", key)

    return asked


def _resource(call: Call, parameter: str) -> str:
    return arn(call, "rds", text(call, parameter), _KINDS[parameter])


def _key(call: Call) -> str:
    """Return the key that RDS is to use for something new; empty where there is none."""
    if key := text(call, "KmsKeyId"):
        return arn(call, "kms", key, "key", "/")
    backend = rds_backends[ACCOUNT][call.region]
    kept = {
        **backend.database_snapshots,
        **getattr(backend, "replicated_backups", {}),
    }
    for parameter in _RESTORED_FROM.get(call.operation, ()):
        found = kept.get(text(call, parameter).rpartition(":snapshot:")[-1])
        if found is not None:
            return str(found.kms_key_id or "")
    return ""
