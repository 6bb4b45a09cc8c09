"""What holds no more: what brought a database back before somebody knew better, or lost it again.

A database may be declared corrupted after its replica was promoted, or while it is restored to a
moment that turns out to be damaged. Whatever its steps did until then proves nothing any more: the
zone must not be opened by it, and a restore must not go on to the moment that was chosen. So
`failover.run` reads a journal without these entries, and the new plan begins with that database
anew. Likewise a database may be lost again before the zone is opened (`failover.fresh_proofs`): it
goes on with its next source. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from continuity.journal import Entry, EntryKind
from failover.retold import TELLING

CORRUPTED = "corrupted"
"""What a person declares of a database whose content is wrong."""

LOST = "lost_again"
"""Marks the failure of a source from which a database had come back."""

_SETTLING = (EntryKind.DONE, EntryKind.MEASURED, EntryKind.VERDICT)
_VOID = frozenset(EntryKind) - {EntryKind.DECLARED, EntryKind.CONSENTED, EntryKind.OPENED_WITHOUT}
_RESTORES = ("restore-{}-point-in-time", "restore-{}-snapshot")
_PROOFS = ("protect-{}", "verify-{}")
_STEPS = ("promote-{}", *_RESTORES, *_PROOFS)


@dataclass(frozen=True)
class Valid:
    """The entries that still hold, and how many intents of each step do not."""

    entries: tuple[Entry, ...]
    begun_before: Mapping[str, int] = field(default_factory=Counter)


def steps_of(database: str) -> frozenset[str]:
    """Return the names of the steps that bring a database back and prove it."""
    return frozenset(name.format(database) for name in _STEPS)


def valid(entries: Sequence[Entry]) -> Valid:
    """Return what of a journal holds after the corruptions that were declared in it.

    A proof that was under way when the corruption was declared may be written after it: a proof
    holds only after a restore that came to its end since.
    """
    declared = {
        str(entry.data["database"]): index
        for index, entry in enumerate(entries)
        if entry.kind is EntryKind.DECLARED and entry.data.get("what") == CORRUPTED
    }
    lost = _lost_again(entries)
    if not declared and not lost:
        return Valid(tuple(entries))
    void: set[int] = set()
    for database, since in declared.items():
        void |= _void(entries, database, since)
    begun = Counter(
        str(entry.step)
        for index, entry in enumerate(entries)
        if index in void and entry.kind is EntryKind.INTENT
    )
    void |= lost
    return Valid(tuple(one for index, one in enumerate(entries) if index not in void), begun)


def _lost_again(entries: Sequence[Entry]) -> set[int]:
    """Return the places of what was settled about databases before they were lost again.

    What was begun stays told: only the proofs, which are to be given anew, begin from nothing.
    """
    void: set[int] = set()
    for place, failed in enumerate(entries):
        if failed.kind is not EntryKind.FAILED or not failed.data.get(LOST):
            continue
        database = str(failed.data["database"])
        proofs = {name.format(database) for name in _PROOFS}
        for index, entry in enumerate(entries[:place]):
            settled = entry.kind in _SETTLING and entry.step in steps_of(database)
            anew = entry.kind in _VOID and entry.step in proofs | TELLING
            if settled or anew:
                void.add(index)
    return void


def _void(entries: Sequence[Entry], database: str, since: int) -> set[int]:
    """Return the places of the entries about one database that hold no more."""
    steps = steps_of(database)
    restores, proofs = ({name.format(database) for name in names} for names in (_RESTORES, _PROOFS))
    void, restored, given_up = set(), False, False
    for index, entry in enumerate(entries):
        given_up |= _given_up(entry, database)
        if entry.step in TELLING and entry.kind in _VOID and not (restored or given_up):
            void.add(index)
        if entry.step not in steps or entry.kind not in _VOID:
            continue
        if index < since or (entry.step in proofs and not restored):
            void.add(index)
        restored |= index > since and entry.step in restores and entry.kind is EntryKind.DONE
    return void


def _given_up(entry: Entry, database: str) -> bool:
    """Say whether an entry opens the zone without a database: nobody waits for it then."""
    without = entry.kind is EntryKind.OPENED_WITHOUT
    return without and entry.data.get("database") == database
