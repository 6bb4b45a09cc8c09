"""What the commands of `holdfast failover` say to programs: JSON types, keys that stay."""

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failover.history import Achieved
    from failover.outlook import Outlook, Touch
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
        "steps": [_step(step, found.calls[step.name]) for step in plan.steps],
        "critical_path": list(path.steps),
        "rto": {"objective_s": found.rto_s, "predicted_s": found.predicted_rto_s},
        "rpo": {"objective_s": found.rpo_s, "predicted_s": found.predicted_rpo_s},
        "databases": [
            {
                "name": name,
                "loss_s": found.losses[name],
                "because": "" if choice.taken is None else choice.taken.objection,
                "source": None if choice.taken is None else str(choice.taken.kind),
                "restored_from": None if choice.taken is None else choice.taken.name,
                "not_from": [
                    {"source": str(source.kind), "because": why} for source, why in choice.losers
                ],
            }
            for name, choice in found.choices.items()
        ],
        "impaired_region": found.impaired,
        "objections": list(found.objections),
    }


def standing_json(found: "Standing") -> dict[str, object]:
    """Return how far a run is."""
    return {
        **asdict(found),
        "steps": [{**asdict(step), "stage": str(step.stage)} for step in found.steps],
        "approved": [
            {
                **asdict(one),
                "at": one.at.isoformat(),
                "expires_at": None if one.expires_at is None else one.expires_at.isoformat(),
            }
            for one in found.approved
        ],
    }


def achieved_json(found: "Achieved") -> dict[str, object]:
    """Return one run of the history."""
    moment = found.suspected_at
    return {**asdict(found), "suspected_at": None if moment is None else moment.isoformat()}


def _step(step: "Step", touches: "Sequence[Touch]") -> dict[str, object]:
    return {
        "name": step.name,
        "what": step.what,
        "needs": sorted(step.needs),
        "site": str(step.site),
        "estimate_s": step.estimate.seconds,
        "estimate_source": step.estimate.source,
        "irreversible": step.irreversible,
        "instead_of": step.instead_of,
        "may_touch": sorted({one.action for one in touches}),
        "touches": [asdict(one) for one in touches],
    }
