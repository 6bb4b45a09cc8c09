"""AWS Backup's recovery points in one vault: a sweep of all, one again, and deleting one.

`backup.catalogue` reads them beside the snapshots. The list carries no tags and asking for them
would cost a call per point: whose point it is follows from the vault and the resource's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.errors import PermanentError
from continuity.permissions import (
    DELETE_VAULT_POINT,
    DESCRIBE_VAULT_POINT,
    LIST_COPY_JOBS,
    LIST_VAULT_POINTS,
)

PAGE = 1000
"""The most that either list returns in one page (AWS Backup API reference, MaxResults)."""

USABLE = frozenset({"COMPLETED", "AVAILABLE"})
"""AVAILABLE is a continuous point, which can be restored (AWS Backup guide, their statuses)."""

_TOKEN = ("NextToken", "NextToken")
_GIGABYTE = 1024**3
_UNFINISHED = ("CREATED", "RUNNING")


@dataclass(frozen=True)
class VaultPoint:
    """One recovery point as AWS shows it. `copied_from` is the vault of its source, or empty.

    It was begun at `taken_at` and written until `done_at`, a copy until it was copied.
    """

    arn: str
    resource: str
    status: str
    taken_at: datetime | None
    done_at: datetime | None = None
    size_gb: int = 0
    key: str = ""
    copied_from: str = ""


@permitted(LIST_VAULT_POINTS)
def sweep(door: Door, vault: str) -> tuple[VaultPoint, ...]:
    """Return every recovery point of a vault."""
    found = pages(
        door,
        "backup",
        "ListRecoveryPointsByBackupVault",
        _TOKEN,
        BackupVaultName=vault,
        MaxResults=PAGE,
    )
    return tuple(_point(row) for page in found for row in page["RecoveryPoints"])


@permitted(LIST_COPY_JOBS)
def being_copied(door: Door) -> frozenset[str]:
    """Return the ARNs of the points of which copies leave this region right now."""
    found = (
        row.get("SourceRecoveryPointArn", "")
        for state in _UNFINISHED
        for page in pages(door, "backup", "ListCopyJobs", _TOKEN, ByState=state, MaxResults=PAGE)
        for row in page["CopyJobs"]
    )
    return frozenset(found)


@permitted(LIST_COPY_JOBS)
def is_being_copied(door: Door, arn: str) -> bool:
    """Say whether a copy of a point leaves this region right now."""
    found = pages(
        door,
        "backup",
        "ListCopyJobs",
        _TOKEN,
        BySourceRecoveryPointArn=arn,
        MaxResults=PAGE,
    )
    return any(row.get("State") in _UNFINISHED for page in found for row in page["CopyJobs"])


@permitted(DESCRIBE_VAULT_POINT)
def look(door: Door, vault: str, arn: str) -> VaultPoint | None:
    """Return one recovery point as it is now, None if it is gone."""
    try:
        row = door.read(
            "backup", "DescribeRecoveryPoint", BackupVaultName=vault, RecoveryPointArn=arn
        )
    except Missing:
        return None
    return _point(row)


@permitted(DELETE_VAULT_POINT, DESCRIBE_VAULT_POINT)
def delete(door: Door, vault: str, arn: str) -> Effect:
    """Delete a recovery point, and read back that it goes.

    Raises:
        PermanentError: AWS said yes and left it: expired, and paid for.
    """
    try:
        door.change("backup", "DeleteRecoveryPoint", BackupVaultName=vault, RecoveryPointArn=arn)
    except Missing:
        return Effect.ALREADY
    left = look(door, vault, arn)
    if left is not None and left.status == "EXPIRED":
        raise PermanentError(
            f"AWS Backup could not delete {arn}: it is expired now, and still there. Give the "
            "service's role what it lacks, or end what still uses the point; then delete again."
        )
    return Effect.MADE


def _point(row: Mapping[str, Any]) -> VaultPoint:
    return VaultPoint(
        arn=row["RecoveryPointArn"],
        resource=row.get("ResourceArn", ""),
        status=row.get("Status", ""),
        taken_at=row.get("CreationDate"),
        done_at=row.get("CompletionDate"),
        size_gb=-(-row.get("BackupSizeInBytes", 0) // _GIGABYTE),
        key=row.get("EncryptionKeyArn") or "",
        copied_from=row.get("SourceBackupVaultArn") or "",
    )
