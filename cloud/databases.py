"""Database instances of one region: one sweep over many, and the verbs that change one.

The failover's observation sweeps; its steps promote, modify and reboot. Each verb takes "already
so" for success: it looks when AWS says that the instance is in another state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Busy, Conflict, Missing, Rejected
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import (
    DESCRIBE_DATABASES,
    MODIFY_DATABASE,
    PROMOTE_REPLICA,
    REBOOT_DATABASE,
)

PAGE = 100
"""The most that DescribeDBInstances returns in one page (RDS API reference, MaxRecords)."""

BROKEN = frozenset(
    {
        "failed",
        "inaccessible-encryption-credentials",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "restore-error",
        "storage-full",
    }
)
"""Statuses that no waiting ends (RDS user guide, viewing DB instance status)."""

_PROMOTING = frozenset({"available", "modifying", "rebooting"})
"""What a replica may show while it is promoted; for a moment after the call, still available."""

_ARGUMENTS = {
    "retention_days": "BackupRetentionPeriod",
    "backup_window": "PreferredBackupWindow",
    "deletion_protection": "DeletionProtection",
    "parameter_group": "DBParameterGroupName",
    "multi_az": "MultiAZ",
    "instance_class": "DBInstanceClass",
}


@dataclass(frozen=True)
class ReplicationInfo:
    """What RDS says of a replica's link to its source: replicating, error, stopped, ..."""

    status: str
    normal: bool
    message: str


@dataclass(frozen=True)
class InstanceState:
    """One database instance as AWS describes it.

    `source` is what it replicates from; `pending` names settings that were taken but not applied.
    `storage_operation` is what its storage still does (`Initializing 40 %`), empty when nothing.
    `resource` is the name that AWS gave it for good (`db-...`), whatever it is called.
    """

    identifier: str
    status: str
    source: str | None
    retention_days: int
    backup_window: str
    deletion_protection: bool
    parameter_group: str
    parameter_status: str
    multi_az: bool
    instance_class: str
    engine_version: str
    address: str | None
    replication: tuple[ReplicationInfo, ...]
    pending: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    storage_operation: str = ""
    created_at: datetime | None = None
    arn: str = ""
    subnet_group: str = ""
    security_groups: tuple[str, ...] = ()
    key: str = ""
    resource: str = ""

    @property
    def is_replica(self) -> bool:
        """Say whether it still follows a source."""
        return self.source is not None

    @property
    def available(self) -> bool:
        """Say whether RDS takes changes to it now."""
        return self.status == "available"


