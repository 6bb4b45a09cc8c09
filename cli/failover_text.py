"""What the commands of `holdfast failover` say to people: plain text for a terminal.

The commands print it; the values come from `failover.outlook`, `standing` and `history`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from continuity.wording import seconds_text

if TYPE_CHECKING:
    from failover.approvals import Approval
    from failover.history import Achieved
    from failover.outlook import Outlook, Touch
    from failover.sources import Choice
    from failover.standing import Standing
    from failover.step import Step
    from failover.timeline import DatabaseOutcome, Phase

_UNKNOWN = "unknown"


def outlook_text(found: "Outlook") -> str:
    """Return a plan: steps in order, critical path, predictions, and what stands against it."""
    plan = found.plan
    path = found.path.steps
    width = max(len(step.name) for step in plan.steps)
    lines = [f"{plan.zone}: {plan.name}, plan {plan.hash}. Nothing is changed by this.", ""]
    for step in plan.steps:
        lines += _step(step, found.calls[step.name], width, critical=step.name in path)
    rto, rto_s = seconds_text(found.predicted_rto_s), seconds_text(found.rto_s)
    lines += [
        "",
        f"* critical path   {' > '.join(path)}",
        f"recovery time     {rto} expected, {rto_s} promised",
        f"data loss         {_loss(found)}, {seconds_text(found.rpo_s)} promised",
    ]
    lines += [line for choice in found.choices.values() for line in _choice(choice)]
    lines += ["", f"static stability  {_stability(found)}", ""]
    if not found.objections:
        lines.append("Nothing stands against it now.")
    lines += [f"AGAINST IT: {sentence}" for sentence in found.objections]
    begin = f"holdfast failover start {plan.zone}"
    if plan.planned:
        lines.append(f"Begin it with `{begin} --planned --reason TEXT`.")
    else:
        lines.append(f"Begin it with `{begin}` and the same options.")
    return "\n".join(lines) + "\n"


def _loss(found: "Outlook") -> str:
    if found.plan.planned:
        return "none, or the zone is given back as it was"
    rpo = found.predicted_rpo_s
    return _UNKNOWN if rpo is None else f"{seconds_text(rpo)} at most"


def standing_text(found: "Standing") -> str:
    """Return how far a run is, and what only people can do now."""
    lines = [f"{found.run}: {found.outcome or 'goes on'}. {found.last}"]
    if found.paused is not None:
        lines.append(f"  PAUSED      {found.paused}")
    lines.append(f"  elapsed     {_elapsed(found)}")
    if found.outcome is None:
        lines.append(f"  budget      {_budget(found)}")
    if found.plan_hash is not None:
        told = f"{found.approvals} of {found.approvers} people approved plan {found.plan_hash}"
        lines.append(f"  approval    {told}")
        lines += [f"              {_approval(one)}" for one in found.approved]
    if found.phases:
        lines.append(f"  phases      {_phases(found.phases)}")
    lines += [f"  CHOSEN      {sentence}" for sentence in found.chosen]
    lines += [f"  {step.stage:<10}  {step.name}: {step.sentence}" for step in found.steps]
    lines += [f"  WITHOUT     {name}" for name in found.without]
    if found.waits_for:
        lines.append(f"  waits for   {found.waits_for}")
    lines += [f"  WANTED      {sentence}" for sentence in found.wanted]
    if found.outcome is not None and any(step.name.startswith("open-") for step in found.steps):
        lines.append(f"  next        holdfast reconcile {found.run.rpartition('-')[0]}")
    return "\n".join(lines) + "\n"


def _elapsed(found: "Standing") -> str:
    parts = [seconds_text(found.elapsed_s)]
    parts += [] if found.forecast_s is None else [f"{seconds_text(found.forecast_s)} expected"]
    return ", ".join([*parts, f"{seconds_text(found.rto_s)} promised"])


def standing_line(found: "Standing", now: datetime) -> str:
    """Return one line of a run that is followed; what people must do comes on lines of its own."""
    done = sum(step.stage == "done" for step in found.steps)
    told = f"{now:%H:%M:%S} UTC {found.run} {found.phase}: {done} of {len(found.steps)} steps done"
    if found.waits_for:
        told += f", waits for {found.waits_for}"
    lines = [f"{told}. {_budget(found)}. {found.last}"]
    return "\n".join([*lines, *(f"  WANTED {sentence}" for sentence in found.wanted)])


def _budget(found: "Standing") -> str:
    """Return what remains of the recovery time, and whether it will do."""
    if found.left_s < 0:
        return f"{seconds_text(-found.left_s)} past the objective"
    left = f"{seconds_text(found.left_s)} of {seconds_text(found.rto_s)} left"
    if found.forecast_s is None:
        return left
    need = max(0.0, found.forecast_s - found.elapsed_s)
    verdict = "LATE: " if found.forecast_s > found.rto_s else ""
    return f"{verdict}{left}, {seconds_text(need)} of work expected"


def _approval(one: "Approval") -> str:
    state = "for the whole run" if one.expires_at is None else f"until {one.expires_at:%H:%M} UTC"
    state = "EXPIRED, give it again" if one.expired else state
    return f"{one.person} at {one.at:%H:%M} UTC, {state}"


def history_text(zone: str, runs: Sequence["Achieved"]) -> str:
    """Return a line for each run, newest first."""
    if not runs:
        return f"{zone} was never failed over.\n"
    return "\n".join(line for run in runs for line in _run(run)) + "\n"


def _run(run: "Achieved") -> list[str]:
    moment = (
        "" if run.suspected_at is None else f", suspected {run.suspected_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    verdict = f", objectives {'met' if run.met else 'missed'}" if run.outcome == "recovered" else ""
    worst = f" ({run.worst})" if run.worst and run.rpo_s is not None else ""
    achieved = f"{_recovery(run)}, data loss {_length(run.rpo_s)}{worst}"
    lines = [
        f"{run.run}: {run.outcome or 'goes on'}{verdict}{moment}",
        f"  {run.diagnosis or 'nothing diagnosed'}; {achieved}",
    ]
    lines += [f"  phases: {_phases(run.phases)}"] if run.phases else []
    lines += [_came_back(one) for one in run.databases]
    lines += [f"  opened without {', '.join(run.without)}"] if run.without else []
    return [*lines, *([f"  approved by {', '.join(run.approved_by)}"] if run.approved_by else [])]


def _came_back(one: "DatabaseOutcome") -> str:
    """Return what became of a database: what it lost, and what was known of that beforehand."""
    if one.source is None:
        return f"  {one.name}: not back. {one.reason}".rstrip()
    before = "nothing" if one.bound_s is None else f"at most {seconds_text(one.bound_s)}"
    lost = _UNKNOWN if one.claimed_loss_s is None else seconds_text(one.claimed_loss_s)
    return f"  {one.name}: from {one.source}, data loss {lost} (known beforehand: {before})"


def _phases(phases: "Sequence[Phase]") -> str:
    return ", ".join(f"{one.name} {seconds_text(one.seconds)}" for one in phases)


def _choice(choice: "Choice") -> list[str]:
    """Return what a database comes back from, and why not from the others."""
    taken = choice.taken
    told = "nothing that it could come back from"
    if taken is not None:
        loss = _UNKNOWN if taken.loss_s is None else f"at most {seconds_text(taken.loss_s)}"
        told = f"{loss}, from {taken.kind} {taken.name}"
    others = [f"    not from {source.kind}: {why}" for source, why in choice.losers]
    return [f"  {choice.database:<16}{told}", *others]


def _stability(found: "Outlook") -> str:
    told = "nothing that is waited for touches"
    lost = "" if found.impaired is None else f"{found.impaired} or "
    return f"proven: {told} {lost}a global control plane"


def _step(step: "Step", touches: Sequence["Touch"], width: int, *, critical: bool) -> list[str]:
    nature = "cannot be undone" if step.irreversible else "reversible"
    nature += ", best effort" if step.best_effort else ""
    needs = f"after {', '.join(sorted(step.needs))}" if step.needs else "at once"
    mark, takes = "*" if critical else " ", seconds_text(step.estimate.seconds)
    if step.instead_of is not None:
        needs = f"only if {step.instead_of} gives up"
    lines = [
        f"{mark} {step.name:<{width}}  {takes:>9}  {step.site}  {nature}: {step.what}",
        f"  {'':<{width}}  {needs}; may touch {_touched(touches)}",
    ]
    if step.estimate.measured:
        lines.append(f"  {'':<{width}}  {step.estimate.source}")
    return lines


def _touched(touches: Sequence["Touch"]) -> str:
    """Return the actions with their scopes, region by region."""
    regions = dict.fromkeys(one.region for one in touches)
    told = [
        f"in {region} "
        + ", ".join(f"{one.action} ({one.scope})" for one in touches if one.region == region)
        for region in regions
    ]
    return "; ".join(told) or "nothing"


def _length(seconds: float | None) -> str:
    return _UNKNOWN if seconds is None else seconds_text(seconds)


def _recovery(run: "Achieved") -> str:
    """Say how long a run took; of one that goes on, or recovered nothing, that it did not end."""
    if run.outcome is None:
        return "recovery time not known yet: the run goes on"
    if run.rto_s is None:
        return "recovery time none: nothing was recovered"
    return f"recovery time {seconds_text(run.rto_s)}"
