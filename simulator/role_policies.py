"""What a role's own policies allow: IAM's evaluation, as far as the zones' roles need it.

`corrections.iam` answers SimulatePrincipalPolicy with it. Source: IAM user guide, "Policy
evaluation logic": nothing is allowed until a statement allows it, and a denial wins. Conditions of
identity policies are not used by the program: a statement with one is an error, not a guess.
"""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

ALLOWED, EXPLICIT, IMPLICIT = "allowed", "explicitDeny", "implicitDeny"


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


def _statements(text: str) -> list[Mapping[str, object]]:
    found = json.loads(text)["Statement"]
    statements: list[Mapping[str, object]] = [found] if isinstance(found, dict) else found
    for statement in statements:
        strange = set(statement) - {"Sid", "Effect", "Action", "Resource"}
        if strange:
            raise NotImplementedError(f"{', '.join(sorted(strange))} of a role's policy")
    return statements


def _touches(statement: Mapping[str, object], key: str, value: str, *, lower: bool) -> bool:
    given = statement[key]
    patterns = [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]
    return any(fnmatchcase(value, pattern.lower() if lower else pattern) for pattern in patterns)
