"""What a failover remembers outside itself: the lease and the journal of the standby site.

`failover.aws` keeps them in DynamoDB through `cloud`, tests in memory. The engine keeps nothing
else between two ticks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from cloud.failures import Conflict
from cloud.leases import Lease
from continuity.errors import TemporaryError
from continuity.journal import Entry
from failover.draft import Draft
from failover.run import Run

TRIES = 5


class Memory(Protocol):
    """The two tables. Every method raises a `HoldfastError` when it fails."""

    def read_lease(self) -> Lease | None:
        """Return the lease as it is now; None if it was never taken."""

    def take_lease(self, wanted: Lease) -> Lease:
        """Take the version before `wanted.version`; raises LeaseLost when it moved on."""

    def read_journal(self, run: str) -> tuple[Entry, ...]:
        """Return all entries of a run in order, as of now."""

    def append(self, run: str, held: Lease, entries: Sequence[Entry]) -> None:
        """Write entries while the lease is exactly `held`; raises LeaseLost or Conflict."""


class JournalMoved(TemporaryError):
    """Somebody wrote meanwhile, perhaps an abort: look again before anything is done."""

    def __init__(self, run: str) -> None:
        super().__init__(f"The journal of {run} moved on: looking again.", 0.0)


def number(run: Run, drafts: Sequence[Draft], now: datetime) -> tuple[Entry, ...]:
    """Return drafts as the run's next entries."""
    first = run.next_sequence
    return tuple(draft.entry(first + index, now) for index, draft in enumerate(drafts))


def write_firmly(
    memory: Memory, run: Run, held: Lease, drafts: Sequence[Draft], now: datetime
) -> Run:
    """Write what must still be true when it is written, or nothing: intents.

    Raises:
        JournalMoved: an entry came in between.
        LeaseLost: another driver has the lease.
    """
    if not drafts:
        return run
    entries = number(run, drafts, now)
    try:
        memory.append(run.name, held, entries)
    except Conflict as conflict:
        raise JournalMoved(run.name) from conflict
    return replace(run, entries=run.entries + entries)


def write_facts(
    memory: Memory, run: Run, held: Lease, drafts: Sequence[Draft], now: datetime
) -> Run:
    """Write what stays true whatever people write meanwhile, under the next free numbers.

    Raises:
        JournalMoved: others kept coming in between.
        LeaseLost: another driver has the lease.
    """
    dated = [replace(draft, at=draft.at or now) for draft in drafts]
    for _ in range(TRIES):
        try:
            return write_firmly(memory, run, held, dated, now)
        except JournalMoved:
            run = Run(run.name, memory.read_journal(run.name))
            dated = [draft for draft in dated if not _written(run, draft)]
    raise JournalMoved(run.name)


def _written(run: Run, draft: Draft) -> bool:
    """Recognise a part of our own batch that made it into the journal."""
    return any(
        (entry.kind, entry.step, entry.at, entry.sentence)
        == (draft.kind, draft.step, draft.at, draft.sentence)
        for entry in run.entries
    )
