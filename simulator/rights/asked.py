"""One action on one resource: what a role must be allowed, and how rules are written down.

The modules beside this one hold the rules of one kind of service each; `rights.rules` joins them.
A resource is an ARN; `*` where AWS knows no narrower one, so that only a grant on everything holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simulator.call_log import Call
from simulator.world import ACCOUNT

EVERYTHING = "*"


@dataclass(frozen=True, order=True)
class Asked:
    """One question to IAM: may the caller do `action` to `resource`?"""

    action: str
    resource: str = EVERYTHING


Rule = Callable[[Call], Iterable[Asked]]
Rules = Mapping[tuple[str, str], Rule]
"""What each operation asks, by boto3's service and operation."""


def text(call: Call, parameter: str) -> str:
    """Return a parameter as text, empty where it was not given."""
    value = call.parameters.get(parameter)
    return value if isinstance(value, str) else ""


def rows(call: Call, parameter: str) -> list[object]:
    """Return a parameter's list, empty where it was not given."""
    value = call.parameters.get(parameter)
    return list(value) if isinstance(value, (list, tuple)) else []


def arn(call: Call, service: str, name: str, kind: str, between: str = ":") -> str:
    """Return the ARN of something in the call's region; what is an ARN already stays one."""
    if name.startswith("arn:"):
        return name
    return f"arn:aws:{service}:{call.region}:{ACCOUNT}:{kind}{between}{name}"


def of_everything(*actions: str) -> Rule:
    """Return a rule for operations that AWS cannot narrow to a resource."""
    return lambda _: [Asked(action) for action in actions]


def nothing(_: Call) -> list[Asked]:
    """Return that IAM is not asked at all."""
    return []
