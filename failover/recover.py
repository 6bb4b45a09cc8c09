"""One tick of a run that has its plan: look, write the intents, act side by side, write what came.

Called by `failover.engine` with the lease in hand. `failover.assess` decides; nothing here does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from continuity.errors import HoldfastError, PermanentError, TemporaryError
from continuity.journal import EntryKind, Fact
from failover import pace, pausing
from failover.asking import Asking, refused_long, refused_looks
from failover.assess import Assessment, assess, failure, overdue, pending, spent, wanted
from failover.draft import Draft
from failover.ending import finish
from failover.memory import JournalMoved, write_facts, write_firmly
from failover.observation import Look, Observation, Reading, Wanted
from failover.observe import observe
from failover.options import Options
from failover.plan import Plan
from failover.planned import TAKEN_BACK, Mode, mode
from failover.ports import Attempt, Hands
from failover.progress import Progress, State
from failover.prove_again import prove_again
from failover.pulse import Pulse
from failover.run import Run
from failover.step import Settled, Step
from failover.surroundings import Surroundings
from failover.vigil import in_run

ACT_S = 20.0
"""Acting in one tick is bounded, so that lease and picture stay fresh with a thousand databases."""

GUARD_S = 30.0
"""Nothing is begun later after the lease's renewal: 30 s before another driver may take it."""

PICTURE_S = 90.0
"""Nothing is begun on a picture that is older: the world has moved on, the next one shows it."""

SHOWN = 3


@dataclass(frozen=True)
class Turn:
    """What one tick of a run rests on: the lease, the plan, and when the tick began."""

    around: Surroundings
    pulse: Pulse
    began_at: float
    options: Options
    plan: Plan
    asking: Asking = field(default_factory=Asking)

    def write(self, run: Run, drafts: Sequence[Draft]) -> Run:
        """Write what stays true whatever people write meanwhile."""
        self.pulse.beat()
        held, now = self.pulse.held, self.around.clock.now()
        return write_facts(self.around.memory, run, held, drafts, now)

    def write_firmly(self, run: Run, drafts: Sequence[Draft]) -> Run:
        """Write what must not be written if anybody else wrote."""
        self.pulse.beat()
        held, now = self.pulse.held, self.around.clock.now()
        return write_firmly(self.around.memory, run, held, drafts, now)


def recover(turn: Turn, run: Run) -> tuple[Progress, Run]:
    """Bring the run as far as it goes now; return it with what was written."""
    if turn.plan.hash != run.plan_hash:
        return _replan(turn, run)
    standby = Reading(turn.around.clock.now(), value=True, error=None)
    seen = observe(turn.around, run, wanted(turn.plan, run), standby, turn.pulse.beat)
    found = assess(turn.plan, seen, turn.options)
    if run.paused is not None:
        return pausing.progress(run, turn.plan.zone), _write_down(turn, run, pausing.still(found))
    turn.asking.hold_back(found, seen)
    prove_again(turn.around, turn.plan, found, seen, turn.pulse)
    run = _write_down(turn, run, found)
    attempts = _act(turn, found.todo, seen)
    told = turn.asking.listen(found.todo, attempts, run, turn.around.clock.now())
    looks = refused_looks(attempts, found.todo, seen)
    seen = seen if not looks else _also(turn, seen, looks)
    run = turn.write(run, [*told, *_results(found.todo, attempts, seen)])
    spent_s = 0.0
    if not found.todo:
        began = turn.around.clock.monotonic()
        run = turn.write(run, in_run(turn.around, run))
        spent_s = turn.around.clock.monotonic() - began
    end = finish(turn.plan, run, found)
    if end is not None:
        run = turn.write(run, [end])
    progress = _progress(turn.plan, run, found, attempts, turn.around.clock.now())
    return replace(progress, wait=max(0.0, progress.wait - spent_s)), run


def _also(turn: Turn, seen: Observation, looks: frozenset[Look]) -> Observation:
    """Look at more; what was seen stays as it was."""
    found = observe(turn.around, seen.run, Wanted(looks), seen.standby_region, turn.pulse.beat)
    return replace(seen, **{look.value: found.reading(look) for look in looks})  # type: ignore[arg-type]


