"""What a run's journal says, as questions: the only memory that a failover has.

Built anew from the entries at each tick; the engine, the gate, steps, decisions and the timeline
ask it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from continuity.journal import ENDS, Entry, EntryKind
from failover import overruled, retold

LOOK = "look"
"""Names the reading that a verdict without a step is about: it cannot be had, or again can."""

SINCE, CORRUPTED = "since", overruled.CORRUPTED
"""What a person may declare: the start of the outage, a database whose content is wrong."""

ORDER = "move"
"""What a person declares who has a zone moved that no diagnosis moves."""

PLANNED, BACK = "planned", "back"
"""What a person declares who has a healthy zone moved, and who takes that back (`planned`)."""

REFUSED_STEP = "refused_step"
"""Names the step that a verdict without a step is about: AWS refuses it until somebody helps."""

OUTAGE_SINCE, OUTAGE_OF = "outage_since", "outage_of"
"""A first reading's facts about an outage that is older than its run (`failover.outage`)."""


@dataclass(frozen=True)
class Run:
    """One failover of one zone. `name` reads `we1-0001`; no name, no run yet."""

    name: str
    entries: tuple[Entry, ...] = ()

    def of(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Return the entries of one kind that hold, in order (`failover.overruled`, `retold`)."""
        return self._by_kind.get(kind, ())

    @property
    def next_sequence(self) -> int:
        """Return the number that the next entry takes."""
        return self.entries[-1].sequence + 1 if self.entries else 1

    @property
    def first_reading_at(self) -> datetime | None:
        """Return when the first reading failed; None where only people know that it did."""
        return self._readings[0].at if self._readings else None

    @cached_property
    def _readings(self) -> tuple[Entry, ...]:
        """Return the readings that count; of a planned move the newest row that goes on.

        It begins in a healthy zone: what failed once and went on after all began no outage.
        """
        readings = self.of(EntryKind.SUSPECTED)
        broken = [place for place, entry in enumerate(readings) if not entry.data.get("both")]
        return readings[broken[-1] + 1 :] if self._switched and broken else readings

    @cached_property
    def suspected_at(self) -> datetime | None:
        """Return the start of the recovery time: the earliest of all that is known.

        That is the first failing reading of the outage, a person's first word, or the moment that
        it states. A planned move begins it when it closes the serving site.
        """
        said = self._said_of_outage
        stated = [str(entry.data["moment"]) for entry in said if entry.data["what"] == SINCE]
        known = [self.noticed_at, self.outage_at, *map(datetime.fromisoformat, stated)]
        return min((moment for moment in known if moment is not None), default=None)

    @property
    def noticed_at(self) -> datetime | None:
        """Return when this run began to know of the outage: its first reading, or first word."""
        first = (*self._readings[:1], *self._said_of_outage[:1], *self._closing)
        return min((entry.at for entry in first), default=None)

    @cached_property
    def _said_of_outage(self) -> tuple[Entry, ...]:
        """Return what people declared; the order of a planned move says nothing of an outage."""
        said = self.of(EntryKind.DECLARED)
        return tuple(entry for entry in said if entry.data["what"] not in (PLANNED, BACK))

    @cached_property
    def _closing(self) -> tuple[Entry, ...]:
        """Return the entry with which a planned move takes clients off; nothing for other runs."""
        if not self._switched:
            return ()
        begun = (entry for step, entry in self.intents.items() if step.startswith("close-"))
        return tuple(begun)

    @property
    def lost_at(self) -> datetime | None:
        """Return when a planned move lost the site that it left; None for every other run."""
        return self.first_reading_at if self._switched else None

    @cached_property
    def _switched(self) -> bool:
        """Say whether the run was begun as a planned move."""
        return any(entry.data["what"] == PLANNED for entry in self.of(EntryKind.DECLARED))

    @property
    def outage_at(self) -> datetime | None:
        """Return the first failing reading of an earlier run of the same outage, if there is one.

        None, too, once a person states since when it lasts.
        """
        first = self.of(EntryKind.SUSPECTED)[:1]
        earlier = first[0].data.get(OUTAGE_SINCE) if first else None
        said = any(entry.data["what"] == SINCE for entry in self.of(EntryKind.DECLARED))
        return None if earlier is None or said else datetime.fromisoformat(str(earlier))

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
    def refused_steps(self) -> Mapping[str, datetime]:
        """Return since when AWS refuses steps for good, as the journal first told it."""
        told = [entry for entry in self.of(EntryKind.VERDICT) if REFUSED_STEP in entry.data]
        return {str(entry.data[REFUSED_STEP]): entry.at for entry in reversed(told)}

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

    @cached_property
    def opened_without(self) -> Mapping[str, Entry]:
        """Return the databases without which a person lets the zone open."""
        opened = self.of(EntryKind.OPENED_WITHOUT)
        return {str(entry.data["database"]): entry for entry in opened}

    @property
    def paused(self) -> Entry | None:
        """Return the pause that holds now; None while the engine may act."""
        start, resumed = self._pauses[-1] if self._pauses else (None, None)
        return start if resumed is None else None

    def waited_s(self, since: datetime, now: datetime) -> float:
        """Return the seconds from a moment until now in which the engine was not paused."""
        spans = [(start.at, now if end is None else end.at) for start, end in self._pauses]
        inside = [(max(start, since), min(end, now)) for start, end in spans]
        still = sum((end - start).total_seconds() for start, end in inside if end > start)
        return (now - since).total_seconds() - still

    @cached_property
    def _pauses(self) -> tuple[tuple[Entry, Entry | None], ...]:
        """Return each pause with what lifted it; a pause of a paused run changes nothing."""
        found: list[tuple[Entry, Entry | None]] = []
        for entry in self.entries:
            still = bool(found) and found[-1][1] is None
            if entry.kind is EntryKind.PAUSED and not still:
                found.append((entry, None))
            elif entry.kind is EntryKind.RESUMED and still:
                found[-1] = (found[-1][0], entry)
        return tuple(found)

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

    def begun_before(self, step: str) -> int:
        """Return how often a step was begun for nothing: its database was damaged already."""
        return self._valid.begun_before.get(step, 0)

    @cached_property
    def _valid(self) -> overruled.Valid:
        return overruled.valid(self.entries)

    @cached_property
    def _by_kind(self) -> Mapping[EntryKind, tuple[Entry, ...]]:
        found: dict[EntryKind, list[Entry]] = {}
        for entry in retold.holding(self._valid.entries):
            found.setdefault(entry.kind, []).append(entry)
        return {kind: tuple(entries) for kind, entries in found.items()}


def _first_by_step(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.step is not None:
            found.setdefault(entry.step, entry)
    return found
