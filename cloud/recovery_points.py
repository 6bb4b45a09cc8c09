"""What a region's databases can be restored from, and the two verbs that restore.

The failover's observation sweeps; its restore steps bring an instance back. A restore of RDS keeps
the data and gives defaults for nearly everything else (one zone of availability, default groups,
no deletion protection), so everything is named here, once, and nothing is left to a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Rejected
from cloud.paging import pages
from cloud.permitted import permitted
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

PAGE = 100
"""The most that either operation returns in one page (RDS API reference, MaxRecords)."""

SNAPSHOT_TYPES = ("manual", "awsbackup")
"""Without a type RDS leaves out what AWS Backup took (API reference, DescribeDBSnapshots)."""

LOGS = {"postgres": ("postgresql", "upgrade")}
"""What the program sends to CloudWatch, by engine; a restore would send nothing."""

_MARKER = ("Marker", "Marker")
_TAKEN = "DBInstanceAlreadyExists"


@dataclass(frozen=True)
class NewInstance:
    """The instance that a restore makes, with everything that RDS would otherwise choose."""

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


@permitted(DESCRIBE_BACKUPS, DESCRIBE_SNAPSHOTS)
def restorable(door: Door) -> tuple[Restorable, ...]:
    """Return the replicated backups and the kept snapshots of a region: one sweep of each."""
    received = [
        _backups(row)
        for page in pages(
            door, "rds", "DescribeDBInstanceAutomatedBackups", _MARKER, MaxRecords=PAGE
        )
        for row in page["DBInstanceAutomatedBackups"]
        if row.get("Region", door.region) != door.region
    ]
    taken = [
        _snapshot(row)
        for kind in SNAPSHOT_TYPES
        for page in pages(
            door, "rds", "DescribeDBSnapshots", _MARKER, SnapshotType=kind, MaxRecords=PAGE
        )
        for row in page["DBSnapshots"]
    ]
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
    logs = LOGS.get(wanted.engine, ())
    return {
        "DBInstanceClass": wanted.instance_class,
        "MultiAZ": wanted.multi_az,
        "Port": wanted.port,
        "DBSubnetGroupName": wanted.subnet_group,
        "DBParameterGroupName": wanted.parameter_group,
        "VpcSecurityGroupIds": list(wanted.security_groups),
        "PubliclyAccessible": False,
        "AutoMinorVersionUpgrade": False,
        "DeletionProtection": True,
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


def _backups(row: Mapping[str, Any]) -> Restorable:
    window = row.get("RestoreWindow") or {}
    return Restorable(
        RestorableKind.BACKUPS,
        name=row.get("DBInstanceAutomatedBackupsArn", ""),
        database=_tag(row, naming.TAG_DATABASE),
        instance=row["DBInstanceIdentifier"],
        status=row.get("Status", ""),
        oldest=window.get("EarliestTime"),
        newest=window.get("LatestTime"),
        key=row.get("KmsKeyId") or "",
        storage=_size(row),
    )


def _snapshot(row: Mapping[str, Any]) -> Restorable:
    """A copy's data are as old as the first snapshot, not as the copy."""
    moment = row.get("OriginalSnapshotCreateTime") or row.get("SnapshotCreateTime")
    return Restorable(
        RestorableKind.SNAPSHOT,
        name=row["DBSnapshotIdentifier"],
        database=_tag(row, naming.TAG_DATABASE),
        instance=row["DBInstanceIdentifier"],
        status=row.get("Status", ""),
        oldest=moment,
        newest=moment,
        key=row.get("KmsKeyId") or "",
        storage=_size(row),
    )


def _size(row: Mapping[str, Any]) -> Storage:
    return Storage(
        row.get("AllocatedStorage", 0),
        row.get("StorageType", ""),
        row.get("Iops") or None,
        row.get("StorageThroughput") or None,
    )


def _tag(row: Mapping[str, Any], key: str) -> str:
    return next((tag["Value"] for tag in row.get("TagList") or () if tag["Key"] == key), "")
