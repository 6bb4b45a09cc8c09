"""What the commands of `holdfast failover` say to programs: JSON types, keys that stay."""

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failover.history import Achieved
    from failover.outlook import Outlook
    from failover.sources import Choice
    from failover.standing import Standing
    from failover.step import Step


def outlook_json(found: "Outlook") -> dict[str, object]:
    """Return a plan and what stands against it."""
    plan = found.plan
    path = found.path
    return {
        "zone": plan.zone,
        "plan": plan.name,
        "hash": plan.hash,
        "steps": [_step(step) for step in plan.steps],
        "critical_path": list(path.steps),
        "rto": {"objective_s": found.rto_s, "predicted_s": found.predicted_rto_s},
        "rpo": {"objective_s": found.rpo_s, "predicted_s": found.predicted_rpo_s},
        "databases": [
            {
                "name": name,
                "loss_s": loss.seconds,
                "because": loss.because,
                **_choice(found.choices.get(name)),
            }
            for name, loss in found.losses.items()
        ],
        "objections": list(found.objections),
    }


def _choice(choice: "Choice | None") -> dict[str, object]:
    """Return from what a database would come back, and why not from the other sources."""
    taken = None if choice is None else choice.taken
    losers = () if choice is None else choice.losers
    return {
        "source": None if taken is None else str(taken.kind),
        "restored_from": None if taken is None else taken.name,
        "not_from": [{"source": str(source.kind), "because": why} for source, why in losers],
    }


def standing_json(found: "Standing") -> dict[str, object]:
    """Return how far a run is."""
    return {
        **asdict(found),
        "steps": [{**asdict(step), "stage": str(step.stage)} for step in found.steps],
    }


def achieved_json(found: "Achieved") -> dict[str, object]:
    """Return one run of the history."""
    moment = found.suspected_at
    return {**asdict(found), "suspected_at": None if moment is None else moment.isoformat()}


def _step(step: "Step") -> dict[str, object]:
    return {
        "name": step.name,
        "what": step.what,
        "needs": sorted(step.needs),
        "site": str(step.site),
        "estimate_s": step.estimate.seconds,
        "estimate_source": step.estimate.source,
        "irreversible": step.irreversible,
        "instead_of": step.instead_of,
        "may_touch": sorted({one.action for one in step.permissions}),
    }
