"""What lies in shared file systems (EFS), and what EFS meters of it: moto knows no files at all.

No task mounts in this world: tests and scenes write here, as tasks would; `simulator.reading` reads
as the functions do that mount. `corrections.efs` shows sizes, `corrections.backup_content` takes
points and gives them back. A follower has what its source has. Source: EFS guide, "Metering" (2 KiB
for a file and its data rounded up to 4 KiB; 6 KiB when empty). Assumption: metered every 15
minutes, as often as the metric StorageBytes is sent.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from moto.efs.models import efs_backends

from simulator.fault import FaultKind
from simulator.world import ACCOUNT, current

FILE_SYSTEM = "file-system"
"""What a fault calls the shared file systems of a region, where it does not name one of them."""
EMPTY = 6 * 1024
METERED_EVERY_S = 900
_INODE, _BLOCK = 2 * 1024, 4 * 1024

System = Any
"""A moto FileSystem; moto's classes have no types."""


@dataclass(frozen=True)
class SharedFile:
    """One file, and when it was written."""

    body: bytes
    written: datetime


def write(region: str, identity: str, path: str, body: bytes) -> None:
    """Write a file, as a task does that mounts the file system; `path` is absolute."""
    put(efs_backends[ACCOUNT][region].file_systems_by_id[identity], path, body)


def age(region: str, identity: str, began: datetime) -> None:
    """Let all that lies in a file system have lain there since a moment, and who follows it too."""
    system = efs_backends[ACCOUNT][region].file_systems_by_id[identity]
    own = _own(system)
    own.update({path: replace(one, written=began) for path, one in own.items()})
    if "replication" in vars(system):
        vars(system)["replication"]["CreationTime"] = began.timestamp()


def put(system: System, path: str, body: bytes) -> None:
    """Write a file into a file system."""
    _own(system)[path] = SharedFile(body, current().clock.now())


def read(region: str, identity: str) -> dict[str, bytes]:
    """Return every file of a file system, by its path."""
    found = _shown(efs_backends[ACCOUNT][region].file_systems_by_id[identity])
    return {path: one.body for path, one in found.items()}


def files_of(arn: str) -> dict[str, SharedFile]:
    """Return the files of a file system by its ARN; nothing where there is none."""
    region, identity = arn.split(":")[3], arn.rpartition("/")[2]
    system = efs_backends[ACCOUNT][region].file_systems_by_id.get(identity)
    return {} if system is None else dict(_shown(system))


def taken_of(arn: str) -> dict[str, SharedFile]:
    """Return what a recovery point takes of a file system.

    While `data-corrupted` names it that is torn: the last file is lost, the first has other bytes.
    """
    region, identity = arn.split(":")[3], arn.rpartition("/")[2]
    found = files_of(arn)
    faults = current().faults
    names = (FILE_SYSTEM, identity)
    kind = FaultKind.DATA_CORRUPTED
    if not found or not any(faults.active(kind, region=region, database=one) for one in names):
        return found
    first, *others = sorted(found)
    damaged = replace(found[first], body=bytes(255 - one for one in found[first].body))
    return {**{path: found[path] for path in others[:-1]}, first: damaged}


def exists(region: str, token: str) -> bool:
    """Say whether a file system was made with a creation token, and is there."""
    return token in efs_backends[ACCOUNT][region].creation_tokens


def create(region: str, token: str, key: str) -> System:
    """Make a file system as AWS Backup makes one: without tags, and nothing mounts it."""
    return efs_backends[ACCOUNT][region].create_file_system(
        creation_token=token,
        performance_mode="generalPurpose",
        encrypted=bool(key),
        kms_key_id=key,
        throughput_mode="bursting",
        provisioned_throughput_in_mibps=0,
        availability_zone_name="",
        backup=False,
        tags=[],
    )


def part(source: System, target: System) -> None:
    """End a replication: the follower keeps what came, and goes its own way."""
    _own(target).clear()
    _own(target).update(_own(source))


def metered(system: System) -> dict[str, float]:
    """Return `SizeInBytes` as EFS knows it: of the last time that it was metered."""
    at = current().clock.now().timestamp() // METERED_EVERY_S * METERED_EVERY_S
    moment = datetime.fromtimestamp(at, UTC)
    then = (one for one in _shown(system).values() if one.written <= moment)
    whole = EMPTY + sum(_INODE + -(-len(one.body) // _BLOCK) * _BLOCK for one in then)
    return {"Value": whole, "ValueInIA": 0, "ValueInStandard": whole, "Timestamp": at}


def _own(system: System) -> dict[str, SharedFile]:
    found: dict[str, SharedFile] = system.__dict__.setdefault("_files", {})
    return found


def _shown(system: System) -> dict[str, SharedFile]:
    """Return what a file system shows: a follower shows what it follows, and later its own."""
    for backend in efs_backends[ACCOUNT].values():
        for source in backend.file_systems_by_id.values():
            for target in source.__dict__.get("replication", {}).get("Destinations", ()):
                if target["FileSystemId"] == system.file_system_id:
                    return _own(source)
    return _own(system)
