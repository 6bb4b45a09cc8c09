"""What a recovery point of files holds, and how it comes back into a bucket or a file system.

`backup_points` takes it when a point is begun, `backup_restores` gives it back. Source: AWS Backup
guide, "Restoring S3 data": the version that was current comes back, an object that is there is
never replaced; "Restore an Amazon EFS file system": everything comes into a directory of its own.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.s3.models import FakeKey, S3Backend, s3_backends

from simulator import shared_files
from simulator.world import ACCOUNT, current


@dataclass(frozen=True)
class Kept:
    """One object as a point holds it; it outlives the version that it was taken of."""

    key: str
    body: bytes
    metadata: dict[str, str]
    tags: list[dict[str, str]]
    modified: datetime
    algorithm: str = ""
    checksum: str = ""


def content(resource: str) -> tuple[Kept, ...]:
    """Return what a bucket or a file system shows now; nothing where moto has none."""
    if resource.split(":")[2] == "elasticfilesystem":
        return tuple(
            Kept(path, one.body, {}, [], one.written)
            for path, one in shared_files.taken_of(resource).items()
        )
    backend = _s3()
    name = resource.rpartition(":")[2]
    if name not in backend.buckets:
        return ()
    shown = backend.get_bucket(name).keys.values()
    return tuple(_kept(backend, one) for one in shown if isinstance(one, FakeKey))


def size(objects: Iterable[Kept]) -> int:
    """Return the bytes of what a point holds."""
    return sum(len(one.body) for one in objects)


def put_back(objects: Iterable[Kept], bucket: str, metadata: dict[str, str]) -> None:
    """Write into a bucket what is not there, encrypted as the job's metadata say."""
    backend = _s3()
    there = backend.get_bucket(bucket).keys
    encrypted: dict[str, Any] = {}
    if metadata.get("EncryptionType") == "SSE-KMS":
        encrypted = {"encryption": "aws:kms", "kms_key_id": metadata.get("KMSKey")}
    for one in objects:
        if isinstance(there.get(one.key), FakeKey):
            continue
        made = backend.put_object(bucket, one.key, one.body, **encrypted)
        made.set_metadata(dict(one.metadata))
        made.checksum_algorithm = one.algorithm or None
        made.checksum_value = one.checksum or None
        backend.tagger.tag_resource(made.arn, one.tags)


def put_into_new(objects: Iterable[Kept], region: str, metadata: dict[str, str]) -> str:
    """Make a file system as the job's metadata say, put the files into it, and return its ARN.

    `itemsToRestore` names files, or directories with all that is in them.
    """
    made = shared_files.create(region, metadata["CreationToken"], metadata.get("KmsKeyId", ""))
    wanted = tuple(json.loads(metadata.get("itemsToRestore") or '["/"]'))
    directory = f"/aws-backup-restore_{current().clock.now():%Y-%m-%dT%H-%M-%SZ}"
    for one in objects:
        if any(one.key == item or one.key.startswith(f"{item.rstrip('/')}/") for item in wanted):
            shared_files.put(made, f"{directory}{one.key}", one.body)
    return str(made.file_system_arn)


def exists(bucket: str) -> bool:
    """Say whether there is a bucket."""
    return bucket in _s3().buckets


def create(bucket: str, region: str) -> None:
    """Make a bucket as a restore makes one: versioned, and encrypted by S3 itself."""
    made = _s3().create_bucket(bucket, region)
    made.versioning_status = "Enabled"


def _kept(backend: S3Backend, version: FakeKey) -> Kept:
    """Return an object once: a year of points of one bucket shares what did not change."""
    known = vars(version).get("as_kept")
    if known is None:
        known = Kept(
            version.name,
            version.value,
            dict(version.metadata),
            backend.tagger.list_tags_for_resource(version.arn)["Tags"],
            version.last_modified,
            version.checksum_algorithm or "",
            version.checksum_value or "",
        )
        vars(version)["as_kept"] = known
    found: Kept = known
    return found


def _s3() -> S3Backend:
    return s3_backends[ACCOUNT]["aws"]
