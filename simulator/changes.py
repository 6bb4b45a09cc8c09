"""What a run does to each resource, and which properties differ: pure comparison of values.

`simulator.updating` decides with it, `simulator.preview` and its rendering show it. Secrets are
compared by value and shown as `[secret]`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.values import Properties, Secret, has_unknown

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\["([^"]+)"\]""")

Step = str | int
Path = tuple[Step, ...]


class Operation(StrEnum):
    """The closed list of what can happen to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RETAIN = "retain"  # leaves the program, stays in AWS
    SAME = "same"


@dataclass(frozen=True)
class PropertyChange:
    """One property that differs. `before` and `after` are printable, None where absent."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What happens to one resource, or to a component (`custom` is false).

    `replacing` names the paths that force a replacement.
    """

    operation: Operation
    urn: str
    type: str
    name: str
    parent: str
    custom: bool = True
    differences: tuple[PropertyChange, ...] = ()
    replacing: tuple[str, ...] = ()


def differing(before: object, after: object) -> tuple[Path, ...]:
    """Return the paths at which two values differ, as deep as both have the same shape."""
    return tuple(_differing(before, after, ()))


def _differing(before: object, after: object, path: Path) -> Iterator[Path]:
    before, after = _bare(before), _bare(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _differing(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differing(old, new, (*path, index))
    elif has_unknown(after) or before != after:
        yield path


def _bare(value: object) -> object:
    return value.value if isinstance(value, Secret) else value


def written(path: Path) -> str:
    """Write a path as Pulumi does: `tags["holdfast:zone"]`, `ingress[0].fromPort`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


def parsed(text: str) -> Path:
    """Read a path that `written` or a program wrote."""
    return tuple(
        int(index) if index else key or quoted for key, index, quoted in _STEP.findall(text)
    )


def property_changes(before: Properties, after: Properties) -> tuple[PropertyChange, ...]:
    """Return every difference, printable and without secrets."""
    return tuple(
        PropertyChange(written(path), _shown(before, path), _shown(after, path))
        for path in differing(before, after)
    )


def _shown(value: object, path: Path) -> str | None:
    """Print what lies at a path; anything below a secret is one."""
    for step in path:
        if isinstance(value, Secret):
            return repr(value)
        value = _below(value, step)
    return None if value is None else f"{value}"


def _below(value: object, step: Step) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def covers(pattern: Path, path: Path) -> bool:
    """Say whether a path lies at or below a pattern; `*` stands for any one step."""
    if len(pattern) > len(path):
        return False
    return all(want in ("*", have) for want, have in zip(pattern, path, strict=False))


def forcing(paths: Iterable[Path], patterns: Iterable[str]) -> tuple[str, ...]:
    """Return, written, the differing paths that a replacement pattern covers.

    A path above a pattern counts too: a list whose length changed differs as a whole.
    """
    known = [parsed(pattern) for pattern in patterns]
    return tuple(
        written(path)
        for path in paths
        if any(covers(pattern, path) or covers(path, pattern) for pattern in known)
    )


def keep_ignored(before: Properties, after: Properties, ignored: Iterable[str]) -> Properties:
    """Return the new inputs with the old values at the ignored paths, as if they never changed."""
    kept = after
    for pattern in ignored:
        path = parsed(pattern)
        if any(isinstance(step, int) for step in path):
            raise ValueError(f"ignore_changes {pattern!r}: name a key, not a position in a list")
        kept = _keep(before, kept, path)
    return kept


def _keep(before: object, after: object, path: Path) -> Properties:
    table = dict(after) if isinstance(after, Mapping) else {}
    old = before if isinstance(before, Mapping) else {}
    keys = sorted({*table, *old}) if path[0] == "*" else [path[0]]
    for key in keys:
        value = old.get(key)
        if len(path) > 1 and isinstance(value, Mapping):
            value = _keep(value, table.get(key), path[1:])
        elif len(path) > 1:
            value = table.get(key)
        table[key] = value
    return {key: value for key, value in table.items() if value is not None}