def _replan(turn: Turn, run: Run) -> tuple[Progress, Run]:
    """Freeze another plan, because the manifest changed: earlier approvals no longer count."""
    plan = turn.plan
    needed = "approvals are needed anew" if plan.approved else "nothing in it waits for approval"
    sentence = f"Plan {plan.hash} ({plan.name}) replaces {run.plan_hash}: {needed}."
    facts: dict[str, Fact] = {"hash": plan.hash, "predicted_rto_s": plan.predicted_rto_s}
    if mode(run) is Mode.BACK:
        facts[TAKEN_BACK] = True
    run = turn.write_firmly(run, [Draft(EntryKind.PLANNED, sentence, None, facts)])
    return Progress(sentence, 0.0, State.RUNNING), run


def _write_down(turn: Turn, run: Run, found: Assessment) -> Run:
    """Write what was found and what is begun; what is repeated needs a look for an abort."""
    if found.drafts:
        return turn.write_firmly(run, found.drafts)
    if found.todo and len(turn.around.memory.read_journal(run.name)) != len(run.entries):
        raise JournalMoved(run.name)
    return run


def _act(turn: Turn, todo: Sequence[Step], seen: Observation) -> dict[str, Attempt[Settled | None]]:
    """Act on all steps side by side."""

    def once(step: Step, hands: Hands) -> Settled | None:
        if turn.pulse.age_s > GUARD_S:
            raise TemporaryError("the lease is too old to begin anything")
        if turn.around.clock.monotonic() - turn.began_at > PICTURE_S:
            raise TemporaryError("what was seen is too old to begin anything")
        return step.do(hands, seen)

    if not todo:
        return {}
    turn.pulse.beat()
    tasks = {step.name: partial(once, step) for step in todo}
    return dict(turn.around.crew.each(tasks, ACT_S))


def _results(
    todo: Sequence[Step], attempts: dict[str, Attempt[Settled | None]], seen: Observation
) -> list[Draft]:
    """Return what the acts know to be true, and the failures of steps that are out of time."""
    drafts = []
    for step in todo:
        attempt = attempts[step.name]
        settled = attempt.value
        if settled is not None:
            drafts.append(Draft(settled.kind, settled.sentence, step.name, settled.data))
        elif attempt.error is not None and attempt.started and _gives_up(step, attempt, seen):
            drafts.append(failure(step, _reason(attempt.error)))
    return drafts


def _gives_up(step: Step, attempt: Attempt[Settled | None], seen: Observation) -> bool:
    """Give up when time is up and, unless trying is useless anyway, was given twice.

    What holds nobody up may give up at the first error that trying does not mend.
    """
    if isinstance(attempt.error, PermanentError):
        return step.best_effort or overdue(step, seen) or refused_long(step, seen)
    return overdue(step, seen) and spent(step, seen)


def _reason(error: HoldfastError) -> str:
    return str(error).rstrip(".")


def _progress(
    plan: Plan,
    run: Run,
    found: Assessment,
    attempts: dict[str, Attempt[Settled | None]],
    now: datetime,
) -> Progress:
    unstarted = any(not attempt.started for attempt in attempts.values())
    state = State.WAITING if pace.only_people(found) else State.RUNNING
    fresh = {step.name for step in pending(plan, run)} - found.judged
    wait = 0.0 if fresh or unstarted or found.again else pace.wait_s(plan, run, found, now)
    return Progress(_sentence(plan, run, found, attempts), wait, state)


def _sentence(
    plan: Plan, run: Run, found: Assessment, attempts: dict[str, Attempt[Settled | None]]
) -> str:
    """Say how far the run is, what moves, what people must do and what gives trouble."""
    done = sum(step.name in run.done for step in plan.steps)
    parts = [f"{run.name}: {done} of {len(plan.steps)} steps done"]
    if found.moving:
        parts.append(f"now {_some(found.moving)}")
    if found.people:
        parts.append(f"waiting for people: {_some(sorted(set(found.people.values())))}")
    errors = [f"{name}: {_reason(a.error)}" for name, a in attempts.items() if a.error]
    errors += [f"{name}: {why}" for name, why in found.refused.items()]
    if errors:
        parts.append(f"trouble: {_some(errors)}")
    return "; ".join(parts).rstrip(".") + "."


def _some(words: Sequence[str]) -> str:
    """Name the first few of many."""
    shown = ", ".join(words[:SHOWN])
    return shown if len(words) <= SHOWN else f"{shown} and {len(words) - SHOWN} more"
