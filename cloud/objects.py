"""Files in a bucket as S3 shows them: every version, what is current, what one holds.

`backup.files_*` plans restores with it and proves them; `cloud.object_copies` makes the copies.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cloud.door import Door
from cloud.failures import Missing
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import (
    LIST_FILE_VERSIONS,
    LIST_FILES,
    OPEN_WITH_KEY,
    READ_FILE,
    READ_FILE_LIFECYCLE,
    READ_FILE_VERSION,
)

READ_AT_ONCE = 64 * 1024**2
"""Bytes that are in memory at a time while content is read."""

ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
"""Storage classes whose objects must be restored for hours before anything can read them."""

_HEADERS = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Metadata",
)


@dataclass(frozen=True)
class Version:
    """One version of a file, or the marker of its deletion. `modified` has whole seconds.

    S3 counts a file that came in parts from when its first part was announced.
    """

    key: str
    identity: str
    modified: datetime
    size: int = 0
    etag: str = ""
    latest: bool = True
    marker: bool = False
    storage_class: str = "STANDARD"


@dataclass(frozen=True)
class Content:
    """What S3 says a version holds.

    `checksum` is `CRC64NVME:...`, over the whole object; empty where S3 keeps none such.
    `headers` are the arguments by which a copy in parts gets the same ones.
    """

    size: int
    checksum: str = ""
    headers: Mapping[str, Any] = field(default_factory=dict)
    tags: int = 0


@permitted(LIST_FILE_VERSIONS)
def versions(door: Door, bucket: str, prefix: str = "") -> tuple[Version, ...]:
    """Return every version and deletion marker below a prefix: a call per 1,000."""
    return tuple(_versions(door, bucket, prefix))


@permitted(LIST_FILES)
def current(door: Door, bucket: str, prefix: str = "") -> tuple[Version, ...]:
    """Return what is shown below a prefix; raises Missing where there is no bucket."""
    token = ("NextContinuationToken", "ContinuationToken")
    found = pages(door, "s3", "ListObjectsV2", token, Bucket=bucket, Prefix=prefix)
    return tuple(_version(row) for page in found for row in page.get("Contents", ()))


@permitted(READ_FILE_LIFECYCLE)
def kept_for(door: Door, bucket: str) -> timedelta | None:
    """Return for how long the lifecycle keeps replaced versions; None: without an end."""
    try:
        reply = door.read("s3", "GetBucketLifecycleConfiguration", Bucket=bucket)
    except Missing:
        return None
    days = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in reply.get("Rules", ())
        if rule["Status"] == "Enabled" and "NoncurrentVersionExpiration" in rule
    ]
    return timedelta(days=min(days)) if days else None


@permitted(READ_FILE, READ_FILE_VERSION, OPEN_WITH_KEY)
def content(door: Door, bucket: str, key: str, version: str = "") -> Content:
    """Return what S3 knows of a file, of the current version unless told otherwise."""
    named = {"VersionId": version} if version else {}
    row = door.read("s3", "HeadObject", Bucket=bucket, Key=key, ChecksumMode="ENABLED", **named)
    return Content(
        size=row["ContentLength"],
        checksum=checksum(row),
        headers={name: row[name] for name in _HEADERS if row.get(name)},
        tags=row.get("TagCount", 0),
    )


@permitted(READ_FILE, READ_FILE_VERSION, OPEN_WITH_KEY)
def digest(door: Door, file: tuple[str, str], size: int, version: str = "") -> str:
    """Read a file, bucket and key, and return its SHA-256."""
    bucket, key = file
    named = {"VersionId": version} if version else {}
    found = hashlib.sha256()
    for start in range(0, size, READ_AT_ONCE):
        part = f"bytes={start}-{min(size, start + READ_AT_ONCE) - 1}"
        found.update(
            door.read("s3", "GetObject", Bucket=bucket, Key=key, Range=part, **named)["Body"]
        )
    return found.hexdigest()


def checksum(row: Mapping[str, Any]) -> str:
    """Return the checksum of a reply; one over parts depends on their sizes and proves nothing."""
    if row.get("ChecksumType", "FULL_OBJECT") != "FULL_OBJECT":
        return ""
    for name in sorted(row):
        kind = name.removeprefix("Checksum")
        if kind not in {name, "Type", "Algorithm"} and row[name]:
            return f"{kind}:{row[name]}"
    return ""


def _versions(door: Door, bucket: str, prefix: str) -> Iterator[Version]:
    """Yield page after page: this list goes on at a key and at a version, both."""
    place: dict[str, str] = {}
    while True:
        page = door.read("s3", "ListObjectVersions", Bucket=bucket, Prefix=prefix, **place)
        yield from (_version(row) for row in page.get("Versions", ()))
        yield from (_version(row, marker=True) for row in page.get("DeleteMarkers", ()))
        if not page.get("IsTruncated"):
            return
        place = {
            "KeyMarker": page["NextKeyMarker"],
            "VersionIdMarker": page["NextVersionIdMarker"],
        }


def _version(row: Mapping[str, Any], *, marker: bool = False) -> Version:
    return Version(
        key=row["Key"],
        identity=row.get("VersionId", ""),
        modified=row["LastModified"],
        size=row.get("Size", 0),
        etag=row.get("ETag", "").strip('"'),
        latest=row.get("IsLatest", True),
        marker=marker,
        storage_class=row.get("StorageClass", "STANDARD"),
    )
