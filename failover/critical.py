"""Which steps of a run everything else waited for, from when each of them really ended. Pure.

`failover.account` asks. It goes back from the step that ended last, each time to what it waited for
longest (of two that ended at once, the one
that the plan has first): what it needs, or what it stands in for. Estimates have no part in this.
"""

from collections.abc import Mapping
from datetime import datetime

from failover.fallback import needed
from failover.plan import Plan
from failover.run import Run
from failover.step import Step


def critical(plan: Plan, run: Run) -> tuple[str, ...]:
    """Return the critical path of what has happened so far, the first step first."""
    ended = _ended(plan, run)
    steps = {step.name: step for step in plan.steps}
    path: list[str] = []
    last = max(ended, key=lambda name: (ended[name], _place(plan, name)), default=None)
    while last is not None:
        path.append(last)
        before = [name for name in waited_for(plan, steps[last], run) if name in ended]
        last = max(before, key=lambda name: (ended[name], -_place(plan, name)), default=None)
    return tuple(reversed(path))


def waited_for(plan: Plan, step: Step, run: Run) -> frozenset[str]:
    """Return what may have held a step up: any that settles what it needs, or what it replaces."""
    needs = needed(step, run)
    rows = [name for name, head in plan.rows.items() if head in needs]
    own = {step.instead_of} if step.instead_of is not None else set()
    return needs | frozenset(rows) | own


def _ended(plan: Plan, run: Run) -> Mapping[str, datetime]:
    """Return when each step of the plan was done or gave up."""
    found = {**run.failed, **run.done}
    return {step.name: found[step.name].at for step in plan.steps if step.name in found}


def _place(plan: Plan, name: str) -> int:
    return next(index for index, step in enumerate(plan.steps) if step.name == name)
