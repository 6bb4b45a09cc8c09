"""The file that tells a site's tasks where its databases are: read, and replaced once.

`failover.aws` reads it for the picture and writes it for the step; tasks get it from ECS.
"""

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict, Missing
from cloud.permitted import permitted
from continuity.addresses import AddressFile
from continuity.permissions import READ_ADDRESSES, WRITE_ADDRESSES


@permitted(READ_ADDRESSES)
def read(door: Door, bucket: str, key: str) -> AddressFile:
    """Return the file; an empty one where there is none."""
    try:
        reply = door.read("s3", "GetObject", Bucket=bucket, Key=key)
    except Missing:
        return AddressFile()
    said = reply["Body"].decode("utf-8", errors="replace")
    return AddressFile(said, reply["ETag"], reply["LastModified"])


@permitted(WRITE_ADDRESSES)
def write(door: Door, bucket: str, key: str, text: str, replaced: str) -> Effect:
    """Put a new text in the place of the file with the tag `replaced`, or where none was.

    If it is another one by now, somebody wrote meanwhile: nothing happens, and whoever asked looks
    again. So a call that is repeated, or comes late, changes nothing.
    """
    condition = {"IfMatch": replaced} if replaced else {"IfNoneMatch": "*"}
    try:
        door.change(
            "s3",
            "PutObject",
            Bucket=bucket,
            Key=key,
            Body=text.encode(),
            ContentType="text/plain; charset=utf-8",
            **condition,
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE
