"""Where every step of a plan stands in one picture, and what follows. Pure.

`failover.engine` calls `assess` once a tick: it writes the drafts down and acts on `todo`. One
pass in the plan's order is enough, because every need comes first.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from continuity.journal import EntryKind, Fact
from continuity.wording import seconds_text
from failover import approvals, opening
from failover.draft import Draft
from failover.fallback import needed, ready, settled, source_step, verification
from failover.observation import Look, Observation, Wanted
from failover.options import Options
from failover.plan import Plan
from failover.run import LOOK, Run
from failover.step import Step
from failover.whereabouts import IDENTIFIER

BATCH = 90
"""Steps begun in one tick: their intents fit one DynamoDB transaction of 100 items, and at the
rate that RDS admits they fill about 20 s."""

TRIES = 2
"""A step that is out of time is begun once more: its driver may have slept through the time."""

LOOK_PATIENCE_S = {Look.LAGS: 60.0, Look.ADDRESSES: 60.0, Look.RECOVERY_POINTS: 600.0}
"""How long these may be unreadable before what asks about them must do without: the gate refuses
then, a restore has nothing to restore from, and tasks stay where they were told to look."""

BLIND_S = 1800.0
"""How long anything else may be unreadable, even for a step that may take hours."""


class Stand(StrEnum):
    """Where one step stands."""

    DONE = "done"
    FAILED = "failed"
    ACT = "act"
    PAUSE = "pause"  # nothing to do but wait: AWS is at it, or time must pass
    UNASKED = "unasked"  # what it must look at was not asked yet; the next tick does
    APPROVAL = "approval"
    CONSENT = "consent"


@dataclass(frozen=True)
class Judgement:
    """A stand, why, and how long there is nothing to do."""

    stand: Stand
    why: str = ""
    pause_s: float = 0.0


@dataclass
class Assessment:
    """What a tick is to write, to do and to wait for."""

    drafts: list[Draft] = field(default_factory=list)
    todo: list[Step] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    impatient: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    again: bool = False

    @property
    def settles(self) -> bool:
        """Say whether this picture settled any step, for better or worse."""
        settling = (EntryKind.DONE, EntryKind.VERDICT, EntryKind.FAILED)
        return any(draft.kind in settling and draft.step for draft in self.drafts)


def pending(plan: Plan, run: Run) -> tuple[Step, ...]:
    """Return the steps whose turn it is: not settled, all needs settled."""
    done = settled(plan.rows, run)
    return tuple(step for step in plan.steps if ready(step, run, done))


def wanted(plan: Plan, run: Run) -> Wanted:
    """Return what must be looked at now: nothing that no step asks about."""
    steps = pending(plan, run)
    looks: frozenset[Look] = frozenset().union(*(step.looks_now(run) for step in steps))
    identifiers = tuple(sorted({name for step in steps for name in step.named(run)}))
    return Wanted(looks, identifiers)


def assess(plan: Plan, seen: Observation, options: Options) -> Assessment:
    """Judge every step whose turn it is."""
    result = Assessment(drafts=_sight(seen))
    expired = approvals.expiry(seen.run, seen.manifest, seen.now, options)
    result.drafts += [] if expired is None else [expired]
    done = settled(plan.rows, seen.run)
    for step in plan.steps:
        if not ready(step, seen.run, done):
            continue
        judgement = judge(step, seen, options)
        result.judged.add(step.name)
        _note(step, judgement, seen, result)
        if judgement.stand is Stand.DONE or (judgement.stand is Stand.FAILED and step.best_effort):
            done |= {step.name, plan.rows.get(step.name, step.name)}
    _begin(seen, result)
    _lose_patience(plan, seen, options, result)
    _ask_to_open(plan, seen, options, result)
    return result


def _sight(seen: Observation) -> list[Draft]:
    """Return what is to be written about looks that begin to fail, or work again."""
    drafts = []
    for look in sorted(Look):
        error, known = seen.reading(look).error, look in seen.run.unseen
        if not seen.reading(look).asked or (error is not None) is known:
            continue
        sentence = f"The {look} can be seen again." if known else f"The {look}: {error}"
        data: dict[str, Fact] = {LOOK: str(look), "seen": known}
        drafts.append(Draft(EntryKind.VERDICT, sentence, None, data))
    return drafts


def judge(step: Step, seen: Observation, options: Options) -> Judgement:
    """Return where one step stands, all its needs being settled."""
    unknown = _unknown(step, seen)
    if unknown is not None:
        return unknown
    if step.done(seen):
        return Judgement(Stand.DONE)
    hopeless = step.hopeless(seen)
    if hopeless is not None:
        return Judgement(Stand.FAILED, hopeless)
    missing = _approval(step, seen, options) or _consent(step, seen)
    if missing is not None:
        return missing
    pause_s = step.pause_s(seen)
    if overdue(step, seen) and (pause_s is not None or spent(step, seen)):
        return Judgement(
            Stand.FAILED, f"it did not come about within {seconds_text(step.deadline_s)}"
        )
    return Judgement(Stand.ACT) if pause_s is None else Judgement(Stand.PAUSE, "", pause_s)


def overdue(step: Step, seen: Observation) -> bool:
    """Say whether a step's deadline has passed; it counts from its newest intent.

    What AWS keeps busy before any intent has a deadline, too: it counts from when it was ready.
    """
    attempts = seen.run.attempts.get(step.name, ())
    since = attempts[-1].at if attempts else _ready_at(step, seen)
    return since is not None and seen.run.waited_s(since, seen.now) > step.deadline_s


def _ready_at(step: Step, seen: Observation) -> datetime | None:
    """Return when the last need or decision came that a step had waited for."""
    begun = _needs_settled_at(step, seen.run)
    if begun is None or step.silent:
        return None
    decisions = [*seen.run.of(EntryKind.APPROVED), *seen.run.of(EntryKind.CONSENTED)]
    if step.instead_of is not None and step.instead_of in seen.run.failed:
        decisions.append(seen.run.failed[step.instead_of])
    return max([begun, *(entry.at for entry in decisions)])


def _needs_settled_at(step: Step, run: Run) -> datetime | None:
    """Return when all that a step needs was settled, by whichever source of its database."""
    settled_at = run.settled_at(needed(step, run))
    back = source_step(run, step.database) if step.database is not None else None
    if settled_at is None and back is not None:
        return run.done[back[0]].at
    return settled_at


def spent(step: Step, seen: Observation) -> bool:
    """Say whether what a step decided last was begun as often as it may be."""
    attempts = seen.run.attempts.get(step.name, ())
    same = [
        one for one in attempts if one.data.get(IDENTIFIER) == attempts[-1].data.get(IDENTIFIER)
    ]
    return len(same) >= TRIES


def _unknown(step: Step, seen: Observation) -> Judgement | None:
    """Judge a step that lacks a look; what may stay unreadable is the step's own to judge."""
    readings = {look: seen.reading(look) for look in step.looks_now(seen.run)}
    if not all(reading.asked for reading in readings.values()):
        return Judgement(Stand.UNASKED)
    for look, reading in sorted(readings.items()):
        lasted = seen.run.waited_s(seen.run.unseen.get(look, seen.now), seen.now)
        if reading.error is None or lasted > LOOK_PATIENCE_S.get(look, math.inf):
            continue
        if lasted > min(step.deadline_s, BLIND_S):
            return Judgement(Stand.FAILED, f"it cannot be looked at: {reading.error}")
        return Judgement(Stand.PAUSE, reading.error, step.poll_s)
    return None


