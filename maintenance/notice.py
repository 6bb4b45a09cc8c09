"""A notice: work on a zone that was announced, as the log tells it. Pure.

`maintenance.notices` reads and writes the log, `maintenance.guard` asks what covers a moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from continuity.incidents import IncidentEntry, Kind
from continuity.journal import Fact


@dataclass(frozen=True)
class Work:
    """What is announced: from when to when (aware), in words that customers read."""

    what: str
    starts: datetime
    ends: datetime
    emergency: bool = False

    @property
    def facts(self) -> dict[str, Fact]:
        """Return what the log keeps of it."""
        return {
            "what": self.what,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "emergency": self.emergency,
        }


@dataclass(frozen=True)
class Notice:
    """One announcement, by whom and when it was made; withdrawn, it allows nothing."""

    id: str
    work: Work
    announced_at: datetime
    by: str
    withdrawn_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Say whether it stands, and a moment lies in what it announces (end excluded)."""
        standing = self.withdrawn_at is None
        return standing and self.work.starts <= moment < self.work.ends


def notices(log: Iterable[IncidentEntry]) -> tuple[Notice, ...]:
    """Return the notices of a log in the order in which they were announced."""
    found: dict[str, Notice] = {}
    for entry in log:
        if entry.kind is Kind.ANNOUNCED:
            found[entry.incident] = _announced(entry)
        elif entry.kind is Kind.WITHDRAWN and entry.incident in found:
            found[entry.incident] = replace(found[entry.incident], withdrawn_at=entry.at)
    return tuple(found.values())


def _announced(entry: IncidentEntry) -> Notice:
    data: Mapping[str, Fact] = entry.data
    work = Work(
        what=str(data["what"]),
        starts=datetime.fromisoformat(str(data["starts"])),
        ends=datetime.fromisoformat(str(data["ends"])),
        emergency=bool(data["emergency"]),
    )
    return Notice(entry.incident, work, entry.at, entry.actor)
