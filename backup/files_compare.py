"""Whether two files hold the same: by the checksums that S3 keeps, else by reading both.

`backup.files_plan`, `files_restore` and `files_verify` ask. ETags prove nothing here: under a KMS
key they are no hash of the content.
"""

from cloud import objects
from cloud.door import Door
from cloud.objects import Content, Version
from cloud.permitted import permitted
from continuity.permissions import OPEN_WITH_KEY, READ_FILE, READ_FILE_VERSION

Place = tuple[str, Version]
"""A bucket, and a version in it."""


@permitted(READ_FILE, READ_FILE_VERSION, OPEN_WITH_KEY)
def same(door: Door, one: Place, other: Place) -> bool:
    """Say whether two files hold the same bytes."""
    if one[1].size != other[1].size:
        return False
    told = proven(_content(door, one), _content(door, other))
    return _read(door, one) == _read(door, other) if told is None else told


def proven(one: Content, other: Content) -> bool | None:
    """Say what S3's own checksums say; None where there are none of one kind."""
    if one.size != other.size:
        return False
    kinds = {found.checksum.partition(":")[0] for found in (one, other)}
    if len(kinds) > 1 or "" in kinds:
        return None
    return one.checksum == other.checksum


def _content(door: Door, place: Place) -> Content:
    bucket, version = place
    return objects.content(door, bucket, version.key, version.identity)


def _read(door: Door, place: Place) -> str:
    bucket, version = place
    return objects.digest(door, (bucket, version.key), version.size, version.identity)
