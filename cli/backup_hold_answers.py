"""What `holdfast backup hold` and `release` say, to people and to programs.

`cli.backup_hold` shows it. The keys of the JSON stay.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cli.backup_text import MARKS
from cli.columns import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backup.burden import Burden
    from backup.hold_rules import Hold, Standing
    from backup.keep import PrunePlan
    from backup.release_rules import Condition

Json = dict[str, object]

_HOUR = timedelta(hours=1)


def standing_json(zone: str, found: "Standing", now: datetime, cost: "Burden") -> Json:
    """Return the holds of a zone; `room_days` is None where unknown, or without an end."""
    return {
        "zone": zone,
        "state": str(found.state(now)),
        "why": found.why(now),
        "holds": [_hold(one, now) for one in found.holds],
        "releases": [
            {**asdict(one), "since": one.since.isoformat(), "at": one.at.isoformat()}
            for one in found.releases
        ],
        "unreadable": list(found.unreadable),
        "raised": [asdict(one) for one in found.raised],
        "kept_points": cost.kept,
        "kept_gb": cost.kept_gb,
        "gb_per_day": cost.gb_per_day,
        "forecast_gb": cost.forecast_gb,
        "room_days": {
            region: None if days == float("inf") else days for region, days in cost.room.items()
        },
    }


def release_json(
    zone: str,
    wanted: "Hold",
    conditions: "Sequence[Condition]",
    plan: "PrunePlan",
    *,
    applied: bool,
) -> Json:
    """Return what a release waits for, what would go after it, and whether it was made."""
    return {
        "zone": zone,
        "hold": wanted.identifier,
        "released": applied,
        "conditions": [asdict(one) for one in conditions],
        "deletions": [
            {"identifier": one.point.identifier, "region": one.point.region, "reason": one.reason}
            for one in plan.decisions
            if not one.kept
        ],
    }


def standing_text(zone: str, found: "Standing", now: datetime, cost: "Burden") -> str:
    """Return the zone's state, its holds, what they cost, and how long its regions have room."""
    from backup.vigil import room_text, told

    why = found.why(now)
    lines = [f"{zone}: {found.state(now)}{f' ({why})' if why else ''}"]
    lines += columns(
        [
            (
                one.identifier,
                f"{(now - one.since) / _HOUR:.0f} h",
                "lifts itself" if one.automatic else "by hand",
                one.reason,
            )
            for one in found.holds
        ]
    )
    lines += (
        told(cost) if why else [f"{name}: {room_text(days)}" for name, days in cost.room.items()]
    )
    lines += [
        f"raised until it is over: {one.name}, was {one.was or 'off'}" for one in found.raised
    ]
    return "\n".join(lines) + "\n"


def release_text(
    zone: str,
    wanted: "Hold",
    conditions: "Sequence[Condition]",
    plan: "PrunePlan",
    *,
    applied: bool,
) -> str:
    """Return what a release waits for, or that it was made; then what goes after its grace."""
    from backup.vigil import plan_text

    if applied:
        lines = [f"{zone}: {wanted.identifier} is released; nothing is deleted for 7 days yet"]
    else:
        lines = [f"{zone}: {wanted.identifier} {_way(conditions)}"]
    lines += columns([(MARKS[one.met], one.sentence) for one in conditions])
    return "\n".join([*lines, *plan_text(plan)]) + "\n"


def _way(conditions: "Sequence[Condition]") -> str:
    """Say how the hold goes: other holds stay on by themselves and stand against nothing."""
    if all(one.met for one in conditions if one.name != "alone"):
        return "may go (--apply releases it)"
    return "waits for (--apply releases it with a --reason; a failover under way must end first)"


def _hold(hold: "Hold", now: datetime) -> Json:
    age = (now - hold.since).total_seconds()
    return {**asdict(hold), "since": hold.since.isoformat(), "age_s": age}
