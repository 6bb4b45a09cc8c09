"""When a zone may be worked on, from its stack file alone: no AWS is asked.

`cli.change_command` and `cli.maintenance_command` judge by it.
"""

import os
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.project import project_root
from cli.surroundings import clock_and_outside
from cli.zone_file import read_zone_file
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from maintenance.guard import Rules


def rules_of(zone: str) -> "Rules":
    """Return the window and the notice period of a zone.

    Raises:
        InvalidInput: there is no such zone, or its file has mistakes.
    """
    from maintenance.guard import Rules
    from simulator.project import stack_config
    from stacks.settings import KEY, parse

    found = parse(zone, stack_config(project_root(), zone).get(KEY))
    return Rules(found.window, found.notice)


def serving_region(zone: str) -> str:
    """Return the region that serves by the zone's file."""
    found = read_zone_file(project_root(), zone)
    return found.regions[found.active]


def now_of() -> datetime:
    """Return the moment by the clock that this command lives by."""
    clock, _ = clock_and_outside(os.environ)
    return clock.now()


def moment_of(option: str, text: str, timezone: str) -> datetime:
    """Return a moment, past or future; without an offset it is the zone's own time.

    Raises:
        InvalidInput: it is no moment of ISO 8601.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        example = f"write it as 2026-11-25T00:30, which is {timezone}, or with an offset"
        raise InvalidInput("The command", [Problem(option, f"{text!r}: {example}")]) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(timezone))
