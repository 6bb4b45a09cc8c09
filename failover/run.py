"""What a run's journal says, as questions: the only memory that a failover has.

Built anew from the entries at each tick; the engine, the gate, steps, decisions and the timeline
ask it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from continuity.journal import Entry, EntryKind

LOOK = "look"
"""Names the reading that a verdict without a step is about: it cannot be had, or again can."""

ENDS = (EntryKind.FINISHED, EntryKind.ABORTED, EntryKind.CLEARED)


@dataclass(frozen=True)
class Run:
    """One failover of one zone. `name` reads `we1-0001`; no name, no run yet."""

    name: str
    entries: tuple[Entry, ...] = ()

    def of(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Return the entries of one kind, in order."""
        return self._by_kind.get(kind, ())

    @property
    def next_sequence(self) -> int:
        """Return the number that the next entry takes."""
        return self.entries[-1].sequence + 1 if self.entries else 1

    @property
    def suspected_at(self) -> datetime | None:
        """Return when the first reading failed: the start of the recovery time."""
        first = self.of(EntryKind.SUSPECTED)
        return first[0].at if first else None

    @property
    def planned(self) -> Entry | None:
        """Return the newest plan's entry; a later plan replaces an earlier one."""
        plans = self.of(EntryKind.PLANNED)
        return plans[-1] if plans else None

    @property
    def plan_hash(self) -> str | None:
        """Return the hash that approvals must name."""
        return None if self.planned is None else str(self.planned.data["hash"])

    @cached_property
    def attempts(self) -> Mapping[str, tuple[Entry, ...]]:
        """Return the intents of each step: its deadline counts from the newest."""
        found: dict[str, list[Entry]] = {}
        for entry in self.of(EntryKind.INTENT):
            found.setdefault(str(entry.step), []).append(entry)
        return {step: tuple(entries) for step, entries in found.items()}

    @cached_property
    def intents(self) -> Mapping[str, Entry]:
        """Return the first intent of each step: what was known when it was decided."""
        return {step: entries[0] for step, entries in self.attempts.items()}

    @cached_property
    def unseen(self) -> Mapping[str, datetime]:
        """Return since when each look fails that failed when it was last written about."""
        found: dict[str, datetime] = {}
        for entry in self.of(EntryKind.VERDICT):
            look = entry.data.get(LOOK)
            if look is not None and entry.data["seen"]:
                found.pop(str(look), None)
            elif look is not None:
                found[str(look)] = entry.at
        return found

    @cached_property
    def done(self) -> Mapping[str, Entry]:
        """Return what settled each step: done, measured, or a verdict that stops nothing."""
        settling = (EntryKind.DONE, EntryKind.MEASURED, EntryKind.VERDICT)
        return _first_by_step(tuple(entry for kind in settling for entry in self.of(kind)))

    @cached_property
    def failed(self) -> Mapping[str, Entry]:
        """Return the steps that gave up."""
        return _first_by_step(self.of(EntryKind.FAILED))

    @cached_property
    def refusals(self) -> Mapping[str, Entry]:
        """Return the databases whose promotion was refused."""
        return {str(entry.data["database"]): entry for entry in self.of(EntryKind.REFUSED)}

    @cached_property
    def consents(self) -> Mapping[str, Entry]:
        """Return the databases whose data loss a person accepted."""
        return {str(entry.data["database"]): entry for entry in self.of(EntryKind.CONSENTED)}

    @cached_property
    def approvers(self) -> frozenset[str]:
        """Return the distinct people who approved exactly the present plan."""
        approvals = self.of(EntryKind.APPROVED)
        return frozenset(
            str(entry.data["by"]) for entry in approvals if entry.data["hash"] == self.plan_hash
        )

    @property
    def end(self) -> Entry | None:
        """Return the entry that ended the run; nothing counts after the first one."""
        return next((entry for entry in self.entries if entry.kind in ENDS), None)

    @property
    def outcome(self) -> str | None:
        """Return recovered, refused, blocked, aborted or cleared; None while it goes on."""
        end = self.end
        if end is None:
            return None
        return str(end.data["outcome"]) if end.kind is EntryKind.FINISHED else str(end.kind)

    def settled_at(self, steps: frozenset[str]) -> datetime | None:
        """Return when the last of some steps was settled; None while one is not."""
        moments = [self.done[step].at for step in steps if step in self.done]
        return max(moments) if moments and len(moments) == len(steps) else None

    @cached_property
    def _by_kind(self) -> Mapping[EntryKind, tuple[Entry, ...]]:
        found: dict[EntryKind, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.kind, []).append(entry)
        return {kind: tuple(entries) for kind, entries in found.items()}


def _first_by_step(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.step is not None:
            found.setdefault(entry.step, entry)
    return found
