"""An entry of the record that has no number yet. Pure; `incident.book` numbers and writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from continuity.incidents import IncidentEntry, Kind, Source
from continuity.journal import Fact


@dataclass(frozen=True)
class Voice:
    """Who says something: where it comes from, and the ARN, alarm or run behind it."""

    source: Source
    actor: str


@dataclass(frozen=True)
class Draft:
    """What is to be written. `at` is when it happened, where that is known better than by `now`."""

    voice: Voice
    kind: Kind
    text: str
    data: Mapping[str, Fact] = field(default_factory=dict)
    at: datetime | None = None

    def entry(self, number: int, incident: str, now: datetime) -> IncidentEntry:
        """Return the entry under a number of the log."""
        voice = self.voice
        at = self.at or now
        return IncidentEntry(
            number, incident, at, voice.source, voice.actor, self.kind, self.text, self.data
        )
