"""RDS snapshots of one region: one sweep of all, and the verbs that take, copy, mark and delete.

`backup` works with them, and `cloud.recovery_points` reads what can be restored from. AWS filters
snapshots by no tag, and gives the tags with the list: a sweep asks for pages of 100 and for nothing
per snapshot.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Busy, Missing, Permanent
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.errors import Refusal
from continuity.permissions import (
    COPY_SNAPSHOT,
    CREATE_SNAPSHOT,
    DELETE_SNAPSHOT,
    DESCRIBE_BACKUPS,
    DESCRIBE_KEY,
    DESCRIBE_RDS_QUOTAS,
    DESCRIBE_SNAPSHOTS,
    GRANT_KEY,
    SNAPSHOT_DATABASE,
    TAG_SNAPSHOT,
    UNTAG_SNAPSHOT,
)
from continuity.restorable import Storage

PAGE = 100
"""The most that either operation returns in one page (RDS API reference, MaxRecords)."""

MANUAL = "manual"
AVAILABLE = "available"

_MARKER = ("Marker", "Marker")
_THERE = "DBSnapshotAlreadyExists"
_QUOTAS = ("SnapshotQuotaExceeded", "SnapshotQuotaExceededFault")
_COPIES = re.compile(r"\bcop(y|ies)\b.*\b(across regions|in progress)\b", re.IGNORECASE)
"""AWS has one code for two quotas: "Cannot copy more than 5 snapshots across regions" ends by
itself, "Cannot create more than 100 manual snapshots" does not. So people met them:
https://github.com/pbudzon/aws-maintenance/issues/19 and .../issues/12."""
_OTHER_WORK = ("InvalidDBInstanceState", "InvalidDBSnapshotState")


class NoTurn(Busy):
    """As many copies as AWS takes at once are coming into the region, whoever began them."""


@dataclass(frozen=True)
class Snapshot:
    """One snapshot as AWS shows it.

    `taken_at` is the moment of its data, the same for every copy: `SnapshotCreateTime` changes
    with each. It is None while a snapshot is so new that AWS does not say. `source` is the ARN
    that it is a copy of, empty for an original; `key` encrypts it, empty where none does.
    """

    identifier: str
    arn: str
    instance: str
    kind: str
    status: str
    taken_at: datetime | None
    storage: Storage
    key: str = ""
    source: str = ""
    progress: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """Automated backups that this region keeps of an instance: every moment between two.

    `arn` names them in a restore. `region` is where the instance runs; backups replicated from
    there outlive it. `key` encrypts them, empty where none does. `resource` is the instance's
    `DbiResourceId`, which no other instance ever has: its name may go over to another one.
    """

    arn: str
    instance: str
    region: str
    status: str
    oldest: datetime | None
    newest: datetime | None
    key: str
    storage: Storage
    tags: Mapping[str, str]
    resource: str = ""


@dataclass(frozen=True)
class Room:
    """How many manual snapshots there are in a region, and how many there may be."""

    used: int
    most: int


@permitted(DESCRIBE_SNAPSHOTS)
def sweep(door: Door, kind: str | None = None) -> tuple[Snapshot, ...]:
    """Return every snapshot of one kind; without one, the manual and the automated of the region.

    What AWS Backup takes is in only where its kind is asked for (API reference,
    DescribeDBSnapshots).
    """
    return _described(door, **({"SnapshotType": kind} if kind else {}))


@permitted(DESCRIBE_SNAPSHOTS)
def look(door: Door, identifier: str) -> Snapshot | None:
    """Return one snapshot as it is now, None if it is gone."""
    try:
        found = _described(door, DBSnapshotIdentifier=identifier)
    except Missing:
        return None
    return next(iter(found), None)


@permitted(DESCRIBE_BACKUPS)
def windows(door: Door) -> tuple[Window, ...]:
    """Return the automated backups that the region keeps, its own and those it receives."""
    found = pages(door, "rds", "DescribeDBInstanceAutomatedBackups", _MARKER, MaxRecords=PAGE)
    return tuple(
        _window(row, door.region) for page in found for row in page["DBInstanceAutomatedBackups"]
    )


@permitted(DESCRIBE_RDS_QUOTAS)
def room(door: Door) -> Room:
    """Return how many manual snapshots the account has in this region, and may have."""
    quotas = door.read("rds", "DescribeAccountAttributes")["AccountQuotas"]
    rows = {row["AccountQuotaName"]: row for row in quotas}
    found = rows.get("ManualSnapshots", {"Used": 0, "Max": 0})
    return Room(found["Used"], found["Max"])


@permitted(SNAPSHOT_DATABASE, CREATE_SNAPSHOT, TAG_SNAPSHOT)
def take(door: Door, identifier: str, instance: str, tags: Mapping[str, str]) -> Effect:
    """Begin a snapshot of an instance. Its tags are these: RDS copies none beside them.

    Raises:
        Busy: the instance is not available now; ask again inside the window.
        Refusal: the account may have no more snapshots in this region.
    """
    return _begin(
        door,
        "CreateDBSnapshot",
        DBSnapshotIdentifier=identifier,
        DBInstanceIdentifier=instance,
        Tags=_listed(tags),
    )


