"""What the commands of `holdfast failover` say to people: plain text for a terminal.

The commands print it; the values come from `failover.outlook`, `standing` and `history`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from drill.wording import seconds_text

if TYPE_CHECKING:
    from failover.history import Achieved
    from failover.outlook import Outlook
    from failover.sources import Choice
    from failover.standing import Standing
    from failover.step import Step

_UNKNOWN = "unknown"


def outlook_text(found: "Outlook") -> str:
    """Return a plan: steps in order, critical path, predictions, and what stands against it."""
    plan = found.plan
    path = found.path.steps
    width = max(len(step.name) for step in plan.steps)
    lines = [f"{plan.zone}: {plan.name}, plan {plan.hash}. Nothing is changed by this.", ""]
    for step in plan.steps:
        lines += _step(step, width, critical=step.name in path)
    rpo = found.predicted_rpo_s
    lost = _UNKNOWN if rpo is None else f"{seconds_text(rpo)} at most"
    rto, rto_s = seconds_text(found.predicted_rto_s), seconds_text(found.rto_s)
    lines += [
        "",
        f"* critical path   {' > '.join(path)}",
        f"recovery time     {rto} expected, {rto_s} promised",
        f"data loss         {lost}, {seconds_text(found.rpo_s)} promised",
    ]
    for name, loss in found.losses.items():
        told = loss.because if loss.seconds is None else f"at most {seconds_text(loss.seconds)}"
        lines.append(f"  {name:<16}{told}")
        lines += [f"  {'':<16}{line}" for line in _choice(found.choices.get(name))]
    lines.append("")
    if not found.objections:
        lines.append("Nothing stands against it now.")
    lines += [f"AGAINST IT: {sentence}" for sentence in found.objections]
    return "\n".join(lines) + "\n"


def _choice(choice: "Choice | None") -> list[str]:
    """Return from what a database would come back, and a line for each source that loses."""
    if choice is None:
        return []
    taken = choice.taken
    first = "from nothing" if taken is None else f"from {taken.kind} {taken.name}"
    return [first, *(f"not from {source.kind}: {why}" for source, why in choice.losers)]


def standing_text(found: "Standing") -> str:
    """Return how far a run is, and what only people can do now."""
    lines = [f"{found.run}: {found.outcome or 'goes on'}. {found.last}"]
    if found.forecast_s is not None:
        lines.append(
            f"  elapsed     {seconds_text(found.elapsed_s)}, {seconds_text(found.forecast_s)} "
            f"expected, {seconds_text(found.rto_s)} promised"
        )
    else:
        told = f"{seconds_text(found.elapsed_s)}, {seconds_text(found.rto_s)} promised"
        lines.append(f"  elapsed     {told}")
    if found.plan_hash is not None:
        told = f"{found.approvals} of {found.approvers} people approved plan {found.plan_hash}"
        lines.append(f"  approval    {told}")
    if found.phases:
        told = ", ".join(f"{one.name} {seconds_text(one.seconds)}" for one in found.phases)
        lines.append(f"  phases      {told}")
    lines += [f"  {step.stage:<8}  {step.name}: {step.sentence}" for step in found.steps]
    lines += [f"  WANTED      {sentence}" for sentence in found.wanted]
    return "\n".join(lines) + "\n"


def history_text(zone: str, runs: Sequence["Achieved"]) -> str:
    """Return a line for each run, newest first."""
    if not runs:
        return f"{zone} was never failed over.\n"
    lines = ["run       suspected             outcome     recovery time  data loss  objectives"]
    for run in runs:
        moment = "" if run.suspected_at is None else f"{run.suspected_at:%Y-%m-%d %H:%M:%S}"
        verdict = "met" if run.met else "missed"
        lines.append(
            f"{run.run:<10}{moment:<22}{run.outcome or 'goes on':<12}{_length(run.rto_s):<15}"
            f"{_length(run.rpo_s):<11}{verdict if run.outcome == 'recovered' else '-'}"
        )
    return "\n".join(lines) + "\n"


def _step(step: "Step", width: int, *, critical: bool) -> list[str]:
    nature = "cannot be undone" if step.irreversible else "reversible"
    needs = f"after {', '.join(sorted(step.needs))}" if step.needs else "at once"
    actions = ", ".join(sorted({one.action for one in step.permissions})) or "nothing"
    mark, takes = "*" if critical else " ", seconds_text(step.estimate.seconds)
    if step.instead_of is not None:
        needs = f"only if {step.instead_of} gives up"
    return [
        f"{mark} {step.name:<{width}}  {takes:>9}  {step.site}  {nature}: {step.what}",
        f"  {'':<{width}}  {needs}; may touch {actions}",
    ]


def _length(seconds: float | None) -> str:
    return "-" if seconds is None else seconds_text(seconds)
