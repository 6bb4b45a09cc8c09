"""What must wake somebody about holds: one that is on for long, and snapshots that run out of room.

`stacks.backup_runs` makes them in each site, beside the function that writes the numbers down once
a night where the zone stands by. A site that writes none keeps its alarms as they are: silence of
the function is another alarm's affair.
"""

from collections.abc import Iterator

from continuity import backup_metrics
from stacks.alarm import ABOVE, BELOW, Limit, Metric, Watch

DAYS = 14
"""Assumption: an incident that is worth a hold is over by then, or somebody has to decide."""

_A_DAY_S = 86_400
_KEEP = "ignore"


def watches(zone: str) -> Iterator[Watch]:
    """Yield the alarms about a zone's holds."""
    whose = {backup_metrics.ZONE: zone}
    yield Watch(
        "hold-old",
        f"Recovery points are held for more than {DAYS} days: `holdfast backup hold {zone}` says "
        "for what, and what it costs",
        Metric(backup_metrics.NAMESPACE, backup_metrics.HOLD_AGE_HOURS, whose),
        Limit(ABOVE, 24.0 * DAYS, _A_DAY_S, 1, _KEEP),
    )
    yield Watch(
        "snapshot-room",
        f"Within {backup_metrics.FEW_DAYS} days a region takes no further snapshot: ask AWS for "
        "more (quota ManualSnapshots of RDS), or see what is held",
        Metric(backup_metrics.NAMESPACE, backup_metrics.SNAPSHOT_ROOM_DAYS, whose, "Minimum"),
        Limit(BELOW, float(backup_metrics.FEW_DAYS), _A_DAY_S, 1, _KEEP),
    )