@permitted(COPY_SNAPSHOT, CREATE_SNAPSHOT, TAG_SNAPSHOT, DESCRIBE_KEY, GRANT_KEY)
def copy(door: Door, source: str, identifier: str, key: str, tags: Mapping[str, str]) -> Effect:
    """Begin to copy a snapshot of another region, named by its ARN, under a key of this one.

    Raises:
        Busy: the source is not available yet.
        NoTurn: the account has as many copies under way into this region as it may.
        Refusal: the account may have no more snapshots in this region.
    """
    return _begin(
        door,
        "CopyDBSnapshot",
        SourceDBSnapshotIdentifier=source,
        TargetDBSnapshotIdentifier=identifier,
        KmsKeyId=key,
        SourceRegion=source.split(":")[3],  # botocore signs a second request with it, for there
        CopyTags=False,  # by default it is false too, and a copy without tags belongs to no series
        Tags=_listed(tags),
    )


@permitted(DELETE_SNAPSHOT)
def delete(door: Door, identifier: str) -> Effect:
    """Delete a manual snapshot. One that is gone already is what was wanted.

    Raises:
        Busy: it is being made or copied.
    """
    try:
        _change(door, "DeleteDBSnapshot", DBSnapshotIdentifier=identifier)
    except Missing:
        return Effect.ALREADY
    return Effect.MADE


@permitted(TAG_SNAPSHOT)
def mark(door: Door, arn: str, tags: Mapping[str, str]) -> None:
    """Give a snapshot these tags beside its own."""
    _change(door, "AddTagsToResource", ResourceName=arn, Tags=_listed(tags))


@permitted(UNTAG_SNAPSHOT)
def unmark(door: Door, arn: str, key: str) -> None:
    """Take one tag off."""
    _change(door, "RemoveTagsFromResource", ResourceName=arn, TagKeys=[key])


def _described(door: Door, **which: object) -> tuple[Snapshot, ...]:
    found = pages(door, "rds", "DescribeDBSnapshots", _MARKER, MaxRecords=PAGE, **which)
    return tuple(_snapshot(row) for page in found for row in page["DBSnapshots"])


def _begin(door: Door, operation: str, **arguments: object) -> Effect:
    try:
        _change(door, operation, **arguments)
    except Permanent as refused:
        if refused.code != _THERE:
            raise
        return Effect.ALREADY
    return Effect.MADE


def _change(door: Door, operation: str, **arguments: object) -> None:
    """Make the call; say of each code of RDS what it means here."""
    try:
        door.change("rds", operation, **arguments)
    except Permanent as refused:
        _judge(refused)
        raise


def _judge(refused: Permanent) -> None:
    call, code = refused.call, refused.code
    if code in _QUOTAS and _COPIES.search(str(refused)):
        raise NoTurn(call, f"{call} has to wait: {refused}", code) from refused
    if code in _QUOTAS:
        raise Refusal(
            f"{call.region} takes no further snapshot now: {refused}",
            "Ask AWS for more (quota ManualSnapshots of RDS); nothing is deleted to make room.",
        ) from refused
    if any(code.startswith(one) for one in _OTHER_WORK):
        raise Busy(call, f"{call} has to wait: {refused}", code) from refused


def _snapshot(row: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        identifier=row["DBSnapshotIdentifier"],
        arn=row.get("DBSnapshotArn", ""),
        instance=row["DBInstanceIdentifier"],
        kind=row.get("SnapshotType", MANUAL),
        status=row.get("Status", ""),
        taken_at=row.get("OriginalSnapshotCreateTime") or row.get("SnapshotCreateTime"),
        storage=_storage(row),
        key=row.get("KmsKeyId") or "",
        source=row.get("SourceDBSnapshotIdentifier") or "",
        progress=row.get("PercentProgress", 0),
        tags=_tags(row),
    )


def _window(row: Mapping[str, Any], here: str) -> Window:
    reach = row.get("RestoreWindow") or {}
    return Window(
        arn=row.get("DBInstanceAutomatedBackupsArn", ""),
        instance=row["DBInstanceIdentifier"],
        region=row.get("Region", here),
        status=row.get("Status", ""),
        oldest=reach.get("EarliestTime"),
        newest=reach.get("LatestTime"),
        key=row.get("KmsKeyId") or "",
        storage=_storage(row),
        tags=_tags(row),
        resource=row.get("DbiResourceId", ""),
    )


def _storage(row: Mapping[str, Any]) -> Storage:
    return Storage(
        row.get("AllocatedStorage", 0),
        row.get("StorageType", ""),
        row.get("Iops") or None,
        row.get("StorageThroughput") or None,
    )


def _tags(row: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in row.get("TagList") or ()}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
