"""What a role's own policies allow: IAM's evaluation, as far as the zones' roles need it.

`corrections.iam` answers SimulatePrincipalPolicy with it, `rights.judge` judges calls. Source: IAM
user guide, "Policy evaluation logic": nothing is allowed until a statement allows it, and a denial
wins. Conditions of identity policies are not used by the program: a statement with one is an
error, not a guess.
"""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from moto.iam.models import Role

ALLOWED, EXPLICIT, IMPLICIT = "allowed", "explicitDeny", "implicitDeny"


def of_role(role: Role) -> tuple[str, ...]:
    """Return the policies of a role as JSON text, its own and the attached ones."""
    if role.permissions_boundary:
        raise NotImplementedError("a permissions boundary")
    attached = [policy.document for policy in role.managed_policies.values()]
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


def decide(policies: Iterable[str], action: str, resource: str) -> str:
    """Return IAM's word for what these policies together say of an action on a resource."""
    effects = {
        statement["Effect"]
        for text in policies
        for statement in _statements(text)
        if _touches(statement, "Action", action.lower(), lower=True)
        and _touches(statement, "Resource", resource, lower=False)
    }
    if "Deny" in effects:
        return EXPLICIT
    return ALLOWED if "Allow" in effects else IMPLICIT


@lru_cache(maxsize=256)
def _statements(text: str) -> tuple[Mapping[str, object], ...]:
    found = json.loads(text)["Statement"]
    statements: list[Mapping[str, object]] = [found] if isinstance(found, dict) else found
    for statement in statements:
        strange = set(statement) - {"Sid", "Effect", "Action", "Resource"}
        if strange:
            raise NotImplementedError(f"{', '.join(sorted(strange))} of a role's policy")
    return tuple(statements)


def _touches(statement: Mapping[str, object], key: str, value: str, *, lower: bool) -> bool:
    given = statement[key]
    patterns = [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]
    return any(fnmatchcase(value, pattern.lower() if lower else pattern) for pattern in patterns)
