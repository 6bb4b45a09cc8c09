"""What a run's journal tells a reader: the part of a report that needs nothing but the journal.

`failover.run_report` and `drill.report` build on it. Pure.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from continuity.journal import Entry, EntryKind
from failover import timeline
from failover.critical import critical, waited_for
from failover.outage import WELL
from failover.people import shown
from failover.plan import Plan
from failover.proofs import PROVED
from failover.run import Run
from incident.documents.report import Decision, Ending, Span, StepSpan, Told

_PEOPLE = frozenset(
    {
        EntryKind.DECLARED,
        EntryKind.APPROVED,
        EntryKind.CONSENTED,
        EntryKind.PAUSED,
        EntryKind.RESUMED,
        EntryKind.OPENED_WITHOUT,
        EntryKind.ABORTED,
    }
)
_TROUBLE = frozenset({"unreachable", "failed", "fewer"})
"""Verdicts of steps that may fail: these did, or did less than they ought to."""


def steps(run: Run, plan: Plan | None) -> tuple[StepSpan, ...]:
    """Return each step that was begun or settled; without a plan none is marked as critical."""
    path = frozenset(critical(plan, run)) if plan is not None else frozenset()
    names = dict.fromkeys(entry.step for entry in run.entries if entry.step is not None)
    found = [_step(run, plan, name, path) for name in names]
    return tuple(one for one in found if one is not None)


def _step(run: Run, plan: Plan | None, name: str, path: frozenset[str]) -> StepSpan | None:
    settled = run.done.get(name) or run.failed.get(name)
    intent = run.intents.get(name)
    if settled is None and intent is None:
        return None
    ended = None if settled is None else settled.at
    began = intent.at if intent is not None else _ready(run, plan, name, settled)
    ending = Ending.OPEN if settled is None else Ending.DONE
    if name not in run.done and name in run.failed:
        ending = Ending.FAILED
    return StepSpan(name, min(began, ended or began), ended, ending, name in path)


def _ready(run: Run, plan: Plan | None, name: str, settled: Entry | None) -> datetime:
    """Return when a step that leaves no intent could begin: when what it needs was there."""
    step = next((one for one in plan.steps if one.name == name), None) if plan else None
    before = waited_for(plan, step, run) if plan is not None and step is not None else frozenset()
    moments = [run.done[one].at for one in before if one in run.done]
    known = [settled.at] if settled is not None else [run.entries[-1].at]
    return max(moments) if moments else known[0]


def spans(phases: tuple[timeline.Phase, ...], began: datetime) -> tuple[Span, ...]:
    """Return phases that follow each other as stretches of time."""
    found = []
    for phase in phases:
        ended = began + timedelta(seconds=phase.seconds)
        found.append(Span(phase.name, began, ended))
        began = ended
    return tuple(found)


def refused(run: Run) -> tuple[Told, ...]:
    """Return what the engine refused, as it said it."""
    return tuple(_told(entry) for entry in run.entries if entry.kind is EntryKind.REFUSED)


def setbacks(run: Run) -> tuple[Told, ...]:
    """Return what gave up, what was begun again, and what AWS or a region did not let happen."""
    found = {entry.sequence: _told(entry) for entry in run.entries if _trouble(entry)}
    for entry, number in _repeated(run):
        sentence = f"{entry.sentence} This was attempt {number} of {entry.step}."
        found[entry.sequence] = Told(entry.at, sentence)
    for entry in run.of(EntryKind.PLANNED)[1:]:
        found[entry.sequence] = _told(entry)
    return tuple(found[sequence] for sequence in sorted(found))


def _trouble(entry: Entry) -> bool:
    if entry.kind is EntryKind.VERDICT:
        good = entry.data.get(PROVED) or entry.data.get(WELL)
        return not good and (entry.step is None or entry.data.get("verdict") in _TROUBLE)
    return entry.kind is EntryKind.FAILED


def _repeated(run: Run) -> Iterator[tuple[Entry, int]]:
    """Yield every intent that was not its step's first, with its number."""
    counted: dict[str, int] = {}
    for entry in run.entries:
        if entry.kind is EntryKind.INTENT and entry.step is not None:
            counted[entry.step] = counted.get(entry.step, 0) + 1
            if counted[entry.step] > 1:
                yield entry, counted[entry.step]


def decided(run: Run) -> tuple[Decision, ...]:
    """Return what people said, with the plan that they approved."""
    return tuple(_decision(entry) for entry in run.entries if entry.kind in _PEOPLE)


def _decision(entry: Entry) -> Decision:
    plan = entry.data.get("hash") if entry.kind is EntryKind.APPROVED else None
    who = shown(str(entry.data.get("by") or "somebody"))
    return Decision(entry.at, who, entry.sentence, None if plan is None else str(plan))


def against(run: Run) -> Mapping[str, tuple[str, ...]]:
    """Return, by database, why it did not come back from something better."""
    kinds = (EntryKind.CHOSEN, EntryKind.REFUSED, EntryKind.FAILED)
    found: dict[str, dict[str, None]] = {}
    for entry in run.entries:
        name = entry.data.get("database")
        if name is not None and entry.kind in kinds:
            found.setdefault(str(name), {})[entry.sentence] = None
    return {name: tuple(sentences) for name, sentences in found.items()}


def _told(entry: Entry) -> Told:
    return Told(entry.at, entry.sentence)
