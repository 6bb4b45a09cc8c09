"""What the commands of `holdfast backup` say to programs: JSON types, keys that stay."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backup.capture_plan import Capture, CapturePlan
    from backup.copy_plan import Copying, CopyPlan
    from backup.forecast import Until
    from backup.freshness import Fresh
    from backup.keep import Decision, PrunePlan
    from backup.outcome import Done
    from cli.backup_options import Looked

Json = dict[str, object]


def listing_json(
    seen: "Looked",
    plan: "PrunePlan",
    fresh: "Sequence[Fresh]",
    until: "Mapping[str, Until]",
) -> Json:
    """Return every point with its reason and end, and how fresh databases and files are."""
    from backup import capture_plan, files_gaps
    from backup.points import Kind

    manifest, catalogue = seen.manifest, seen.catalogue
    missing = {**capture_plan.gaps(manifest, catalogue), **files_gaps.gaps(manifest, catalogue)}
    return {
        **_head(seen, plan),
        "databases": [_fresh(one) for one in fresh if one.series.kind is Kind.DATABASE],
        "files": [_fresh(one) for one in fresh if one.series.kind is Kind.FILES],
        "gaps": {name: list(days) for name, days in missing.items()},
        "points": [
            {**_decision(one), **_until(until.get(one.point.arn))} for one in plan.decisions
        ],
        "reaches": [
            {
                "series": str(one.series),
                "region": one.region,
                "status": one.status,
                "oldest": _moment(one.oldest),
                "newest": _moment(one.newest),
            }
            for one in catalogue.reaches
        ],
    }


def _fresh(fresh: "Fresh") -> Json:
    return {
        "name": fresh.series.resource,
        "newest": _moment(fresh.point.taken_at) if fresh.point else None,
        "age_s": _seconds(fresh.age),
        "objective_met": fresh.met,
    }


def prune_json(seen: "Looked", plan: "PrunePlan", done: "Sequence[Done]", *, applied: bool) -> Json:
    """Return what goes and what stays, each with its reason, and what came of it."""
    return {
        **_head(seen, plan),
        "applied": applied,
        "deletions": [_decision(one) for one in plan.deletions],
        "points": [_decision(one) for one in plan.decisions],
        "done": outcomes_json(done),
    }


def capture_json(zone: str, plan: "CapturePlan", done: "Sequence[Done]", *, applied: bool) -> Json:
    """Return what the day needs and has, and what came of it."""
    return {
        "zone": zone,
        "applied": applied,
        "day": str(plan.day),
        "closes": _moment(plan.day.closes),
        "captures": [_capture(one) for one in plan.captures],
        "present": {name: point.identifier for name, point in plan.present.items()},
        "gaps": {name: list(days) for name, days in plan.gaps.items()},
        "done": outcomes_json(done),
    }


def copy_json(zone: str, plan: "CopyPlan", done: "Sequence[Done]", *, applied: bool) -> Json:
    """Return what is copied, what waits and why, and what came of it."""
    return {
        "zone": zone,
        "applied": applied,
        "copies": [_copying(one) for one in plan.copies],
        "waiting": dict(plan.waiting),
        "done": outcomes_json(done),
    }


def _head(seen: "Looked", plan: "PrunePlan") -> Json:
    return {
        "zone": plan.zone,
        "at": _moment(plan.at),
        "state": str(seen.standing.state(plan.at)),
        "why": seen.standing.why(plan.at),
        "unread": {region: str(why) for region, why in seen.catalogue.unread.items()},
        "warnings": list(plan.warnings),
    }


def _decision(decision: "Decision") -> Json:
    point = decision.point
    return {
        "series": str(point.series),
        "region": point.region,
        "store": str(point.store),
        "identifier": point.identifier,
        "taken_at": _moment(point.taken_at),
        "status": point.status,
        "usable": point.usable,
        "unusable": point.unusable,
        "size_gb": point.size_gb,
        "copy_of": point.source,
        "incident": point.incident,
        "verified": point.verified,
        "kept": decision.kept,
        "reason": decision.reason,
        "postponed": decision.postponed,
    }


def _until(until: "Until | None") -> Json:
    """Return when a point goes, or while what it stays; neither where it goes now."""
    if until is None:
        return {"kept_until": None, "kept_while": None}
    return {"kept_until": _moment(until.about), "kept_while": until.why or None}


def _capture(capture: "Capture") -> Json:
    return {**asdict(capture), "tags": dict(capture.tags)}


def _copying(copying: "Copying") -> Json:
    return {
        "source": copying.source.arn,
        "region": copying.region,
        "identifier": copying.identifier,
        "key": copying.key,
    }


def outcomes_json(done: "Sequence[Done]") -> list[Json]:
    """Return what came of each thing that was done."""
    return [asdict(one) for one in done]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
