"""How far a run is, for people: steps, what it waits for, who must do what, the time left.

`holdfast failover status` shows it. Pure: a run, its plan and the time in, sentences out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from failover import timeline
from failover.fallback import settled
from failover.plan import Plan
from failover.run import Run
from failover.timeline import Phase


class Stage(StrEnum):
    """Where one step is."""

    DONE = "done"
    BEGUN = "begun"
    FAILED = "failed"
    WAITING = "waiting"
    UNNEEDED = "not needed"  # what it stands in for is done, or something stood in for it


@dataclass(frozen=True)
class StepStanding:
    """One step of the run's plan."""

    name: str
    stage: Stage
    sentence: str


@dataclass(frozen=True)
class Standing:
    """One run at one moment. `forecast_s` is the recovery time that is to be expected now."""

    run: str
    outcome: str | None
    plan_hash: str | None
    approvals: int
    approvers: int
    elapsed_s: float
    forecast_s: float | None
    rto_s: float
    phases: tuple[Phase, ...]
    steps: tuple[StepStanding, ...]
    wanted: tuple[str, ...]
    last: str


def standing(run: Run, plan: Plan | None, now: datetime, approvers: int, rto_s: float) -> Standing:
    """Return how far a run is; `plan` is None until it has one."""
    over = run.end is not None
    since = run.suspected_at or now
    elapsed = timeline.elapsed_s(run.entries) if over else (now - since).total_seconds()
    forecast = None
    if plan is not None and not over:
        over_by_now = dict.fromkeys([*settled(plan.rows, run), *run.failed], 0.0)
        forecast = elapsed + plan.critical_path(over_by_now, run.failed).seconds
    return Standing(
        run=run.name,
        outcome=run.outcome,
        plan_hash=run.plan_hash,
        approvals=len(run.approvers),
        approvers=approvers,
        elapsed_s=elapsed,
        forecast_s=forecast,
        rto_s=rto_s,
        phases=timeline.phases(run.entries),
        steps=() if plan is None else tuple(_steps(run, plan)),
        wanted=() if over else tuple(_wanted(run, plan, approvers)),
        last=run.entries[-1].sentence if run.entries else "",
    )


def _steps(run: Run, plan: Plan) -> Iterator[StepStanding]:
    done = settled(plan.rows, run)
    for step in plan.steps:
        found = run.failed.get(step.name) or run.done.get(step.name) or run.intents.get(step.name)
        stage = Stage.WAITING
        if step.name in run.failed:
            stage = Stage.FAILED
        elif step.name in run.done:
            stage = Stage.DONE
        elif step.name in done:
            stage = Stage.UNNEEDED
        elif step.name in run.intents:
            stage = Stage.BEGUN
        yield StepStanding(step.name, stage, step.what if found is None else found.sentence)


def _wanted(run: Run, plan: Plan | None, approvers: int) -> Iterator[str]:
    """Say what only people can do now."""
    missing = approvers - len(run.approvers)
    promotes = plan is not None and any(step.irreversible for step in plan.steps)
    if promotes and missing > 0:
        yield (
            f"{missing} more of {approvers} people must approve: "
            f"holdfast failover approve {_zone(run)} --plan {run.plan_hash}"
        )
    settled_by_now = set(run.done) if plan is None else settled(plan.rows, run)
    for database, refused in sorted(run.refusals.items()):
        over = str(refused.step) in settled_by_now or str(refused.step) in run.failed
        if database not in run.consents and not over:
            yield refused.sentence


def _zone(run: Run) -> str:
    return run.name.rpartition("-")[0]
