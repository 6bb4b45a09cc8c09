"""Policy documents as AWS reads them: single values are lists of one, `*` matches anything.

`policy.least_privilege`, `policy.access` and `policy.transport` look at statements with it.
"""

from collections.abc import Mapping
from typing import Any

Statement = Mapping[str, Any]


def texts(value: object) -> list[str]:
    """Return what is one text or a list of them as a list."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def allows(statement: Statement) -> bool:
    """Say whether a statement grants something."""
    return statement.get("Effect") == "Allow"


def is_for_anybody(statement: Statement) -> bool:
    """Say whether a statement's principal is everybody in the world."""
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        return any("*" in texts(who) for who in principal.values())
    return principal == "*"


def label(statement: Statement) -> str:
    """Return how a person finds a statement: by its name, or by what it is about."""
    return str(
        statement.get("Sid") or ", ".join(texts(statement.get("Action"))[:3]) or "a statement"
    )
