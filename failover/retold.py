"""When what the tasks were told of the databases is told anew: one came back after the opening.

A person may let a zone open without a database that is still restored. Where it comes back beside
its own name then, the tasks were told before it was anywhere, and look for it where it is not. So
`failover.run` reads the journal without what was told until then: the same two steps of the same
plan have their turn again, and replace the tasks while the zone serves. Not before the opening,
which waits for nobody that it was decided to go without. Pure.
"""

from collections.abc import Iterator, Sequence

from continuity.journal import Entry, EntryKind

POINTED = "point-tasks"
"""The step after which tasks that start are told where the databases are."""

RENEWED = "renew-tasks"
"""The step after which every task was told where the databases are."""

TELLING = frozenset({POINTED, RENEWED})

BESIDE = "beside"
"""In an intent and a restore's end: the instance that kept the name, where another one is taken."""

OPEN = "open-"
"""How the step begins that lets clients in."""

_VOID = frozenset({EntryKind.INTENT, EntryKind.DONE, EntryKind.FAILED})


def holding(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries without what was told too early."""
    since = _told_until(entries)
    return tuple(
        entry
        for index, entry in enumerate(entries)
        if index >= since or entry.step not in TELLING or entry.kind not in _VOID
    )


def _told_until(entries: Sequence[Entry]) -> int:
    """Return the place before which nothing that was told counts; 0 where all of it does."""
    opened = next(_done(entries, OPEN), None)
    pointed = next(_done(entries, POINTED), None)
    if opened is None or pointed is None:
        return 0
    back = (index for index in _done(entries, "restore-") if entries[index].data.get(BESIDE))
    return max((max(index, opened) for index in back if index > pointed), default=0)


def _done(entries: Sequence[Entry], prefix: str) -> Iterator[int]:
    for index, entry in enumerate(entries):
        if entry.kind is EntryKind.DONE and (entry.step or "").startswith(prefix):
            yield index
