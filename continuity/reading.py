"""Reading untrusted structures (config, manifest, scenario) into frozen values.

A `Reader` walks one mapping, notes every problem with its path instead of stopping at the first,
and refuses keys that nobody asked for. `stacks.settings`, `continuity.manifest` and
`drill.scenario` read through it, so that bad input sounds the same everywhere.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TypeVar

from continuity.errors import InvalidInput, Problem

T = TypeVar("T", bound=str)

_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_UNITS = ("days", "hours", "minutes", "seconds")


class Reader:
    """One mapping of an input, at `path`; all readers of one input share `problems`.

    Every method returns a usable value even where it notes a problem, so that reading goes on;
    `finish` refuses unknown keys and `check` raises `InvalidInput` if anything was noted.
    """

    def __init__(
        self, value: object, path: str = "", problems: list[Problem] | None = None
    ) -> None:
        self.path = path
        self.problems = problems if problems is not None else []
        self._asked: set[str] = set()
        self._value: Mapping[str, object] = {}
        if isinstance(value, Mapping):
            self._value = {str(key): item for key, item in value.items()}
        else:
            self.note("", f"expected a table of keys, found {_kind(value)}")

    def at(self, key: str) -> str:
        """Return the path of a key, `databases[2].storage_gb`."""
        return ".".join(part for part in (self.path, key) if part) or "(top level)"

    def note(self, key: str, message: str) -> None:
        """Record a problem at a key of this mapping."""
        self.problems.append(Problem(self.at(key), message))

    def has(self, key: str) -> bool:
        """Say whether the key is given and not null."""
        self._asked.add(key)
        return self._value.get(key) is not None

    def text(self, key: str, default: str | None = None, pattern: str | None = None) -> str:
        """Read text; `pattern` must match all of it."""
        value = self._given(key, default)
        if not isinstance(value, str):
            self._wrong(key, value, "text")
            return default or ""
        if pattern is not None and re.fullmatch(pattern, value) is None:
            self.note(key, f"{value!r} does not have the form {pattern}")
        return value

    def integer(
        self, key: str, default: int | None = None, low: int = 0, high: int = 2**63 - 1
    ) -> int:
        """Read a whole number within `low..high`. Whole floats count: YAML and JSON blur them."""
        value = self._given(key, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(key, value, "a whole number")
            return default if default is not None else low
        if not low <= value <= high:
            self.note(key, f"{value} is not within {low} to {high}")
        return max(low, min(value, high))

    def number(self, key: str, default: float | None = None, low: float = 0.0) -> float:
        """Read a number of at least `low`."""
        value = self._given(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, "a number")
            return default if default is not None else low
        if not math.isfinite(value):
            self.note(key, f"{value} is no finite number")
            return default if default is not None else low
        if value < low:
            self.note(key, f"{value} is less than {low}")
        return float(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._given(key, default)
        if not isinstance(value, bool):
            self._wrong(key, value, "true or false")
            return bool(default)
        return value

    def choice(self, key: str, options: Iterable[T], default: T | None = None) -> T:
        """Read one of a closed list of words."""
        known = list(options)
        value = self._given(key, default)
        for option in known:
            if value == option:
                return option
        if value is not None:
            self.note(key, f"{value!r} is not one of {', '.join(known)}")
        return known[0]

    def duration(self, key: str, default: str | None = None) -> timedelta:
        """Read a length of time written as `12h`, `1h30m`, `90s` or `2d`, or in plain seconds."""
        value = self._given(key, default)
        parts = _parts(value)
        if parts is None:
            self._wrong(key, value, "a length of time such as 12h, 1h30m, 90s, or seconds")
            return timedelta()
        try:
            return timedelta(**parts)
        except (OverflowError, ValueError):
            self.note(key, "is longer than any calendar")
            return timedelta()

    def section(self, key: str) -> "Reader":
        """Read a mapping below this one."""
        value = self._given(key, None)
        if value is None:
            return Reader({}, self.at(key), [])
        return Reader(value, self.at(key), self.problems)

    def rows(self, key: str, *, optional: bool = False) -> list["Reader"]:
        """Read a list of mappings; each reads as `key[index]`."""
        value = self._given(key, [] if optional else None)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self._wrong(key, value, "a list")
            return []
        return [
            Reader(row, f"{self.at(key)}[{index}]", self.problems)
            for index, row in enumerate(value)
        ]

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._given(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self._wrong(key, value, "a list of texts")
            return default or ()
        return tuple(value)

    def mapping(self, key: str) -> dict[str, "Reader"]:
        """Read a mapping of free names to mappings."""
        value = self._given(key, None)
        if not isinstance(value, Mapping):
            self._wrong(key, value, "a table of names")
            return {}
        return {
            str(name): Reader(item, f"{self.at(key)}.{name}", self.problems)
            for name, item in value.items()
        }

    def finish(self) -> None:
        """Refuse the keys that nobody asked for, and name the valid ones."""
        for key in sorted(set(self._value) - self._asked):
            self.note(key, f"unknown key; valid here: {', '.join(sorted(self._asked))}")

    def check(self, subject: str) -> None:
        """Raise `InvalidInput` with every problem noted so far, in order of path."""
        if self.problems:
            raise InvalidInput(subject, sorted(set(self.problems)))

    def _given(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._value.get(key)
        if value is None:
            if default is None:
                self.note(key, "is required")
            return default
        return value

    def _wrong(self, key: str, value: object, expected: str) -> None:
        if value is not None:
            self.note(key, f"expected {expected}, found {_kind(value)}")


def _kind(value: object) -> str:
    """Name what was found without echoing it: it may be a secret."""
    names = {
        "NoneType": "nothing",
        "str": "text",
        "dict": "a table of keys",
        "list": "a list",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
    }
    name = type(value).__name__
    return names.get(name, name)


def _parts(value: object) -> dict[str, float] | None:
    """Split a length of time into units; None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return {"seconds": value}
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or not value:
        return None
    found = zip(_UNITS, match.groups(), strict=True)
    return {unit: int(text) for unit, text in found if text}
