"""Who is told what, and how soon: a zone's channels, people and intervals as the rules read them.

`incident.messages.opening` makes one from the manifest; every rule of this room takes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from continuity.critical_functions import RestsOn
from incident.channels.channel import Audience
from incident.severity import Severity

CADENCE: Mapping[Severity, timedelta] = {
    Severity.SEV1: timedelta(minutes=30),
    Severity.SEV2: timedelta(minutes=60),
}
"""How often customers hear something new where a zone does not say otherwise (assumption)."""


@dataclass(frozen=True)
class Route:
    """A channel by its name, who reads it, and which severities make it speak."""

    channel: str
    audience: Audience
    severities: frozenset[Severity]


@dataclass(frozen=True)
class Turn:
    """Somebody on call, and how long a page to them is waited for before the next one is called."""

    person: str
    patience: timedelta


@dataclass(frozen=True)
class Arrangement:
    """How one zone tells people. `name` is what customers call the zone, `timezone` is IANA.

    `people` are called in turn until one of them answers. A severity that `cadence` lacks promises
    no updates. `functions` say what rests on which services.
    """

    zone: str
    name: str
    timezone: str
    routes: tuple[Route, ...] = ()
    people: tuple[Turn, ...] = ()
    cadence: Mapping[Severity, timedelta] = field(default_factory=lambda: dict(CADENCE))
    functions: tuple[RestsOn, ...] = ()

    def turn(self, number: int) -> Turn:
        """Return who is called at the nth page, from 0."""
        return self.people[number % len(self.people)] if self.people else NOBODY


NOBODY = Turn("", timedelta(minutes=10))
"""Where a zone names nobody, the pager decides who is called (how soon again: assumption)."""