def _approval(step: Step, seen: Observation, options: Options) -> Judgement | None:
    given = approvals.standing(seen.run, seen.manifest, seen.now, options)
    wanted = options.approvers or seen.manifest.approvers
    if not (step.irreversible or step.gated) or given >= wanted:
        return None
    noun = "approval" if wanted == 1 else "approvals"
    why = f"plan {seen.run.plan_hash} needs {wanted} {noun}, {given} given"
    return Judgement(Stand.APPROVAL, why)


def _consent(step: Step, seen: Observation) -> Judgement | None:
    refusal = step.refusal(seen)
    return None if refusal is None else Judgement(Stand.CONSENT, refusal)


def _note(step: Step, judgement: Judgement, seen: Observation, result: Assessment) -> None:
    """Turn a judgement into drafts, work or waiting."""
    if judgement.stand is Stand.DONE:
        done = Draft(EntryKind.DONE, step.report(seen), step.name, step.results(seen))
        result.drafts.append(done)
    elif judgement.stand is Stand.FAILED:
        result.drafts.append(failure(step, judgement.why))
    elif judgement.stand is Stand.ACT:
        result.todo.append(step)
    elif judgement.stand is Stand.PAUSE:
        result.pauses.append(judgement.pause_s)
        result.moving.append(step.name)
    elif judgement.stand is Stand.UNASKED:
        result.again = True
    else:
        result.people[step.name] = judgement.why
        _refuse(step, judgement, seen, result)