@dataclass(frozen=True)
class Settings:
    """What an instance should have; None leaves a setting as it is. The window is UTC."""

    retention_days: int | None = None
    backup_window: str | None = None
    deletion_protection: bool | None = None
    parameter_group: str | None = None
    multi_az: bool | None = None
    instance_class: str | None = None

    def met_by(self, state: InstanceState) -> bool:
        """Say whether the instance has everything that is asked for."""
        return all(getattr(state, name) == value for name, value in self.given().items())

    def met_soon_by(self, state: InstanceState) -> bool:
        """Say whether what it still lacks was taken and waits to be applied."""
        return all(
            getattr(state, name) == value or name in state.pending
            for name, value in self.given().items()
        )

    def given(self) -> dict[str, object]:
        """Return the settings that are not left as they are."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@permitted(DESCRIBE_DATABASES)
def describe(door: Door, identifiers: Iterable[str]) -> dict[str, InstanceState]:
    """Return the instances that exist in this region, by identifier, 100 a call."""
    found: dict[str, InstanceState] = {}
    for names in batches(sorted(set(identifiers)), PAGE):
        wanted = [{"Name": "db-instance-id", "Values": list(names)}]
        for page in pages(
            door,
            "rds",
            "DescribeDBInstances",
            ("Marker", "Marker"),
            Filters=wanted,
            MaxRecords=PAGE,
        ):
            states = map(_state, page["DBInstances"])
            found.update((state.identifier, state) for state in states)
    return found


@permitted(DESCRIBE_DATABASES)
def of_zone(door: Door, zone: str) -> tuple[InstanceState, ...]:
    """Return every instance of the region that carries a zone's tag, whatever its name.

    AWS filters instances by no tag: all of the region are asked for, 100 a call.
    """
    found = (
        _state(row)
        for page in pages(door, "rds", "DescribeDBInstances", ("Marker", "Marker"), MaxRecords=PAGE)
        for row in page["DBInstances"]
    )
    return tuple(one for one in found if one.tags.get(naming.TAG_ZONE) == zone)


@permitted(PROMOTE_REPLICA, DESCRIBE_DATABASES)
def promote(door: Door, identifier: str, retention_days: int, backup_window: str) -> Effect:
    """Make a replica writable, with backups: RDS would keep them for one day only.

    Raises:
        Busy: the replica does something else first, such as its own backup.
        Conflict: it is in a state from which no waiting helps.
    """

    def ask() -> object:
        return door.change(
            "rds",
            "PromoteReadReplica",
            DBInstanceIdentifier=identifier,
            BackupRetentionPeriod=retention_days,
            PreferredBackupWindow=backup_window,
        )

    return _settle(
        door,
        identifier,
        ask,
        already=lambda state: not state.is_replica,
        underway=lambda state: state.status in _PROMOTING,
    )


@permitted(MODIFY_DATABASE, DESCRIBE_DATABASES)
def modify(door: Door, identifier: str, settings: Settings) -> Effect:
    """Give an instance these settings now, not in its maintenance window.

    A parameter group still waits for a reboot.

    Raises:
        Busy: another modification is under way.
        Conflict: it is in a state from which no waiting helps.
    """
    arguments = {_ARGUMENTS[name]: value for name, value in settings.given().items()}

    def ask() -> object:
        return door.change(
            "rds",
            "ModifyDBInstance",
            DBInstanceIdentifier=identifier,
            ApplyImmediately=True,
            **arguments,
        )

    return _settle(door, identifier, ask, already=settings.met_by, underway=settings.met_soon_by)


@permitted(REBOOT_DATABASE, DESCRIBE_DATABASES)
def reboot(door: Door, identifier: str) -> Effect:
    """Restart an instance, so that it takes its parameter group.

    Raises:
        Busy: it is not available now.
        Conflict: it is in a state from which no waiting helps.
    """

    def ask() -> object:
        return door.change("rds", "RebootDBInstance", DBInstanceIdentifier=identifier)

    return _settle(
        door,
        identifier,
        ask,
        already=lambda _: False,
        underway=lambda state: state.status == "rebooting",
    )


@permitted(MODIFY_DATABASE, DESCRIBE_DATABASES)
def rename(door: Door, identifier: str, wanted: str) -> Effect:
    """Move an instance out of the way of its own name; it restarts, its endpoint's name is free.

    A name that is taken, or nothing left under the old one, means that it was renamed before: the
    new name must be unique to whoever asks.

    Raises:
        Busy: it is in a state in which RDS renames nothing now.
        Conflict: it is in a state from which no waiting helps.
    """

    def ask() -> object:
        return door.change(
            "rds",
            "ModifyDBInstance",
            DBInstanceIdentifier=identifier,
            NewDBInstanceIdentifier=wanted,
            ApplyImmediately=True,
        )

    try:
        return _settle(
            door,
            identifier,
            ask,
            already=lambda _: False,
            underway=lambda state: state.status == "renaming",
        )
    except (Missing, Rejected) as refused:
        if isinstance(refused, Missing) or refused.code == "DBInstanceAlreadyExists":
            return Effect.ALREADY
        raise


def _settle(
    door: Door,
    identifier: str,
    ask: Callable[[], object],
    *,
    already: Callable[[InstanceState], bool],
    underway: Callable[[InstanceState], bool],
) -> Effect:
    """Ask; if RDS says "wrong state", look whether that is what was wanted."""
    try:
        ask()
    except Conflict as conflict:
        state = describe(door, [identifier]).get(identifier)
        if state is None or state.status in BROKEN:
            raise
        if already(state):
            return Effect.ALREADY
        if underway(state):
            return Effect.UNDERWAY
        raise Busy(
            conflict.call,
            f"{identifier} is {state.status} and takes no change now: {conflict}",
            conflict.code,
        ) from conflict
    return Effect.MADE


def _state(instance: Mapping[str, Any]) -> InstanceState:
    groups = instance.get("DBParameterGroups") or [{}]
    pending = instance.get("PendingModifiedValues") or {}
    return InstanceState(
        identifier=instance["DBInstanceIdentifier"],
        status=instance["DBInstanceStatus"],
        source=instance.get("ReadReplicaSourceDBInstanceIdentifier") or None,
        retention_days=instance.get("BackupRetentionPeriod", 0),
        backup_window=instance.get("PreferredBackupWindow", ""),
        deletion_protection=instance.get("DeletionProtection", False),
        parameter_group=groups[0].get("DBParameterGroupName", ""),
        parameter_status=groups[0].get("ParameterApplyStatus", ""),
        multi_az=instance.get("MultiAZ", False),
        instance_class=instance.get("DBInstanceClass", ""),
        engine_version=instance.get("EngineVersion", ""),
        address=(instance.get("Endpoint") or {}).get("Address"),
        replication=tuple(map(_replication, instance.get("StatusInfos", ()))),
        pending=tuple(name for name, key in _ARGUMENTS.items() if key in pending),
        tags={tag["Key"]: tag["Value"] for tag in instance.get("TagList") or ()},
        storage_operation=_storage_operation(instance),
        created_at=instance.get("InstanceCreateTime"),
        arn=instance.get("DBInstanceArn", ""),
        subnet_group=(instance.get("DBSubnetGroup") or {}).get("DBSubnetGroupName", ""),
        security_groups=tuple(
            one["VpcSecurityGroupId"] for one in instance.get("VpcSecurityGroups") or ()
        ),
        key=instance.get("KmsKeyId") or "",
        resource=instance.get("DbiResourceId", ""),
    )


def _storage_operation(instance: Mapping[str, Any]) -> str:
    status = instance.get("StorageOperationStatus") or ""
    percent = instance.get("StorageOperationPercentProgress")
    return f"{status} {percent} %" if status and percent is not None else str(status)


def _replication(info: Mapping[str, Any]) -> ReplicationInfo:
    return ReplicationInfo(
        status=info.get("Status", ""),
        normal=info.get("Normal", False),
        message=info.get("Message", ""),
    )
