"""Who may read an object without credentials: S3's rules for bucket policies, reduced to that.

`health_checks` asks it for the latch objects, `corrections.s3` before it stores a bucket policy.
Pure: a policy's text and the flags of the public access block in, a verdict out.

Conditions: only `aws:SecureTransport` is understood. An Allow with any other condition is taken
not to hold, a Deny with one is taken to hold: the cautious reading in both cases.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

_READ = "s3:getobject"


@dataclass(frozen=True)
class PublicAccess:
    """The two flags of a public access block that concern policies (ACLs are disabled)."""

    block_policy: bool = False
    restrict_buckets: bool = False


@lru_cache(maxsize=256)
def anonymous_may_read(
    policy: str | None, block: PublicAccess, bucket: str, key: str, *, secure: bool
) -> bool:
    """Say whether anybody may GET this object over HTTPS (`secure`) or HTTP."""
    if policy is None or block.restrict_buckets:
        return False
    resource = f"arn:aws:s3:::{bucket}/{key}"
    touching = [
        statement
        for statement in _statements(policy)
        if _for_anybody(statement)
        and any(fnmatchcase(_READ, action) for action in _actions(statement))
        and any(fnmatchcase(resource, pattern) for pattern in _texts(statement.get("Resource")))
    ]
    allowed = any(
        row["Effect"] == "Allow" and _holds(row, secure=secure, doubt=False) for row in touching
    )
    denied = any(
        row["Effect"] == "Deny" and _holds(row, secure=secure, doubt=True) for row in touching
    )
    return allowed and not denied


def is_public(policy: str) -> bool:
    """Say whether S3 calls a policy public: anybody is allowed something, without condition."""
    return any(
        row["Effect"] == "Allow" and _for_anybody(row) and not row.get("Condition")
        for row in _statements(policy)
    )


def _statements(policy: str) -> list[Mapping[str, object]]:
    found = json.loads(policy).get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def _for_anybody(statement: Mapping[str, object]) -> bool:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return "*" in _texts(principal.get("AWS"))
    return principal == "*"


def _actions(statement: Mapping[str, object]) -> Iterable[str]:
    return (action.lower() for action in _texts(statement.get("Action")))


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _holds(statement: Mapping[str, object], *, secure: bool, doubt: bool) -> bool:
    """Say whether a statement's conditions hold; `doubt` decides the ones not understood."""
    conditions = statement.get("Condition")
    if not isinstance(conditions, Mapping) or not conditions:
        return True
    wanted = conditions.get("Bool", {}).get("aws:SecureTransport")
    if set(conditions) != {"Bool"} or wanted is None or len(conditions["Bool"]) != 1:
        return doubt
    return str(secure).lower() in [text.lower() for text in _texts(wanted)]
