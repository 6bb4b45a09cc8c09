"""What `holdfast backup restore` says to programs: JSON types, keys that stay."""

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup.restore_names import Swap
    from backup.restore_plan import RestorePlan
    from backup.restore_run import Progress

Json = dict[str, object]


def plan_json(plan: "RestorePlan", done: "Progress | None") -> Json:
    """Return the plan; `applied` says whether it was done, `took_s` how long that was."""
    source = plan.restoration.source
    return {
        "zone": plan.zone,
        "at": plan.at.isoformat(),
        "applied": done is not None,
        "took_s": None if done is None else done.elapsed_s,
        "database": plan.asked.database.name,
        "site": str(plan.asked.site),
        "region": plan.restoration.region,
        "identifier": plan.restoration.identifier,
        "hold": plan.hold,
        "source": {
            "kind": str(source.kind),
            "name": source.label,
            "moment": source.moment.isoformat(),
            "age_s": plan.age.total_seconds(),
            "size_gb": source.storage.size_gb or plan.asked.database.storage_gb,
            "why": plan.why,
        },
        "passed": [
            {"name": one.name, "moment": one.moment.isoformat() if one.moment else None,
             "why": one.why}
            for one in plan.passed
        ],
        "expected": {
            "seconds": plan.total_s,
            "left_s": plan.left_s,
            "source": plan.lengths.restore.source,
            "rto_s": plan.rto.total_seconds(),
            "in_time": plan.in_time,
        },
        "settings": _settings(plan),
        "swap": None if plan.swap is None else _swap(plan.swap),
    }  # fmt: skip


def _settings(plan: "RestorePlan") -> Json:
    wanted = plan.restoration.wanted
    return {**asdict(wanted), "tags": dict(wanted.tags)}


def _swap(swap: "Swap") -> Json:
    return {
        "current": swap.current,
        "aside": swap.aside,
        "loses": swap.loses,
        "outage_s": swap.outage_s,
        "steps": list(swap.steps),
        "afterwards": list(swap.afterwards),
    }