def failure(step: Step, why: str) -> Draft:
    """Return the entry of a step that gave up; a best-effort step leaves a mere verdict."""
    sentence = f"Could not {step.what}: {why}."
    if step.best_effort:
        return Draft(EntryKind.VERDICT, sentence, step.name, {"verdict": "failed"})
    return Draft(EntryKind.FAILED, sentence, step.name, {"database": step.database})


def _refuse(step: Step, judgement: Judgement, seen: Observation, result: Assessment) -> None:
    """Journal a refusal once, and again when its sentence changes."""
    if judgement.stand is not Stand.CONSENT or step.database is None:
        return
    known = seen.run.refusals.get(step.database)
    if known is None or known.sentence != judgement.why:
        data = {"database": step.database}
        result.drafts.append(Draft(EntryKind.REFUSED, judgement.why, step.name, data))


def _begin(seen: Observation, result: Assessment) -> None:
    """Write an intent for each step that is begun now, and leave the rest for the next tick."""
    result.again = result.again or len(result.todo) > BATCH
    del result.todo[BATCH:]
    result.moving += [step.name for step in result.todo]
    for step in result.todo:
        new = step.name not in seen.run.attempts or overdue(step, seen) or step.decides_anew(seen)
        if new and not step.silent:
            facts = dict(step.facts(seen))
            if step.irreversible:
                facts[approvals.IRREVERSIBLE] = True
            if step.gated:
                facts[approvals.GATED] = True
            draft = Draft(EntryKind.INTENT, step.announce(seen), step.name, facts)
            result.drafts.append(draft)


def _lose_patience(plan: Plan, seen: Observation, options: Options, result: Assessment) -> None:
    """Find what people were waited for long enough."""
    steps = {step.name: step for step in plan.steps}
    for name in result.people:
        step_refusals = [e for e in seen.run.of(EntryKind.REFUSED) if e.step == name]
        since = _turn_at(steps[name], seen.run) or _begun(seen)
        start = step_refusals[0].at if step_refusals else approvals.noticed_at(seen.run, since)
        if seen.run.waited_s(start, seen.now) > options.patience_s:
            result.impatient.append(name)


def _turn_at(step: Step, run: Run) -> datetime | None:
    """Return when a step's turn came: a fallback's once what it stands in for gave up."""
    begun, before = run.settled_at(needed(step, run)), run.failed.get(str(step.instead_of))
    return begun if begun is None or before is None else max(begun, before.at)


def _ask_to_open(plan: Plan, seen: Observation, options: Options, result: Assessment) -> None:
    """Ask people, once nothing else moves, whether the zone opens without what is blocked."""
    if result.moving or result.again or result.settles:
        return
    reasons = opening.blocked(plan, seen.run)
    if not reasons or not any(
        verification(d.name) in seen.run.done for d in seen.manifest.databases
    ):
        return
    result.people[opening.OPEN] = opening.question(plan.zone, reasons)
    asked_at = opening.asked_at(seen.run, _begun(seen))
    if seen.run.waited_s(asked_at, seen.now) > options.patience_s:
        result.impatient.append(opening.OPEN)


def _begun(seen: Observation) -> datetime:
    return seen.run.planned.at if seen.run.planned is not None else seen.now
