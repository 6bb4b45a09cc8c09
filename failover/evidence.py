"""What two signals say against the serving site, and for how long the journal says they did.

`failover.signals` draws a suspicion from one picture; the engine journals it, and certainty is
an unbroken row of such entries. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from continuity.journal import Entry, EntryKind, Fact
from continuity.wording import seconds_text
from failover.run import Run

DOUBTED = "doubted"
"""Names the databases that anything speaks against, one signal or both."""


@dataclass(frozen=True)
class Suspicion:
    """Against what both of its signals speak at one moment.

    `region`: neither clients nor the region's API get an answer. `databases`: clients cannot
    write and AWS says why. `cause`: clients are not served, and ECS says "hosting down" or "bad
    release". What rests on one signal alone appears in none of them.
    """

    region: bool = False
    databases: tuple[str, ...] = ()
    cause: str = ""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Return what the journal keeps of it."""
        return {"both": self.region, "databases": ",".join(self.databases), "cause": self.cause}


def failing_streak(run: Run) -> tuple[Entry, ...]:
    """Return the newest unbroken row of readings at which both signals of the region failed."""
    return _streak(run, lambda entry: bool(entry.data["both"]))


def database_streak(run: Run, database: str) -> tuple[Entry, ...]:
    """Return the newest unbroken row of readings at which both signals of a database failed."""
    return _streak(run, lambda entry: database in suspected(entry))


def cause_streak(run: Run, cause: str) -> tuple[Entry, ...]:
    """Return the newest unbroken row of readings that found this cause for a silent platform."""
    return _streak(run, lambda entry: entry.data.get("cause") == cause)


def suspected(entry: Entry) -> tuple[str, ...]:
    """Return the databases that an entry suspects by both signals."""
    named = str(entry.data.get("databases") or "")
    return tuple(named.split(",")) if named else ()


def suspects(run: Run) -> tuple[str, ...]:
    """Return the databases to look at again, as the journal has it: by both signals or by one.

    What one signal speaks against is not over because nobody asks about it any more.
    """
    noted = run.of(EntryKind.SUSPECTED)
    if not noted:
        return ()
    doubted = str(noted[-1].data.get(DOUBTED) or "")
    return tuple(dict.fromkeys([*suspected(noted[-1]), *filter(None, doubted.split(","))]))


def long_enough(
    streak: tuple[Entry, ...], now: datetime, confirm_s: float, readings: int
) -> tuple[bool, datetime, str]:
    """Say whether a row that the present reading goes on with makes certain; since when; words."""
    since = streak[0].at if streak else now
    lasted = (now - since).total_seconds()
    count = len(streak) + 1
    told = f"{count} failing reading{'s' * (count > 1)} over {seconds_text(lasted)}"
    return count >= readings and lasted >= confirm_s, since, told


def worth_noting(run: Run, suspicion: Suspicion, readings: int) -> bool:
    """Say whether a failing reading tells the journal something that it does not know.

    The first one does, a change does, and as many as certainty needs; an outage of hours must
    not fill the journal.
    """
    noted = run.of(EntryKind.SUSPECTED)
    if (
        not noted
        or Suspicion(
            bool(noted[-1].data["both"]),
            suspected(noted[-1]),
            str(noted[-1].data.get("cause") or ""),
        )
        != suspicion
    ):
        return True
    rows = [database_streak(run, database) for database in suspicion.databases]
    if suspicion.region:
        rows.append(failing_streak(run))
    if suspicion.cause:
        rows.append(cause_streak(run, suspicion.cause))
    return any(len(row) < readings for row in rows)


def _streak(run: Run, holds: Callable[[Entry], bool]) -> tuple[Entry, ...]:
    streak: list[Entry] = []
    for entry in reversed(run.of(EntryKind.SUSPECTED)):
        if not holds(entry):
            break
        streak.append(entry)
    return tuple(reversed(streak))
