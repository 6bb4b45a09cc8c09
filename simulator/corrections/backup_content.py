"""What a recovery point of a bucket holds, and how it comes back into one.

`backup_points` takes it when a point is begun, `backup_restores` gives it back. Source: AWS Backup
guide, "Restoring S3 data": the version that was current comes back, an object that is there is
never replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.s3.models import FakeKey, S3Backend, s3_backends

from simulator.world import ACCOUNT


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
    """Return what a bucket shows now; nothing for a file system, or where moto has no bucket."""
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
