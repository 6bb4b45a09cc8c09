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
    DESCRIBE_FILE_SYSTEMS,
    TAG_RESTORED_FILES,
)

_MARKER = ("NextMarker", "Marker")
_GOING = frozenset({"deleting", "deleted"})


@dataclass(frozen=True)
class FileSystem:
    """One file system as EFS shows it.

    `size` is what EFS metered last, in bytes, at `metered_at`; None while it has not.
    """

    identifier: str
    token: str
    status: str
    key: str = ""
    size: int = 0
    metered_at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def going(self) -> bool:
        """Say whether it is being deleted."""
        return self.status in _GOING


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


def _file_system(row: Mapping[str, Any]) -> FileSystem:
    size = row.get("SizeInBytes") or {}
    return FileSystem(
        identifier=row["FileSystemId"],
        token=row.get("CreationToken", ""),
        status=row.get("LifeCycleState", ""),
        key=row.get("KmsKeyId") or "",
        size=size.get("Value", 0),
        metered_at=size.get("Timestamp"),
        tags={one["Key"]: one["Value"] for one in row.get("Tags") or ()},
    )
