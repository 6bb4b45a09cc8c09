"""The critical functions of a zone and what they rest on, read and checked.

`stacks.settings` calls `read_functions`; the manifest carries the answer to `incident`.
"""

from collections.abc import Sequence

from continuity.critical_functions import CriticalFunction, RestsOn, services, usual
from continuity.reading import Reader

KEY = "critical_functions"


def read_functions(reader: Reader, databases: Sequence[str]) -> tuple[RestsOn, ...]:
    """Read `critical_functions` of a zone: a list of services for each of the three, or nothing."""
    if not reader.has(KEY):
        return usual(databases)
    section = reader.section(KEY)
    known = services(databases)
    found = tuple(_rests_on(section, function, known) for function in CriticalFunction)
    section.finish()
    return found


def key_of(function: CriticalFunction) -> str:
    """Return how a zone's file writes a function: `platform_uptime`."""
    return function.replace(" ", "_")


def _rests_on(section: Reader, function: CriticalFunction, known: tuple[str, ...]) -> RestsOn:
    key = key_of(function)
    wanted = section.texts(key)
    if section.has(key) and not wanted:
        section.note(key, "is empty: a critical function rests on one service at least")
    for name in sorted(set(wanted) - set(known)):
        section.note(key, f"there is no service {name!r}; services are {', '.join(known)}")
    return RestsOn(function, tuple(dict.fromkeys(wanted)))
