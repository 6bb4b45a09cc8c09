"""What a zone must never be without, and which of its services each of that rests on.

`stacks` reads it from the zone's file, the manifest carries it, `incident` says by it which
critical functions an incident hits, and since when. The three functions are the continuity plan's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from continuity.reading import Reader


class CriticalFunction(StrEnum):
    """What the plan calls critical."""

    PLATFORM_UPTIME = "platform uptime"
    DATA = "data integrity and access"
    MONITORING = "incident monitoring"


PLATFORM, FILES, ALARMS = "platform", "files", "monitoring"
"""The services that every zone has, beside its databases, which are called by their names."""


@dataclass(frozen=True)
class RestsOn:
    """A critical function, and the services without which it is not there."""

    function: CriticalFunction
    services: tuple[str, ...]


def services(databases: Iterable[str]) -> tuple[str, ...]:
    """Return the names of everything in a zone that an incident can affect."""
    return tuple(dict.fromkeys((PLATFORM, FILES, ALARMS, *databases)))


def usual(databases: Iterable[str]) -> tuple[RestsOn, ...]:
    """Return what a zone's functions rest on that does not say."""
    return (
        RestsOn(CriticalFunction.PLATFORM_UPTIME, (PLATFORM,)),
        RestsOn(CriticalFunction.DATA, tuple(dict.fromkeys((FILES, *databases)))),
        RestsOn(CriticalFunction.MONITORING, (ALARMS,)),
    )


def read(reader: Reader) -> RestsOn:
    """Read one row of a manifest."""
    found = RestsOn(reader.choice("function", CriticalFunction), reader.texts("services"))
    reader.finish()
    return found
