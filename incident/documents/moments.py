"""Moments as documents say them: in UTC, and as the clocks of the zone showed it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment_text(at: datetime, timezone: str) -> str:
    """Return `2026-03-03 09:06:01 UTC (06:06:01 local)`; the local day too, where it is another."""
    utc, local = at.astimezone(UTC), at.astimezone(ZoneInfo(timezone))
    day = "" if utc.date() == local.date() else f"{local:%Y-%m-%d} "
    return f"{utc:%Y-%m-%d %H:%M:%S} UTC ({day}{local:%H:%M:%S} local)"
