"""How commands answer: text for people, JSON for programs, and nothing else on stdout.

Every command takes one of the formats; `cli.boundary` answers errors in the one that was asked.
"""

import json
import sys
from collections.abc import Sequence
from enum import StrEnum


class Format(StrEnum):
    """The answer of a command."""

    TEXT = "text"
    JSON = "json"


class PreviewFormat(StrEnum):
    """The answer of `holdfast preview`, which also feeds comments on pull requests."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def wants_json(arguments: Sequence[str]) -> bool:
    """Say whether the arguments ask for JSON, even where the rest of them is wrong."""
    following = [*arguments[1:], ""]
    return "--format=json" in arguments or ("--format", "json") in zip(
        arguments, following, strict=False
    )


def print_json(value: object) -> None:
    """Write one JSON value to stdout, keys in the order given."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
