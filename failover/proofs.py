"""Which databases took a write and when, as a run's journal has it. Pure.

A verification is the first proof; `failover.fresh_proofs` has it renewed before the zone is opened.
`failover.opening` asks, too: what takes no writes any more is not back.
"""

from collections.abc import Mapping
from datetime import datetime

from continuity.journal import EntryKind
from failover.run import Run

PROVED, UNPROVED = "proved", "unproved"
"""Facts that name the databases which took a write again, or take none any more."""


def proofs(run: Run) -> Mapping[str, datetime]:
    """Return when each database last took a write, as the journal has it."""
    found: dict[str, datetime] = {}
    for entry in run.of(EntryKind.MEASURED):
        found[str(entry.data.get("database"))] = entry.at
    for entry in run.of(EntryKind.VERDICT):
        for name in _names(entry.data.get(PROVED)):
            found[name] = max(entry.at, found.get(name, entry.at))
    return found


def doubted(run: Run) -> Mapping[str, datetime]:
    """Return since when databases that had taken a write take none, as the journal has it."""
    proved, found = proofs(run), dict[str, datetime]()
    for entry in run.of(EntryKind.VERDICT):
        for name in _names(entry.data.get(UNPROVED)):
            if name in proved and entry.at > proved[name]:
                found.setdefault(name, entry.at)
    return found


def _names(fact: object) -> list[str]:
    return str(fact).split(",") if fact else []
