"""The objects that say whether a site may serve: read, revoked, and given to another site.

One lies in the standby's latch and one in the witness's (`continuity.manifest`); health checkers
search both for `naming.WARRANTED`. A deployment writes them once; a failover overwrites them, and a
planned move gives the site that it moved to its own back.
"""

from cloud.door import Door
from cloud.effects import Effect
from cloud.failures import Missing
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import MOVE_LATCH, READ_WARRANT, READ_WITNESS, REVOKE_AT_WITNESS


@permitted(READ_WARRANT, READ_WITNESS)
def valid(door: Door, bucket: str, key: str) -> bool:
    """Say whether a warrant can be read and warrants anything; an absent one warrants nothing."""
    try:
        reply = door.read("s3", "GetObject", Bucket=bucket, Key=key)
    except Missing:
        return False
    return naming.WARRANTED.encode() in reply["Body"]


@permitted(READ_WARRANT, READ_WITNESS, MOVE_LATCH, REVOKE_AT_WITNESS)
def revoke(door: Door, bucket: str, key: str, why: str) -> Effect:
    """Overwrite a warrant with the reason why it holds no more. Repeating it changes nothing."""
    if not valid(door, bucket, key):
        return Effect.ALREADY
    door.change(
        "s3",
        "PutObject",
        Bucket=bucket,
        Key=key,
        Body=f"revoked: {why}".encode(),
        ContentType="text/plain; charset=utf-8",
    )
    return Effect.MADE


@permitted(READ_WARRANT, READ_WITNESS, MOVE_LATCH, REVOKE_AT_WITNESS)
def give(door: Door, bucket: str, key: str) -> Effect:
    """Let a site be warranted again. Repeating it changes nothing."""
    if valid(door, bucket, key):
        return Effect.ALREADY
    door.change(
        "s3",
        "PutObject",
        Bucket=bucket,
        Key=key,
        Body=naming.WARRANTED.encode(),
        ContentType="text/plain; charset=utf-8",
    )
    return Effect.MADE
