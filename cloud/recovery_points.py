"""What a region's databases can be restored from, and the verbs that restore.

The failover's observation sweeps; its restore steps and `backup.restore` bring an instance back. A
restore of RDS keeps the data and gives defaults for nearly everything else (one zone of
availability, default groups, no deletion protection), so everything is named here, once, and
nothing is left to a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cloud import snapshots
from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Rejected
from cloud.permitted import permitted
from cloud.snapshots import Snapshot, Window
from continuity import naming
from continuity.permissions import (
    DESCRIBE_BACKUPS,
    DESCRIBE_KEY,
    DESCRIBE_SNAPSHOTS,
    GRANT_KEY,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    TAG_DATABASE,
)
from continuity.restorable import Restorable, RestorableKind, Storage

SNAPSHOT_TYPES = (snapshots.MANUAL, "awsbackup")
"""Without a type RDS leaves out what AWS Backup took (API reference, DescribeDBSnapshots)."""

LOGS = {"postgres": ("postgresql", "upgrade")}
"""What the program sends to CloudWatch, by engine; a restore would send nothing."""

_TAKEN = "DBInstanceAlreadyExists"


@dataclass(frozen=True)
class NewInstance:
    """The instance that a restore makes, with everything that RDS would otherwise choose.

    `retention_days` 0 keeps no backups of it; what is not `protected` can be deleted by a call.
    """

    identifier: str
    engine: str
    instance_class: str
    multi_az: bool
    port: int
    subnet_group: str
    parameter_group: str
    security_groups: tuple[str, ...]
    storage: Storage
    retention_days: int
    backup_window: str
    tags: Mapping[str, str]
    protected: bool = True


@permitted(DESCRIBE_BACKUPS, DESCRIBE_SNAPSHOTS)
def restorable(door: Door) -> tuple[Restorable, ...]:
    """Return the replicated backups and the kept snapshots of a region: one sweep of each."""
    received = (of_window(one) for one in snapshots.windows(door) if one.region != door.region)
    taken = (of_snapshot(one) for kind in SNAPSHOT_TYPES for one in snapshots.sweep(door, kind))
    return (*received, *taken)


@permitted(DESCRIBE_KEY)
def key_state(door: Door, arn: str) -> str:
    """Return the state of a key; nothing that it encrypts is restored unless it is `Enabled`."""
    return str(door.read("kms", "DescribeKey", KeyId=arn)["KeyMetadata"]["KeyState"])


@permitted(RESTORE_TO_TIME, TAG_DATABASE, DESCRIBE_KEY, GRANT_KEY)
def restore_to_time(door: Door, wanted: NewInstance, backups_arn: str, moment: datetime) -> Effect:
    """Begin to restore replicated backups to a moment; under way, if the name is taken already.

    Raises:
        Rejected: AWS does not restore this, or not to this moment.
    """
    return _restore(
        door,
        "RestoreDBInstanceToPointInTime",
        wanted,
        TargetDBInstanceIdentifier=wanted.identifier,
        SourceDBInstanceAutomatedBackupsArn=backups_arn,
        RestoreTime=moment,
    )


@permitted(RESTORE_TO_TIME, TAG_DATABASE, DESCRIBE_KEY, GRANT_KEY)
def restore_own_to_time(door: Door, wanted: NewInstance, resource: str, moment: datetime) -> Effect:
    """Begin to restore backups that lie where they were taken; under way, if the name is taken.

    The instance is named by its `DbiResourceId`: a name may have gone over to another one since.

    Raises:
        Rejected: AWS does not restore this, or not to this moment.
    """
    return _restore(
        door,
        "RestoreDBInstanceToPointInTime",
        wanted,
        TargetDBInstanceIdentifier=wanted.identifier,
        SourceDbiResourceId=resource,
        RestoreTime=moment,
    )


@permitted(RESTORE_SNAPSHOT, TAG_DATABASE, DESCRIBE_KEY, GRANT_KEY)
def restore_snapshot(door: Door, wanted: NewInstance, snapshot: str) -> Effect:
    """Begin to restore a snapshot; under way, if the name is taken already.

    Raises:
        Rejected: AWS does not restore this.
    """
    return _restore(
        door,
        "RestoreDBInstanceFromDBSnapshot",
        wanted,
        DBInstanceIdentifier=wanted.identifier,
        DBSnapshotIdentifier=snapshot,
    )


def _restore(door: Door, operation: str, wanted: NewInstance, **named: object) -> Effect:
    """Ask; a name that is taken means that a restore was asked for before, by whomever."""
    try:
        door.change("rds", operation, **named, **_settings(wanted))
    except Rejected as refused:
        if refused.code != _TAKEN:
            raise
        return Effect.UNDERWAY
    return Effect.MADE


def _settings(wanted: NewInstance) -> dict[str, object]:
    """Return everything but the source. The key is the source's: neither call takes another."""
    # For what is thrown away RDS would make a group of logs that nobody ever deletes.
    logs = LOGS.get(wanted.engine, ()) if wanted.protected else ()
    return {
        "DBInstanceClass": wanted.instance_class,
        "MultiAZ": wanted.multi_az,
        "Port": wanted.port,
        "DBSubnetGroupName": wanted.subnet_group,
        "DBParameterGroupName": wanted.parameter_group,
        "VpcSecurityGroupIds": list(wanted.security_groups),
        "PubliclyAccessible": False,
        "AutoMinorVersionUpgrade": False,
        "DeletionProtection": wanted.protected,
        "CopyTagsToSnapshot": True,
        "BackupRetentionPeriod": wanted.retention_days,
        "PreferredBackupWindow": wanted.backup_window,
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(wanted.tags.items())],
        **({"EnableCloudwatchLogsExports": list(logs)} if logs else {}),
        **_storage(wanted.storage),
    }


def _storage(storage: Storage) -> dict[str, object]:
    asked = {
        "StorageType": storage.kind or None,
        "Iops": storage.iops,
        "StorageThroughput": storage.throughput,
    }
    return {name: value for name, value in asked.items() if value is not None}


def of_window(window: Window) -> Restorable:
    """Return automated backups as what can be restored."""
    return Restorable(
        RestorableKind.BACKUPS,
        name=window.arn,
        database=window.tags.get(naming.TAG_DATABASE, ""),
        instance=window.instance,
        status=window.status,
        oldest=window.oldest,
        newest=window.newest,
        key=window.key,
        storage=window.storage,
    )


def of_snapshot(snapshot: Snapshot) -> Restorable:
    """Return a snapshot as what can be restored."""
    return Restorable(
        RestorableKind.SNAPSHOT,
        name=snapshot.identifier,
        database=snapshot.tags.get(naming.TAG_DATABASE, ""),
        instance=snapshot.instance,
        status=snapshot.status,
        oldest=snapshot.taken_at,
        newest=snapshot.taken_at,
        key=snapshot.key,
        storage=snapshot.storage,
        refuted=snapshot.tags.get(naming.TAG_REFUTED, ""),
    )
