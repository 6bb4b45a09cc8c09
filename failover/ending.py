"""How a run ends, and what it says then.

`failover.recover` asks `finish` after each tick, `failover.engine` tells the `ending`. Pure.
"""

from continuity.journal import Entry, EntryKind
from failover import opening, planned
from failover.assess import Assessment
from failover.draft import Draft
from failover.fallback import settled, source_step
from failover.plan import Plan
from failover.progress import Progress, State
from failover.retold import TELLING
from failover.run import Run


def finish(plan: Plan, run: Run, found: Assessment) -> Draft | None:
    """Return the last entry of a run that cannot get any further; None while it can."""
    done = settled(plan.rows, run)
    if planned.mode(run) in (planned.Mode.PLANNED, planned.Mode.BACK) and not (
        planned.forward_only(run)
    ):
        return _called_off(plan, run, found)
    if all(step.name in done for step in plan.steps) and not opening.missing(run):
        last = run.done.get(opening.OUTSIDE) or run.done[plan.steps[-1].name]
        told = "is moved, with nothing lost" if plan.planned else "is recovered"
        return _finished(State.RECOVERED, f"{plan.zone} {told}. {last.sentence}")
    patient = set(found.people) - set(found.impatient)
    if found.moving or found.again or found.settles or patient:
        return None
    if run.opened_without and opening.complete(plan, run):
        return _finished(State.RECOVERED, _incomplete(plan, run))
    names = {step.name for step in plan.steps} - done
    if any(step in names for step in run.failed):
        return _finished(State.BLOCKED, _standing(plan, run, found))
    return _finished(State.REFUSED, _standing(plan, run, found))


def _called_off(plan: Plan, run: Run, found: Assessment) -> Draft | None:
    """Return the end of a planned move that is not to come about; None while it may."""
    done = settled(plan.rows, run)
    if all(step.name in done for step in plan.steps):
        why = planned.reason(run)
        told = f"{plan.zone} stays where it is and has lost nothing; it is served again. {why}"
        return _finished(State.REFUSED, told)
    patient = set(found.people) - set(found.impatient)
    if found.moving or found.again or found.settles or patient:
        return None
    if planned.closed(run):
        return _finished(State.BLOCKED, _standing(plan, run, found))
    reasons = [entry.sentence for entry in run.failed.values()]
    reasons += [f"Nobody approved in time: {why}." for why in _approvals(run, found)]
    told = f"{plan.zone} stays where it is, and nothing was touched. {' '.join(reasons)}"
    return _finished(State.REFUSED, told)


def ending(run: Run) -> Progress:
    """Return the last word on a run."""
    end = run.end
    if end is None or run.outcome is None:
        raise ValueError(f"{run.name} goes on")
    if end.kind is EntryKind.CLEARED:
        return Progress(end.sentence, 0.0, State.WATCHING)
    return Progress(f"{run.name}: {end.sentence}", 0.0, State(run.outcome))


def _finished(outcome: State, sentence: str) -> Draft:
    return Draft(EntryKind.FINISHED, sentence, None, {"outcome": str(outcome)})


def _standing(plan: Plan, run: Run, found: Assessment) -> str:
    """Say what stands against the run and what stands of it."""
    done = settled(plan.rows, run)
    back = sum(source_step(run, one) is not None for one in _databases(plan))
    reasons = [entry.sentence for entry in _unresolved(run, done)]
    reasons += [f"Nobody approved in time: {why}." for why in _approvals(run, found)]
    if opening.OPEN in found.people:
        reasons.append("Nobody decided in time to open without what is missing.")
    told = " ".join(dict.fromkeys(reasons))
    return f"{plan.zone} is not open. {told} {back} databases are back."


def _databases(plan: Plan) -> set[str]:
    return {step.database for step in plan.steps if step.database is not None}


def _unresolved(run: Run, done: set[str]) -> list[Entry]:
    refused = [
        entry
        for entry in run.refusals.values()
        if entry.step not in done and entry.step not in run.failed
    ]
    return [*(entry for step, entry in run.failed.items() if step not in done), *refused]


def _approvals(run: Run, found: Assessment) -> list[str]:
    refused = {entry.step for entry in run.refusals.values()}
    known = refused | {opening.OPEN}
    return sorted({why for step, why in found.people.items() if step not in known})


def _incomplete(plan: Plan, run: Run) -> str:
    """Say without what a zone is open."""
    names = ", ".join(opening.missing(run))
    reasons = [run.opened_without[name].sentence for name in opening.missing(run)]
    reasons += [entry.sentence for step, entry in run.failed.items() if step in TELLING]
    return f"{plan.zone} is open again without {names}, which is not back. {' '.join(reasons)}"
