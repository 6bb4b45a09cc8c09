"""Lambda: the file system that a function mounts, and a change of a function that takes a while.

moto forgets what is mounted and is done at once. Sources: Lambda developer guide, "Configuring
Amazon EFS file system access" (through an access point, with a mount target in every zone of
availability that the function stands in), and "Lambda function states"; API reference of
UpdateFunctionConfiguration (ResourceConflictException while a change is under way; invocations go
on). What is said of a mount target that is not there is what Lambda is known to answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.exceptions import JsonRESTError
from moto.ec2.models import ec2_backends
from moto.efs.models import AccessPoint, efs_backends

from simulator.correction import Correction
from simulator.corrections.efs_mounts import AVAILABLE
from simulator.lifecycle import after_up, draw
from simulator.timings import Takes
from simulator.world import ACCOUNT

_create_function = LambdaBackend.create_function
_get_configuration = LambdaFunction.get_configuration
_update_configuration = LambdaFunction.update_configuration

Mounts = Sequence[Mapping[str, str]]


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    mounts = "a function has the file system that it mounts"
    return [
        Correction(LambdaBackend, "create_function", create_function, mounts),
        Correction(LambdaFunction, "get_configuration", get_configuration, mounts),
        Correction(LambdaFunction, "update_configuration", update_configuration, mounts),
    ]


def create_function(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
    """Make a function, with what it mounts."""
    mounts: Mounts = spec.get("FileSystemConfigs") or []
    _check(self.region_name, spec.get("VpcConfig") or {}, mounts)
    made = _create_function(self, spec)
    vars(made)["mounts"] = mounts
    return made


def get_configuration(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    """Describe a function, with what it mounts and how far its last change is."""
    found: dict[str, Any] = _get_configuration(self, on_create)
    if mounted(self):
        found["FileSystemConfigs"] = list(mounted(self))
    if "LastUpdateStatus" in found and vars(self).get("changing"):
        found["LastUpdateStatus"] = "InProgress"
    return found


def update_configuration(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    """Change a function that nothing changes yet; it is done some time later."""
    if vars(self).get("changing"):
        told = f"An update is in progress for resource: {self.function_arn}"
        raise JsonRESTError(
            "ResourceConflictException", f"The operation cannot be performed at this time. {told}"
        )
    if "FileSystemConfigs" in config_updates:
        asked: Mounts = config_updates["FileSystemConfigs"]
        _check(self.region, config_updates.get("VpcConfig") or self._vpc_config or {}, asked)
        vars(self)["mounts"] = asked
    vars(self)["changing"] = True
    _update_configuration(self, config_updates)

    def done() -> None:
        vars(self)["changing"] = False

    after_up(self.region, draw(self, Takes.CHANGE_FUNCTION), done)
    return get_configuration(self)


def mounted(function: LambdaFunction) -> Mounts:
    """Return what a function mounts: nothing, or one access point."""
    found: Mounts = vars(function).get("mounts", ())
    return found


def access_point(region: str, arn: str) -> AccessPoint | None:
    """Return an access point by its ARN."""
    return efs_backends[ACCOUNT][region].access_points.get(arn.rpartition("/")[2])


def served(region: str, file_system: str) -> dict[str, Any]:
    """Return the mount targets of a file system that are available, by zone of availability."""
    system = efs_backends[ACCOUNT][region].file_systems_by_id.get(file_system)
    every = [] if system is None else list(system.iter_mount_targets())
    return {one.availability_zone_name: one for one in every if one.life_cycle_state == AVAILABLE}


def _check(region: str, network: Mapping[str, Any], mounts: Mounts) -> None:
    if len(mounts) > 1:
        raise InvalidParameterValueException("A function mounts one file system.")
    for mount in mounts:
        _check_mount(region, network, mount)


def _check_mount(region: str, network: Mapping[str, Any], mount: Mapping[str, str]) -> None:
    arn, subnets = mount["Arn"], network.get("SubnetIds") or []
    if not mount["LocalMountPath"].startswith("/mnt/"):
        raise InvalidParameterValueException("A local mount path begins with /mnt/.")
    if not subnets:
        raise InvalidParameterValueException(
            f"Function must be configured to execute in a VPC to reference access point {arn}."
        )
    point = access_point(region, arn)
    if point is None:
        raise InvalidParameterValueException(f"Access point {arn} does not exist.")
    ec2 = ec2_backends[ACCOUNT][region]
    zones = {ec2.get_subnet(one).availability_zone for one in subnets}
    if zones - set(served(region, point.file_system_id)):
        raise InvalidParameterValueException(
            f"EFS file system {point.file_system_id} does not have any mount targets created in "
            "all availability zones that the function will execute in. Please create EFS mount "
            "targets in each availability zone with a subnet provided in the function "
            "configuration."
        )
