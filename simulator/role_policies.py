"""What a role's own policies allow: IAM's evaluation, as far as the zones' roles need it.

`corrections.iam` answers SimulatePrincipalPolicy with it, `rights.judge` judges calls. Source: IAM
user guide, "Policy evaluation logic": nothing is allowed until a statement allows it, and a denial
wins. Of conditions only those on tags of what is touched are known, because the program uses no
others: any other is an error, not a guess.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate
from functools import lru_cache

from moto.iam.models import Role

from simulator.attempt import NotSimulated

ALLOWED, EXPLICIT, IMPLICIT = "allowed", "explicitDeny", "implicitDeny"

Tags = Callable[[], Mapping[str, str]]
"""Asks for the tags of what is touched; only where a condition speaks of them."""

_TAG = "aws:resourcetag/"


def of_role(role: Role) -> tuple[str, ...]:
    """Return the policies of a role as JSON text, its own and the attached ones."""
    if role.permissions_boundary:
        raise NotSimulated("a permissions boundary")
    attached = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.is_default
    ]
    return tuple(
        text if isinstance(text, str) else json.dumps(text)
        for text in (*role.policies.values(), *attached)
    )


def names(policies: Iterable[str], action: str) -> bool:
    """Say whether any statement speaks of an action, on whatever resource."""
    return any(
        _touches(statement, "Action", action.lower(), lower=True)
        for text in policies
        for statement in _statements(text)
    )


def decide(policies: Iterable[str], action: str, resource: str, tags: Tags = dict) -> str:
    """Return IAM's word for what these policies together say of an action on a resource."""
    effects = {
        statement["Effect"]
        for text in policies
        for statement in _speaking(text, action.lower(), resource)
        if _holds(statement, tags)
    }
    if "Deny" in effects:
        return EXPLICIT
    return ALLOWED if "Allow" in effects else IMPLICIT


@lru_cache(maxsize=256)
def _statements(text: str) -> tuple[Mapping[str, object], ...]:
    found = json.loads(text)["Statement"]
    statements: list[Mapping[str, object]] = [found] if isinstance(found, dict) else found
    for statement in statements:
        strange = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
        if strange:
            raise NotSimulated(f"{', '.join(sorted(strange))} of a role's policy")
    return tuple(statements)


@lru_cache(maxsize=4096)
def _acting(text: str, action: str) -> tuple[Mapping[str, object], ...]:
    """Return the statements of a policy that speak of an action."""
    return tuple(one for one in _statements(text) if _touches(one, "Action", action, lower=True))


@lru_cache(maxsize=65_536)
def _speaking(text: str, action: str, resource: str) -> tuple[Mapping[str, object], ...]:
    """Return the statements of a policy that speak of an action on a resource."""
    acting = _acting(text, action)
    return tuple(one for one in acting if _touches(one, "Resource", resource, lower=False))


def _touches(statement: Mapping[str, object], key: str, value: str, *, lower: bool) -> bool:
    given = statement[key]
    patterns = [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]
    return any(_matches(pattern.lower() if lower else pattern)(value) for pattern in patterns)


@lru_cache(maxsize=4096)
def _matches(pattern: str) -> Callable[[str], object]:
    return re.compile(translate(pattern)).match


def _holds(statement: Mapping[str, object], tags: Tags) -> bool:
    """Say whether every part of a statement's condition holds; one that has none always does."""
    condition = statement.get("Condition", {})
    parts = [
        (operator, key, given)
        for operator, keys in condition.items()  # type: ignore[attr-defined]
        for key, given in keys.items()
    ]
    return all(_part_holds(operator, key, given, tags) for operator, key, given in parts)


def _part_holds(operator: str, key: str, given: str, tags: Tags) -> bool:
    if not key.lower().startswith(_TAG) or operator not in ("Null", "StringEquals"):
        raise NotSimulated(f"Condition {operator} on {key} of a role's policy")
    value = tags().get(key[len(_TAG) :])
    if operator == "Null":
        return (value is None) is (given == "true")
    return value == given
