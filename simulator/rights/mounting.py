"""What IAM asks of calls that mount a file system into a network, and lead a function there.

Sources: service authorization reference of Amazon EFS and AWS Lambda; EFS API reference,
CreateMountTarget and DeleteMountTarget (EFS makes and deletes the interface with the rights of
whoever asks); Lambda developer guide, "Configuring Amazon EFS file system access" (Lambda looks at
the mount targets with the rights of whoever changes the function).
"""

from collections.abc import Iterator, Mapping

from moto.efs.models import efs_backends

from simulator.call_log import Call
from simulator.rights.asked import Asked, Rule, Rules, arn, rows, text
from simulator.world import ACCOUNT

_EFS = "elasticfilesystem"
_OF_SYSTEMS = ("DescribeMountTargets", "CreateAccessPoint", "DescribeAccessPoints")
_OF_FUNCTIONS = ("GetFunctionConfiguration", "UpdateFunctionConfiguration")


def rules() -> Rules:
    """Return the rules of what mounts."""
    return {
        **{("efs", name): _system for name in _OF_SYSTEMS},
        ("efs", "CreateMountTarget"): _make,
        ("efs", "DeleteMountTarget"): _delete,
        ("efs", "DeleteAccessPoint"): _access_point,
        **{("lambda", name): _function(name) for name in _OF_FUNCTIONS},
    }


def _system(call: Call) -> Iterator[Asked]:
    yield Asked(f"{_EFS}:{call.operation}", _system_arn(call, text(call, "FileSystemId") or "*"))


def _make(call: Call) -> Iterator[Asked]:
    yield from _system(call)
    yield Asked("ec2:DescribeSubnets")
    yield Asked("ec2:DescribeNetworkInterfaces")
    made = (text(call, "SubnetId"), "subnet"), ("*", "network-interface")
    groups = [(str(one), "security-group") for one in rows(call, "SecurityGroups")]
    for name, kind in (*made, *groups):
        yield Asked("ec2:CreateNetworkInterface", arn(call, "ec2", name, kind, "/"))


def _delete(call: Call) -> Iterator[Asked]:
    known = efs_backends[ACCOUNT][call.region].mount_targets_by_id
    target = known.get(text(call, "MountTargetId"))
    system = "*" if target is None else str(target.file_system_id)
    interface = "*" if target is None else str(target.network_interface_id)
    yield Asked(f"{_EFS}:DeleteMountTarget", _system_arn(call, system))
    yield Asked("ec2:DeleteNetworkInterface", arn(call, "ec2", interface, "network-interface", "/"))


def _access_point(call: Call) -> Iterator[Asked]:
    named = arn(call, _EFS, text(call, "AccessPointId"), "access-point", "/")
    yield Asked(f"{_EFS}:DeleteAccessPoint", named)


def _function(operation: str) -> Rule:
    def asked(call: Call) -> Iterator[Asked]:
        function = arn(call, "lambda", text(call, "FunctionName"), "function")
        yield Asked(f"lambda:{operation}", function)
        for mount in rows(call, "FileSystemConfigs"):
            if isinstance(mount, Mapping):
                yield Asked(f"{_EFS}:DescribeMountTargets", _system_arn(call, _behind(call, mount)))

    return asked


def _behind(call: Call, mount: Mapping[str, str]) -> str:
    points = efs_backends[ACCOUNT][call.region].access_points
    found = points.get(mount["Arn"].rpartition("/")[2])
    return "*" if found is None else str(found.file_system_id)


def _system_arn(call: Call, name: str) -> str:
    return arn(call, _EFS, name, "file-system", "/")
