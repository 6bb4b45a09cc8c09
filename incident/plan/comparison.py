"""What of a committed plan is not what code and config say now, chapter by chapter. Pure.

`cli.plan_document_command` asks with `--check`.
"""

import difflib
import re
from dataclasses import dataclass

_CHAPTER = re.compile(r"^## (.+)$", re.MULTILINE)
_BEFORE = "(before the first chapter)"
SHOWN = 12
"""Lines of a difference that are told; the rest is counted."""


@dataclass(frozen=True)
class Difference:
    """A chapter that differs: what is wrong with it, and the lines (`-` committed, `+` now)."""

    chapter: str
    what: str
    lines: tuple[str, ...] = ()


def differences(committed: str, now: str) -> tuple[Difference, ...]:
    """Return the chapters in which two documents differ, in the order of the one of now."""
    old, new = _chapters(committed), _chapters(now)
    found = [_difference(name, old, new) for name in dict.fromkeys([*new, *old])]
    differing = tuple(one for one in found if one is not None)
    if not differing and committed != now:
        return (Difference("the order of chapters", "differs"),)
    return differing


def _difference(name: str, old: dict[str, str], new: dict[str, str]) -> Difference | None:
    if name not in old:
        return Difference(name, "is missing")
    if name not in new:
        return Difference(name, "is not part of the plan any more")
    if old[name] == new[name]:
        return None
    told = difflib.unified_diff(old[name].splitlines(), new[name].splitlines(), n=0, lineterm="")
    lines = [line for line in told if not line.startswith(("---", "+++", "@@"))]
    more = [f"and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return Difference(name, "differs", (*lines[:SHOWN], *more))


def _chapters(text: str) -> dict[str, str]:
    """Return the chapters of a document by heading, what comes before them as well."""
    first, *rest = _CHAPTER.split(text)
    return {_BEFORE: first, **dict(zip(rest[::2], rest[1::2], strict=True))}
