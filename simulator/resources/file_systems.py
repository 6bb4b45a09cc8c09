"""Shared file systems: they, where and how they are mounted, and which follows which.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_FILE_SYSTEM = {
    "creationToken": "CreationToken",
    "encrypted": "Encrypted",
    "kmsKeyId": "KmsKeyId",
    "throughputMode": "ThroughputMode",
}


def _create_file_system(call: Call) -> Created:
    efs = call.client("efs")
    made = efs.create_file_system(**call.arguments(_FILE_SYSTEM), Tags=call.tags())
    _protect(call, made["FileSystemId"])
    return made["FileSystemId"], {"arn": made["FileSystemArn"]}


def _protect(call: Call, identity: str) -> None:
    given = call.inputs.get("protection", {}).get("replicationOverwrite", "ENABLED")
    call.client("efs").update_file_system_protection(
        FileSystemId=identity, ReplicationOverwriteProtection=given
    )


def _update_file_system(call: Call) -> Properties:
    efs = call.client("efs")
    if "protection" in call.changed:
        _protect(call, call.id)
    retag(
        call,
        lambda tags: efs.tag_resource(ResourceId=call.id, Tags=tags),
        lambda keys: efs.untag_resource(ResourceId=call.id, TagKeys=keys),
    )
    return {}


def _delete_file_system(call: Call) -> None:
    call.client("efs").delete_file_system(FileSystemId=call.id)


def _create_mount(call: Call) -> Created:
    names = {
        "fileSystemId": "FileSystemId",
        "subnetId": "SubnetId",
        "securityGroups": "SecurityGroups",
    }
    made = call.client("efs").create_mount_target(**call.arguments(names))
    outputs = {"ipAddress": made["IpAddress"], "networkInterfaceId": made["NetworkInterfaceId"]}
    return made["MountTargetId"], outputs


def _update_mount(call: Call) -> Properties:
    call.client("efs").modify_mount_target_security_groups(
        MountTargetId=call.id, SecurityGroups=call.inputs["securityGroups"]
    )
    return {}


def _delete_mount(call: Call) -> None:
    call.client("efs").delete_mount_target(MountTargetId=call.id)


def _open(call: Call) -> Created:
    user = {key.capitalize(): value for key, value in call.inputs["posixUser"].items()}
    made = call.client("efs").create_access_point(
        ClientToken=f"{call.inputs['fileSystemId']} {call.name}"[:64],
        FileSystemId=call.inputs["fileSystemId"],
        PosixUser=user,
        RootDirectory={"Path": call.inputs["rootDirectory"]["path"]},
        Tags=call.tags(),
    )
    return made["AccessPointId"], {"arn": made["AccessPointArn"]}


def _retag_access_point(call: Call) -> Properties:
    efs = call.client("efs")
    retag(
        call,
        lambda tags: efs.tag_resource(ResourceId=call.id, Tags=tags),
        lambda keys: efs.untag_resource(ResourceId=call.id, TagKeys=keys),
    )
    return {}


def _close(call: Call) -> None:
    call.client("efs").delete_access_point(AccessPointId=call.id)


def _replicate(call: Call) -> Created:
    given, source = call.inputs["destination"], call.inputs["sourceFileSystemId"]
    names = {"fileSystemId": "FileSystemId", "region": "Region"}
    call.client("efs").create_replication_configuration(
        SourceFileSystemId=source,
        Destinations=[{names[key]: value for key, value in given.items()}],
    )
    return source, {"sourceFileSystemRegion": call.region}


def _stop_replicating(call: Call) -> None:
    call.client("efs").delete_replication_configuration(SourceFileSystemId=call.id)


HANDLERS = {
    "aws:efs/fileSystem:FileSystem": Handler(
        create=_create_file_system,
        update=_update_file_system,
        delete=_delete_file_system,
        applied=frozenset(_FILE_SYSTEM) | words("protection tags"),
        replace_on=words("creationToken encrypted kmsKeyId"),
        named_by="creationToken",
    ),
    "aws:efs/mountTarget:MountTarget": Handler(
        create=_create_mount,
        update=_update_mount,
        delete=_delete_mount,
        applied=words("fileSystemId subnetId securityGroups"),
        replace_on=words("fileSystemId subnetId"),
    ),
    "aws:efs/accessPoint:AccessPoint": Handler(
        create=_open,
        update=_retag_access_point,
        delete=_close,
        applied=words("fileSystemId posixUser rootDirectory tags"),
        replace_on=words("fileSystemId posixUser rootDirectory"),
    ),
    "aws:efs/replicationConfiguration:ReplicationConfiguration": Handler(
        create=_replicate,
        delete=_stop_replicating,
        applied=words("sourceFileSystemId destination"),
    ),
}
