"""What `holdfast backup list` says of proofs: when a point of each series was last tried."""

from datetime import datetime
from typing import TYPE_CHECKING

from cli.backup_json import Json
from cli.columns import columns
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backup.evidence import Evidence
    from backup.verify_rules import Trust


def trust_text(found: "Sequence[Trust]", now: datetime) -> str:
    """Return which point of each series was proven, and what the last trial showed if not that.

    An empty line goes before it: it follows the points.
    """
    rows = [("series", "proven", "point", "last trial")]
    rows += [(str(one.series), *_proof(one.proof, now), _last(one)) for one in found]
    lines = columns(rows) if found else ()
    return "\n".join(["", *lines]) + "\n"


def trust_json(found: "Sequence[Trust]", now: datetime) -> list[Json]:
    """Return when each series was proven, by which point, and what the last trial showed."""
    from backup.points import Kind

    return [
        {
            "series": str(one.series),
            "kind": str(one.series.kind),
            "database": one.series.resource if one.series.kind is Kind.DATABASE else None,
            "proven_at": one.proof.ended.isoformat() if one.proof else None,
            "point": one.proof.point if one.proof else None,
            "stale": one.stale(now),
            "last_verdict": str(one.last.verdict) if one.last else None,
            "last_why": one.last.why if one.last else "",
        }
        for one in found
    ]


def _proof(proof: "Evidence | None", now: datetime) -> tuple[str, str]:
    if proof is None:
        return "never", "-"
    return f"{seconds_text((now - proof.ended).total_seconds())} ago", proof.point


def _last(trust: "Trust") -> str:
    last = trust.last
    if last is None or last is trust.proof:
        return "-"
    return f"{last.point} is {last.verdict}: {last.why}"
