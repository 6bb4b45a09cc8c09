"""How far a run is, for people: steps, what it waits for, who must do what, the time left.

`holdfast failover status` shows it. Pure: a run, its plan and the time in, sentences out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from continuity.manifest import Manifest
from failover import chosen, opening, timeline
from failover.approvals import Approval, approvals
from failover.fallback import settled
from failover.options import Options
from failover.plan import Plan
from failover.renewal import expected_s
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
    """One step of the run's plan. `left_s` is what remains of its estimate."""

    name: str
    stage: Stage
    sentence: str
    left_s: float = 0.0


@dataclass(frozen=True)
class Standing:
    """One run at one moment. `forecast_s` is the recovery time that is to be expected now.

    `left_s` is what remains of the objective; negative once it is missed. `wanted` are sentences
    about what only people can do, each with the exact command.
    """

    run: str
    outcome: str | None
    phase: str
    plan_hash: str | None
    approvals: int
    approvers: int
    approved: tuple[Approval, ...]
    paused: str | None
    without: tuple[str, ...]
    chosen: tuple[str, ...]
    elapsed_s: float
    forecast_s: float | None
    rto_s: float
    left_s: float
    phases: tuple[Phase, ...]
    steps: tuple[StepStanding, ...]
    waits_for: str
    wanted: tuple[str, ...]
    last: str


def standing(
    run: Run, plan: Plan | None, now: datetime, manifest: Manifest, options: Options
) -> Standing:
    """Return how far a run is; `plan` is None until it has one."""
    over = run.end is not None
    elapsed = _elapsed(run, now)
    steps = () if plan is None else tuple(_steps(run, plan, now))
    forecast = None if plan is None or over else elapsed + _remaining(plan, run, steps)
    given = approvals(run, manifest, now, options)
    phases = timeline.phases(run.entries)
    rto_s = manifest.objectives.rto.total_seconds()
    wanted = () if over else tuple(_wanted(run, plan, manifest, options, given))
    return Standing(
        run=run.name,
        outcome=run.outcome,
        phase=run.outcome or (phases[-1].name if phases else "detect"),
        plan_hash=run.plan_hash,
        approvals=sum(not one.expired for one in given),
        approvers=options.approvers or manifest.approvers,
        approved=given,
        paused=None if run.paused is None or over else run.paused.sentence,
        without=tuple(sorted(run.opened_without)),
        chosen=chosen.told(run),
        elapsed_s=elapsed,
        forecast_s=forecast,
        rto_s=rto_s,
        left_s=rto_s - elapsed,
        phases=phases,
        steps=steps,
        waits_for="" if over else _waits_for(run, steps, wanted),
        wanted=wanted,
        last=run.entries[-1].sentence if run.entries else "",
    )


def stands(run: Run) -> str:
    """Return what a run has done so far, and what it has begun, in sentences."""
    told = [sentence for prefix, sentence in _STANDS if any(n.startswith(prefix) for n in run.done)]
    back = sorted({step.partition("-")[2] for step in run.done if step.startswith(_BRINGS)})
    told += [f"Primaries of their own in the standby site: {', '.join(back)}."] if back else []
    begun = sorted(set(run.intents) - set(run.done) - set(run.failed))
    told += [f"Begun and not undone: {', '.join(begun)}."] if begun else []
    return f"{len(run.done)} steps stand. {' '.join(told)}".strip()


_BRINGS = ("promote-", "restore-")
_STANDS = (
    ("hold-", "Recovery points stay held."),
    ("close-", "Clients were taken to the holding page."),
    ("open-", "The standby site is open to clients."),
)


def _elapsed(run: Run, now: datetime) -> float:
    if run.end is not None:
        return timeline.elapsed_s(run.entries)
    return (now - (run.suspected_at or now)).total_seconds()


def _remaining(plan: Plan, run: Run, steps: tuple[StepStanding, ...]) -> float:
    return plan.critical_path({step.name: step.left_s for step in steps}, run.failed).seconds


def _steps(run: Run, plan: Plan, now: datetime) -> Iterator[StepStanding]:
    over = settled(plan.rows, run)
    for step in plan.steps:
        found = run.failed.get(step.name) or run.done.get(step.name) or run.intents.get(step.name)
        stage, left = Stage.WAITING, expected_s(step, run)
        if step.name in run.failed:
            stage, left = Stage.FAILED, 0.0
        elif step.name in run.done:
            stage, left = Stage.DONE, 0.0
        elif step.name in over:
            stage, left = Stage.UNNEEDED, 0.0
        elif step.name in run.intents:
            since = run.attempts[step.name][-1].at
            stage, left = Stage.BEGUN, max(0.0, left - (now - since).total_seconds())
        alone = "" if step.instead_of is None else f", only if {step.instead_of} gives up"
        sentence = f"{step.what}{alone}" if found is None else found.sentence
        yield StepStanding(step.name, stage, sentence, left)


def _waits_for(run: Run, steps: tuple[StepStanding, ...], wanted: tuple[str, ...]) -> str:
    """Say in a few words what a run waits for now."""
    if run.paused is not None:
        return "somebody to resume it"
    if not steps:
        return "certainty about what is wrong"
    begun = [step.name for step in steps if step.stage is Stage.BEGUN]
    if begun:
        return f"AWS: {', '.join(begun[:_SHOWN])}{' and more' if len(begun) > _SHOWN else ''}"
    ready = next((step.name for step in steps if step.stage is Stage.WAITING), "its end")
    return "people" if wanted else ready


_SHOWN = 3


def _wanted(
    run: Run,
    plan: Plan | None,
    manifest: Manifest,
    options: Options,
    given: tuple[Approval, ...],
) -> Iterator[str]:
    """Say what only people can do now."""
    zone = manifest.zone
    if run.paused is not None:
        yield f"The run is paused; let it go on: holdfast failover resume {zone}"
    approvers = options.approvers or manifest.approvers
    missing = approvers - sum(not one.expired for one in given)
    promotes = plan is not None and plan.approved
    if promotes and missing > 0:
        yield (
            f"{missing} more of {approvers} people must approve: "
            f"holdfast failover approve {zone} --plan {run.plan_hash}"
        )
    settled_by_now = set(run.done) if plan is None else settled(plan.rows, run)
    for database, refused in sorted(run.refusals.items()):
        over = str(refused.step) in settled_by_now or str(refused.step) in run.failed
        if database not in {*run.consents, *run.opened_without} and not over:
            accept = f"holdfast failover approve {zone} --accept-data-loss {database} --reason TEXT"
            yield f"{refused.sentence} To accept it: {accept}"
    yield from _blocked(run, plan, zone)


def _blocked(run: Run, plan: Plan | None, zone: str) -> Iterator[str]:
    """Ask about what cannot come back by itself."""
    reasons = {} if plan is None or not run.failed else opening.blocked(plan, run)
    if reasons:
        yield opening.question(zone, reasons)
