"""Buckets that run time makes or empties: what a restore goes into, and the scratch place.

`backup.files_restore` makes one, `backup.files_verify` empties one. Nothing here can delete a file
of the zone's own buckets: their policy denies it to everybody.
"""

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Rejected
from cloud.objects import versions
from cloud.paging import batches
from cloud.permitted import permitted
from continuity.errors import PermanentError
from continuity.permissions import (
    EMPTY_SCRATCH,
    ENCRYPT_BUCKET,
    LIST_FILE_VERSIONS,
    MAKE_BUCKET,
    VERSION_BUCKET,
)

_AT_ONCE = 1000
"""The most that one DeleteObjects takes (S3 API reference)."""
_OURS_ALREADY = "BucketAlreadyOwnedByYou"
_OLDEST_REGION = "us-east-1"


@permitted(MAKE_BUCKET, ENCRYPT_BUCKET, VERSION_BUCKET)
def make(door: Door, name: str, key_arn: str) -> Effect:
    """Make a bucket in the door's region: private as all new ones, encrypted, versioned.

    Raises:
        Rejected: somebody else has the name.
    """
    try:
        door.change("s3", "CreateBucket", Bucket=name, **_where(door.region))
        effect = Effect.MADE
    except Rejected as refused:
        if refused.code != _OURS_ALREADY:
            raise
        effect = Effect.ALREADY
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    door.change(
        "s3",
        "PutBucketEncryption",
        Bucket=name,
        ServerSideEncryptionConfiguration={"Rules": [rule]},
    )
    door.change(
        "s3",
        "PutBucketVersioning",
        Bucket=name,
        VersioningConfiguration={"Status": "Enabled"},
    )
    return effect


@permitted(EMPTY_SCRATCH, LIST_FILE_VERSIONS)
def empty(door: Door, name: str) -> int:
    """Delete every version in a bucket; return how many there were.

    Raises:
        PermanentError: S3 kept some of them, and says why.
    """
    found = versions(door, name)
    for some in batches(found, _AT_ONCE):
        objects = [{"Key": one.key, "VersionId": one.identity} for one in some]
        reply = door.change(
            "s3", "DeleteObjects", Bucket=name, Delete={"Objects": objects, "Quiet": True}
        )
        if reply.get("Errors"):
            first = reply["Errors"][0]
            raise PermanentError(
                f"{name} still has {len(reply['Errors'])} objects, such as {first['Key']}: "
                f"{first.get('Message', first.get('Code'))}. Its lifecycle takes them within two "
                "days; give the role what it lacks to have it sooner."
            )
    return len(found)


def _where(region: str) -> dict[str, object]:
    """Return what names the region; the oldest one must not be named."""
    if region == _OLDEST_REGION:
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}
