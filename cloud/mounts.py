"""How a new file system gets into a network: mount targets and an access point, made and deleted.

`backup.files_mounting` asks. A mount target is an address in one subnet; Lambda reaches a file
system only through an access point, which may look at all of it as root. Neither bears a tag: what
bears one of a zone nobody here may delete.
"""

from dataclasses import dataclass

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict, Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import (
    DELETE_ACCESS_POINT,
    DELETE_INTERFACE,
    DELETE_MOUNT,
    DESCRIBE_ACCESS_POINTS,
    DESCRIBE_MOUNTS,
    LOOK_FOR_INTERFACES,
    LOOK_FOR_SUBNETS,
    MAKE_ACCESS_POINT,
    MAKE_INTERFACE,
    MAKE_MOUNT,
)

_AVAILABLE = "available"
_GOING = frozenset({"deleting", "deleted"})
_ROOT = {"Uid": 0, "Gid": 0}


@dataclass(frozen=True)
class Mount:
    """One mount target, or one access point. `place` is a subnet, or the access point's ARN."""

    identifier: str
    place: str
    status: str

    @property
    def ready(self) -> bool:
        """Say whether it can be used."""
        return self.status == _AVAILABLE

    @property
    def going(self) -> bool:
        """Say whether it is being deleted."""
        return self.status in _GOING


@permitted(DESCRIBE_MOUNTS)
def targets(door: Door, file_system: str) -> tuple[Mount, ...]:
    """Return the mount targets of a file system; none where it is gone."""
    try:
        found = [
            row
            for page in pages(
                door,
                "efs",
                "DescribeMountTargets",
                ("NextMarker", "Marker"),
                FileSystemId=file_system,
            )
            for row in page["MountTargets"]
        ]
    except Missing:
        return ()
    return tuple(
        Mount(row["MountTargetId"], row["SubnetId"], row["LifeCycleState"]) for row in found
    )


@permitted(MAKE_MOUNT, LOOK_FOR_SUBNETS, LOOK_FOR_INTERFACES, MAKE_INTERFACE)
def make_target(door: Door, file_system: str, subnet: str, group: str) -> Effect:
    """Give a file system an address in a subnet, behind a security group.

    `ALREADY` where the subnet's zone of availability has one.
    """
    try:
        door.change(
            "efs",
            "CreateMountTarget",
            FileSystemId=file_system,
            SubnetId=subnet,
            SecurityGroups=[group],
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


@permitted(DELETE_MOUNT, DELETE_INTERFACE)
def delete_target(door: Door, identifier: str) -> Effect:
    """Take an address away."""
    try:
        door.change("efs", "DeleteMountTarget", MountTargetId=identifier)
    except Missing:
        return Effect.ALREADY
    return Effect.MADE


@permitted(DESCRIBE_ACCESS_POINTS)
def access_points(door: Door, file_system: str) -> tuple[Mount, ...]:
    """Return the access points of a file system; none where it is gone."""
    try:
        found = [
            row
            for page in pages(
                door,
                "efs",
                "DescribeAccessPoints",
                ("NextToken", "NextToken"),
                FileSystemId=file_system,
            )
            for row in page["AccessPoints"]
        ]
    except Missing:
        return ()
    return tuple(
        Mount(row["AccessPointId"], row["AccessPointArn"], row["LifeCycleState"]) for row in found
    )


@permitted(MAKE_ACCESS_POINT)
def make_access_point(door: Door, file_system: str, token: str) -> Effect:
    """Make an access point to all of a file system, as root; one per token of 64 characters."""
    try:
        door.change(
            "efs",
            "CreateAccessPoint",
            ClientToken=token,
            FileSystemId=file_system,
            PosixUser=_ROOT,
            RootDirectory={"Path": "/"},
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


@permitted(DELETE_ACCESS_POINT)
def delete_access_point(door: Door, identifier: str) -> Effect:
    """Take an access point away."""
    try:
        door.change("efs", "DeleteAccessPoint", AccessPointId=identifier)
    except Missing:
        return Effect.ALREADY
    return Effect.MADE
