"""Outages as clients suffer them: from the first failed to the first good write.

`simulator.traffic` reports to it; `simulator.truth` reads it. A database is out as long as any
client fails there, so that stale DNS caches count; a zone is out as long as any database is.
"""

from dataclasses import dataclass, field
from datetime import datetime

from continuity.clock import Clock


@dataclass(frozen=True)
class Outage:
    """From the first failed request to the first moment when all worked; None: not yet."""

    began: datetime
    ended: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """Return how long it was, or how long it has been by now."""
        return ((self.ended or now) - self.began).total_seconds()


@dataclass
class _Sufferer:
    """Whoever has outages, and how many complain right now."""

    complaints: int = 0
    outages: list[Outage] = field(default_factory=list)

    def complain(self, now: datetime) -> bool:
        """Count a complaint; say whether an outage began with it."""
        self.complaints += 1
        if self.complaints == 1:
            self.outages.append(Outage(now))
        return self.complaints == 1

    def relent(self, now: datetime) -> bool:
        """Take a complaint back; say whether the outage ended with it."""
        self.complaints -= 1
        if self.complaints == 0:
            self.outages[-1] = Outage(self.outages[-1].began, now)
        return self.complaints == 0


class Outages:
    """The outages of a zone and of each of its databases."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zone = _Sufferer()
        self._databases: dict[str, _Sufferer] = {}

    @property
    def zone(self) -> tuple[Outage, ...]:
        """Return when any database failed anybody."""
        return tuple(self._zone.outages)

    def of(self, database: str) -> tuple[Outage, ...]:
        """Return when a database failed anybody."""
        found = self._databases.get(database)
        return tuple(found.outages) if found else ()

    def fails(self, database: str) -> None:
        """Note that a database, good so far, fails one more client."""
        now = self._clock.now()
        if self._databases.setdefault(database, _Sufferer()).complain(now):
            self._zone.complain(now)

    def works(self, database: str) -> None:
        """Note that a database works again for one client that it failed."""
        now = self._clock.now()
        if self._databases[database].relent(now):
            self._zone.relent(now)
