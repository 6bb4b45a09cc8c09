"""The objects that move traffic: which are there, how one is put there, and taken away.

Route 53's health checkers watch them; putting one is the whole move (see `manifest.Latch`).
"""

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Conflict
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import LIFT_LATCH, LIST_LATCH, MOVE_LATCH


@permitted(LIST_LATCH)
def present(door: Door, bucket: str) -> frozenset[str]:
    """Return the keys of the objects in a latch bucket."""
    found = pages(
        door,
        "s3",
        "ListObjectsV2",
        ("NextContinuationToken", "ContinuationToken"),
        Bucket=bucket,
    )
    return frozenset(row["Key"] for page in found for row in page.get("Contents", ()))


@permitted(MOVE_LATCH)
def put(door: Door, bucket: str, key: str, body: str = "") -> Effect:
    """Put an object unless it is there. The body is for people; health checkers see that it is."""
    try:
        door.change(
            "s3",
            "PutObject",
            Bucket=bucket,
            Key=key,
            Body=body.encode(),
            ContentType="text/plain; charset=utf-8",
            IfNoneMatch="*",
        )
    except Conflict:
        return Effect.ALREADY
    return Effect.MADE


@permitted(LIFT_LATCH)
def lift(door: Door, bucket: str, key: str) -> Effect:
    """Take an object away. S3 says the same of one that was not there: repeating it is harmless."""
    door.change("s3", "DeleteObject", Bucket=bucket, Key=key)
    return Effect.MADE
