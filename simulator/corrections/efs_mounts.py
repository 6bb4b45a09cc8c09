"""EFS: mount targets come and go by and by, and an access point is made once for a token.

Sources: the API references of CreateMountTarget ("creating" until it is available),
DeleteMountTarget, DeleteFileSystem (refused while there is a mount target, one that is going
included) and CreateAccessPoint (AccessPointAlreadyExists for a token that was used).
"""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import AccessPoint, EFSBackend, MountTarget

from simulator.correction import Correction
from simulator.lifecycle import after_up, draw
from simulator.timings import Takes

_create_mount_target = EFSBackend.create_mount_target
_delete_mount_target = EFSBackend.delete_mount_target
_create_access_point = EFSBackend.create_access_point
_info_json = AccessPoint.info_json

AVAILABLE, CREATING, DELETING = "available", "creating", "deleting"


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    mount = "a mount target is an interface that has to be made, and to be taken away"
    return [
        Correction(EFSBackend, "create_mount_target", create_mount_target, mount),
        Correction(EFSBackend, "delete_mount_target", delete_mount_target, mount),
        Correction(EFSBackend, "create_access_point", create_access_point, "once for a token"),
        Correction(AccessPoint, "info_json", info_json, "an access point is made by and by"),
    ]


def create_mount_target(self: EFSBackend, *args: Any, **asked: Any) -> MountTarget:  # noqa: ANN401 - moto's own
    """Make a mount target that is available some time later."""
    made = _create_mount_target(self, *args, **asked)
    made.life_cycle_state = CREATING

    def done() -> None:
        if made.life_cycle_state == CREATING:
            made.life_cycle_state = AVAILABLE

    after_up(self.region_name, draw(made, Takes.MAKE_MOUNT), done)
    return made


def delete_mount_target(self: EFSBackend, mount_target_id: str) -> None:
    """Take a mount target away, which is seen to be going for some time."""
    going = self.mount_targets_by_id.get(mount_target_id)
    if going is None:
        _delete_mount_target(self, mount_target_id)
        return
    if going.life_cycle_state == DELETING:
        return
    going.life_cycle_state = DELETING

    def done() -> None:
        if mount_target_id in self.mount_targets_by_id:
            _delete_mount_target(self, mount_target_id)

    after_up(self.region_name, draw(going, Takes.DELETE_MOUNT), done)


def create_access_point(self: EFSBackend, client_token: str, **asked: Any) -> AccessPoint:  # noqa: ANN401 - moto's own
    """Make an access point of a file system that is there, once for a token."""
    identity = asked["file_system_id"]
    if identity not in self.file_systems_by_id:
        raise FileSystemNotFound(identity)
    known = [one for one in self.access_points.values() if one.client_token == client_token]
    if known:
        told = f"Access point {known[0].access_point_id} has the token {client_token}."
        raise JsonRESTError("AccessPointAlreadyExists", told)
    made = _create_access_point(self, client_token, **asked)
    vars(made)["status"] = CREATING

    def done() -> None:
        vars(made)["status"] = AVAILABLE

    after_up(self.region_name, draw(made, Takes.MAKE_ACCESS_POINT), done)
    return made


def info_json(self: AccessPoint) -> dict[str, Any]:
    """Describe an access point with the state that it is in."""
    return {**_info_json(self), "LifeCycleState": vars(self).get("status", AVAILABLE)}
