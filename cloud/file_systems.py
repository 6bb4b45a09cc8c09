"""Shared file systems (EFS) as a restore sees them: found by their creation token, and given up.

`backup.files_point` and `backup.files_shared_trials` ask. What AWS Backup makes bears the creation
token that its job was given, and no tag; what bears the tag of a zone nobody here may delete.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import (
    DELETE_SCRATCH_FILES,
    DESCRIBE_FILE_SYSTEM_COPIES,
    DESCRIBE_FILE_SYSTEMS,
    TAG_RESTORED_FILES,
)

_MARKER = ("NextMarker", "Marker")
_GOING = frozenset({"deleting", "deleted"})


@dataclass(frozen=True)
class FileSystem:
    """One file system as EFS shows it."""

    identifier: str
    token: str
    status: str
    key: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def going(self) -> bool:
        """Say whether it is being deleted."""
        return self.status in _GOING


@dataclass(frozen=True)
class Following:
    """Which file system follows which, since when, and until when all of it has come."""

    source: str
    targets: tuple[str, ...]
    since: datetime
    synced: datetime | None = None


@permitted(DESCRIBE_FILE_SYSTEMS)
def look(door: Door, identifier: str) -> FileSystem | None:
    """Return one file system, None if there is none of this identifier."""
    try:
        reply = door.read("efs", "DescribeFileSystems", FileSystemId=identifier)
    except Missing:
        return None
    return next(map(_file_system, reply["FileSystems"]), None)


@permitted(DESCRIBE_FILE_SYSTEMS)
def by_token(door: Door, token: str) -> FileSystem | None:
    """Return the file system that was made with a creation token, None if there is none."""
    reply = door.read("efs", "DescribeFileSystems", CreationToken=token)
    return next(map(_file_system, reply["FileSystems"]), None)


@permitted(DESCRIBE_FILE_SYSTEMS)
def sweep(door: Door, prefix: str) -> tuple[FileSystem, ...]:
    """Return the region's file systems whose creation token begins like this."""
    found = pages(door, "efs", "DescribeFileSystems", _MARKER)
    every = (_file_system(row) for page in found for row in page["FileSystems"])
    return tuple(one for one in every if one.token.startswith(prefix))


@permitted(DESCRIBE_FILE_SYSTEM_COPIES)
def following(door: Door, identifier: str) -> Following | None:
    """Return the replication that a file system takes part in, None where it takes part in none.

    A region tells of those that leave it and of those that arrive.
    """
    operation = "DescribeReplicationConfigurations"
    found = pages(door, "efs", operation, ("NextToken", "NextToken"))
    every = (_following(row) for page in found for row in page["Replications"])
    return next((one for one in every if identifier in (one.source, *one.targets)), None)


@permitted(DELETE_SCRATCH_FILES)
def delete(door: Door, identifier: str) -> Effect:
    """Delete a file system that nothing mounts; EFS refuses while anything could.

    Raises:
        Denied: it bears the tag of a zone.
    """
    try:
        door.change("efs", "DeleteFileSystem", FileSystemId=identifier)
    except Missing:
        return Effect.ALREADY
    return Effect.MADE


@permitted(TAG_RESTORED_FILES)
def tag(door: Door, identifier: str, tags: Mapping[str, str]) -> None:
    """Say whose a new file system is; from then on no role of the zone may delete it."""
    listed = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    door.change("efs", "TagResource", ResourceId=identifier, Tags=listed)


def _following(row: Mapping[str, Any]) -> Following:
    synced = [one.get("LastReplicatedTimestamp") for one in row["Destinations"]]
    return Following(
        source=row["SourceFileSystemId"],
        targets=tuple(one["FileSystemId"] for one in row["Destinations"]),
        since=row["CreationTime"],
        synced=None if None in synced else min(synced, default=None),
    )


def _file_system(row: Mapping[str, Any]) -> FileSystem:
    return FileSystem(
        identifier=row["FileSystemId"],
        token=row.get("CreationToken", ""),
        status=row.get("LifeCycleState", ""),
        key=row.get("KmsKeyId") or "",
        tags={one["Key"]: one["Value"] for one in row.get("Tags") or ()},
    )
