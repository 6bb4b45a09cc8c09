"""EFS: file systems that follow one in another region; moto knows neither that nor protection.

Source: the API references of CreateReplicationConfiguration, DeleteReplicationConfiguration,
DescribeReplicationConfigurations and UpdateFileSystemProtection, and of FileSystemSize (metered now
and then, not at every moment). Who follows whom, and that a follower is not protected from being
overwritten, is here; what lies in a file system is `simulator.shared_files`.
"""

import json
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import EFSBackend, FileSystem, efs_backends
from moto.efs.responses import EFSResponse

from simulator import shared_files
from simulator.correction import Correction
from simulator.world import current

_info_json = FileSystem.info_json


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    missing = "moto does not have the operation"
    return [
        Correction(EFSResponse, "create_replication_configuration", _create, missing),
        Correction(EFSResponse, "describe_replication_configurations", _describe, missing),
        Correction(EFSResponse, "delete_replication_configuration", _delete, missing),
        Correction(EFSResponse, "update_file_system_protection", _protect, missing),
        Correction(FileSystem, "info_json", info_json, "a file system tells its protection"),
    ]


def info_json(self: FileSystem) -> dict[str, Any]:
    """Describe a file system with its protection from being overwritten, and its metered size."""
    protection = {"ReplicationOverwriteProtection": _protection(self)}
    size = shared_files.metered(self)
    return {**_info_json(self), "FileSystemProtection": protection, "SizeInBytes": size}


def _protection(file_system: Any) -> str:  # noqa: ANN401 - a moto FileSystem
    return str(file_system.__dict__.get("protection", "ENABLED"))


def _found(backend: EFSBackend, identity: str) -> Any:  # noqa: ANN401 - a moto FileSystem
    if identity not in backend.file_systems_by_id:
        raise FileSystemNotFound(identity)
    return backend.file_systems_by_id[identity]


def _named(response: EFSResponse) -> str:
    return str(response.path.strip("/").split("/")[2])


def _create(response: EFSResponse) -> str:
    backend = response.efs_backend
    source = _found(backend, _named(response))
    (asked,) = json.loads(response.body)["Destinations"]
    target = _found(efs_backends[DEFAULT_ACCOUNT_ID][asked["Region"]], asked["FileSystemId"])
    if source.__dict__.get("replication"):
        raise _invalid(f"{source.file_system_id} takes part in a replication already.")
    if _protection(target) != "DISABLED":
        raise _invalid(f"{target.file_system_id} is protected from being overwritten.")
    target.protection = "REPLICATING"
    source.replication = {
        "SourceFileSystemId": source.file_system_id,
        "SourceFileSystemRegion": backend.region_name,
        "SourceFileSystemArn": source.file_system_arn,
        "OriginalSourceFileSystemArn": source.file_system_arn,
        "CreationTime": current().clock.now().timestamp(),
        "Destinations": [{**asked, "Status": "ENABLED"}],
    }
    return json.dumps(source.replication)


def _describe(response: EFSResponse) -> str:
    """Tell of the replications that leave this region, and of those that arrive in it."""
    wanted = response.querystring.get("FileSystemId", [None])[0]
    every = [
        one.__dict__["replication"]
        for backend in efs_backends[DEFAULT_ACCOUNT_ID].values()
        for one in backend.file_systems_by_id.values()
        if one.__dict__.get("replication")
    ]
    here = response.efs_backend.region_name
    found = [_synced(one) for one in every if here in _regions(one) and wanted in _members(one)]
    if wanted is not None and not found:
        raise _absent(wanted)
    return json.dumps({"Replications": found})


def _regions(replication: dict[str, Any]) -> set[str]:
    targets = {str(one["Region"]) for one in replication["Destinations"]}
    return {str(replication["SourceFileSystemRegion"]), *targets}


def _members(replication: dict[str, Any]) -> set[str | None]:
    """Return whom a question may name; None for one that names nobody."""
    targets = {str(one["FileSystemId"]) for one in replication["Destinations"]}
    return {None, str(replication["SourceFileSystemId"]), *targets}


def _synced(replication: dict[str, Any]) -> dict[str, Any]:
    """Add until when all has come: a follower has what its source has, at every moment."""
    now = current().clock.now().timestamp()
    targets = [{**one, "LastReplicatedTimestamp": now} for one in replication["Destinations"]]
    return {**replication, "Destinations": targets}


def _delete(response: EFSResponse) -> str:
    source = _found(response.efs_backend, _named(response))
    replication = source.__dict__.pop("replication", None)
    if replication is None:
        raise _absent(source.file_system_id)
    (there,) = replication["Destinations"]
    known = efs_backends[DEFAULT_ACCOUNT_ID][there["Region"]].file_systems_by_id
    if there["FileSystemId"] in known:
        known[there["FileSystemId"]].protection = "DISABLED"
        shared_files.part(source, known[there["FileSystemId"]])
    return "{}"


def _protect(response: EFSResponse) -> str:
    file_system = _found(response.efs_backend, _named(response))
    file_system.protection = json.loads(response.body)["ReplicationOverwriteProtection"]
    return json.dumps({"ReplicationOverwriteProtection": file_system.protection})


def _invalid(message: str) -> JsonRESTError:
    return JsonRESTError("ValidationException", message)


def _absent(identity: str) -> JsonRESTError:
    return JsonRESTError("ReplicationNotFound", f"{identity} is not replicated.")
