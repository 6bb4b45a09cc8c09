"""What S3 deletes of a bucket by itself: the rules that expire something, switched off and on.

`backup.raising` suspends them while a hold is on. S3 replaces all rules of a bucket at once, so a
rule is switched by writing all of them, each otherwise as it was found.
"""

from collections.abc import Collection, Mapping
from typing import Any

from cloud.door import Door
from cloud.failures import Missing
from cloud.permitted import permitted
from continuity.permissions import READ_LIFECYCLE, WRITE_LIFECYCLE

_EXPIRING = ("Expiration", "NoncurrentVersionExpiration")
_ON, _OFF = "Enabled", "Disabled"
_WHOLE = ("Rules", "TransitionDefaultMinimumObjectSize")


@permitted(READ_LIFECYCLE)
def expiring(door: Door, bucket: str) -> tuple[str, ...]:
    """Return the names of the rules by which S3 deletes something of a bucket now, in order."""
    rules = _read(door, bucket).get("Rules", ())
    return tuple(sorted(row["ID"] for row in rules if _expires(row) and row["Status"] == _ON))


@permitted(READ_LIFECYCLE, WRITE_LIFECYCLE)
def expire_by(door: Door, bucket: str, names: Collection[str]) -> None:
    """Switch on exactly these of the rules that expire something; no other rule is touched."""
    found = _read(door, bucket)
    rules = [
        {**row, "Status": _ON if row["ID"] in names else _OFF} if _expires(row) else row
        for row in found.get("Rules", ())
    ]
    if not rules:
        return
    rest = {"TransitionDefaultMinimumObjectSize": found[_WHOLE[1]]} if _WHOLE[1] in found else {}
    door.change(
        "s3",
        "PutBucketLifecycleConfiguration",
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},
        **rest,
    )


def _read(door: Door, bucket: str) -> dict[str, Any]:
    try:
        reply = door.read("s3", "GetBucketLifecycleConfiguration", Bucket=bucket)
    except Missing as missing:
        if missing.code != "NoSuchLifecycleConfiguration":
            raise
        return {}
    return {name: reply[name] for name in _WHOLE if name in reply}


def _expires(rule: Mapping[str, Any]) -> bool:
    return any(rule.get(name) for name in _EXPIRING)
