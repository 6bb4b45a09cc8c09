"""From when losses count where people state what no probe sees: since when, and until when good.

A statement that is too early would hide losses: what was written after it would not be missed. So
data that survived from after the stated moment belies it, and the first failing reading counts.
A corrupted database loses what is missing up to its last good moment: what came after it goes with
the damage, whatever it comes back from (decision 0013).
`failover.gate` asks before a promotion, `failover.steps.verify` after it. Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from continuity.journal import EntryKind
from failover.observation import LagPoint
from failover.run import CORRUPTED, Run

BLUR = timedelta(minutes=2)
"""CloudWatch has one lag a minute, and its seconds are rounded: no proof is finer than that."""


def by_lag(run: Run, points: Sequence[LagPoint]) -> datetime | None:
    """Return from when losses count for a replica whose lag was measured like this."""
    if run.lost_at is not None:
        return run.lost_at
    stated, first = run.suspected_at, run.first_reading_at
    if stated is None or first is None or first <= stated:
        return stated
    held = [
        point.at - timedelta(seconds=point.seconds)
        for point in points
        if point.seconds is not None and point.at <= first
    ]
    return first if any(moment > stated + BLUR for moment in held) else stated


def by_rows(run: Run, newest: datetime) -> datetime | None:
    """Return from when losses count for a database whose newest row is this old.

    None for a row from after the first failing reading: it may be a verification's own.
    """
    moments = [run.lost_at or run.suspected_at, run.first_reading_at]
    return min((one for one in moments if one is not None and newest <= one), default=None)


def last_good(run: Run, database: str) -> datetime | None:
    """Return the last good moment that people declared of a database; the newest word counts."""
    said = [
        entry
        for entry in run.of(EntryKind.DECLARED)
        if entry.data.get("what") == CORRUPTED and entry.data.get("database") == database
    ]
    return datetime.fromisoformat(str(said[-1].data["moment"])) if said else None
