"""How bad it is: four severities, and the one that what is known suggests. Pure.

`incident.declare` suggests, a person may say otherwise. The scale is ours (assumption, to be agreed
with those who are called); docs/guide/incident.md shows it in the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from continuity.critical_functions import ALARMS, FILES, PLATFORM, CriticalFunction


class Severity(StrEnum):
    """From the worst to the least."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    @property
    def meaning(self) -> str:
        """Return what it stands for."""
        return _MEANINGS[self]

    def worse_than(self, other: "Severity") -> bool:
        """Say whether it is more than another one."""
        return self < other


_MEANINGS = {
    Severity.SEV1: "a critical function is lost to clients, and it is certain",
    Severity.SEV2: "a critical function is hit, as somebody says who cannot be certain; or we are "
    "blind for what happens",
    Severity.SEV3: "clients are served; what protects them is reduced, or nothing critical is hit",
    Severity.SEV4: "a question or an observation; nothing is known to be affected",
}

EVERYTHING, NAMED = "everything", "named"


@dataclass(frozen=True)
class Effect:
    """What a diagnosis takes from clients: whole services, or the databases that it names."""

    certain: bool
    services: tuple[str, ...] = ()
    reach: str = ""

    def hits(self, databases: Iterable[str], named: Iterable[str]) -> tuple[str, ...]:
        """Return the services hit in a zone with these databases, of which some are named."""
        everything = (PLATFORM, FILES, ALARMS, *databases)
        return {EVERYTHING: everything, NAMED: tuple(named)}.get(self.reach, self.services)


EFFECTS: Mapping[str, Effect] = {
    "healthy": Effect(certain=True),
    "region suspected": Effect(certain=False, reach=EVERYTHING),
    "region lost": Effect(certain=True, reach=EVERYTHING),
    "database suspected": Effect(certain=False, reach=NAMED),
    "primary database lost": Effect(certain=True, reach=NAMED),
    "database corrupted": Effect(certain=True, reach=NAMED),
    "hosting down": Effect(certain=True, services=(PLATFORM,)),
    "bad release": Effect(certain=True, services=(PLATFORM,)),
    "platform silent": Effect(certain=False, services=(PLATFORM,)),
    "replication broken": Effect(certain=True),
    "backups stale": Effect(certain=True),
    "away site not ready": Effect(certain=True),
    "blind": Effect(certain=False, services=(ALARMS,)),
    "planned move": Effect(certain=True),
}
"""What each diagnosis of the failover means for clients; a test keeps the list complete."""

_FOR_CLIENTS = {CriticalFunction.PLATFORM_UPTIME, CriticalFunction.DATA}


def suggested(hit: Iterable[CriticalFunction], *, certain: bool, anything: bool = True) -> Severity:
    """Return the severity that the critical functions hit suggest.

    `certain` where a diagnosis says so, `anything` is False where nothing is known to be wrong
    but that somebody asks.
    """
    functions = set(hit)
    if functions & _FOR_CLIENTS:
        return Severity.SEV1 if certain else Severity.SEV2
    if functions:
        return Severity.SEV2
    return Severity.SEV3 if anything else Severity.SEV4
