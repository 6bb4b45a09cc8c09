"""From when losses count where a person states since when clients are not served.

A statement that is too early would hide losses: what was written after it would not be missed. So
data that survived from after the stated moment belies it, and the first failing reading counts.
`failover.gate` asks before a promotion, `failover.steps.verify` after it. Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from failover.observation import LagPoint
from failover.run import Run

BLUR = timedelta(minutes=2)
"""CloudWatch has one lag a minute, and its seconds are rounded: no proof is finer than that."""


def by_lag(run: Run, points: Sequence[LagPoint]) -> datetime | None:
    """Return from when losses count for a replica whose lag was measured like this."""
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
    moments = [run.suspected_at, run.first_reading_at]
    return min((one for one in moments if one is not None and newest <= one), default=None)
