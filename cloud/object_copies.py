"""Copies of files inside S3, that are never made over something.

`backup.files_copy` makes them. S3 copies on its side: no byte passes through here. What lies at the
target already is left alone by S3 itself (`If-None-Match: *`), whoever put it there and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cloud import objects
from cloud.door import Door
from cloud.objects import Content, checksum
from cloud.permitted import permitted
from continuity.errors import HoldfastError
from continuity.permissions import (
    ABORT_RESTORED,
    OPEN_WITH_KEY,
    READ_FILE,
    READ_FILE_TAGS,
    READ_FILE_VERSION,
    SEAL_WITH_KEY,
    TAG_RESTORED,
    WRITE_RESTORED,
)

SPLIT_ABOVE = 1024**3
"""One CopyObject takes 5 GB at most (API reference), and would last longer than a call may."""
PART = 256 * 1024**2
_MOST_PARTS = 10_000

_WHOLE = frozenset({"CRC32", "CRC32C", "CRC64NVME"})
"""Checksums that S3 can keep over a whole object that came in parts (S3 guide)."""


@dataclass(frozen=True)
class Origin:
    """The version that is copied, and what S3 says of it."""

    bucket: str
    key: str
    version: str
    content: Content

    @property
    def named(self) -> dict[str, str]:
        """Return it as S3 wants a source named."""
        found = {"Bucket": self.bucket, "Key": self.key}
        return {**found, "VersionId": self.version} if self.version else found


@dataclass(frozen=True)
class Target:
    """Where the copy lies, and under which key."""

    bucket: str
    key: str
    key_arn: str

    @property
    def named(self) -> dict[str, str]:
        """Return what every call about it says."""
        return {"Bucket": self.bucket, "Key": self.key}

    @property
    def sealed(self) -> dict[str, Any]:
        """Return how it is encrypted: named, so that no default of the bucket decides it."""
        return {
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": self.key_arn,
            "BucketKeyEnabled": True,
        }


_RIGHTS = (
    READ_FILE,
    READ_FILE_VERSION,
    READ_FILE_TAGS,
    WRITE_RESTORED,
    TAG_RESTORED,
    ABORT_RESTORED,
    OPEN_WITH_KEY,
    SEAL_WITH_KEY,
)


@permitted(*_RIGHTS)
def copy(door: Door, origin: Origin, target: Target) -> str:
    """Copy a version with its metadata and tags; return the copy's checksum, if S3 tells one.

    Raises:
        Conflict: there is an object at the target. It stays as it was.
    """
    if origin.content.size > SPLIT_ABOVE:
        return in_parts(door, origin, target)
    reply = door.change(
        "s3",
        "CopyObject",
        CopySource=origin.named,
        IfNoneMatch="*",
        **target.named,
        **target.sealed,
    )
    return checksum(reply["CopyObjectResult"])


@permitted(*_RIGHTS)
def in_parts(door: Door, origin: Origin, target: Target, part: int = PART) -> str:
    """Copy a version part by part; what was begun and not finished is taken away again.

    Raises:
        Conflict: there is an object at the target. It stays as it was.
    """
    kind = origin.content.checksum.partition(":")[0]
    whole = kind if kind in _WHOLE else "CRC64NVME"
    begun = door.change(
        "s3",
        "CreateMultipartUpload",
        ChecksumAlgorithm=whole,
        ChecksumType="FULL_OBJECT",
        **target.named,
        **target.sealed,
        **origin.content.headers,
        **_tags(door, origin),
    )
    upload = {**target.named, "UploadId": begun["UploadId"]}
    try:
        parts = [*_parts(door, origin, upload, part)]
        door.change(
            "s3",
            "CompleteMultipartUpload",
            MultipartUpload={"Parts": parts},
            ChecksumType="FULL_OBJECT",
            IfNoneMatch="*",
            **upload,
        )
    except HoldfastError:
        door.change("s3", "AbortMultipartUpload", **upload)
        raise
    # Read back, so that it is said of what lies there, whoever was answered.
    return objects.content(door, target.bucket, target.key).checksum


def _parts(
    door: Door, origin: Origin, upload: dict[str, str], part: int
) -> Iterator[dict[str, Any]]:
    size = origin.content.size
    step = max(part, -(-size // _MOST_PARTS))
    for number, start in enumerate(range(0, size, step), start=1):
        last = min(size, start + step) - 1
        made = door.change(
            "s3",
            "UploadPartCopy",
            CopySource=origin.named,
            CopySourceRange=f"bytes={start}-{last}",
            PartNumber=number,
            **upload,
        )["CopyPartResult"]
        sums = {name: made[name] for name in made if name.startswith("Checksum")}
        yield {"PartNumber": number, "ETag": made["ETag"], **sums}


def _tags(door: Door, origin: Origin) -> dict[str, str]:
    """Return the tags as an upload takes them; S3 does not bring them along in parts."""
    if not origin.content.tags:
        return {}
    rows = door.read("s3", "GetObjectTagging", **origin.named)["TagSet"]
    return {"Tagging": urlencode({row["Key"]: row["Value"] for row in rows})}
