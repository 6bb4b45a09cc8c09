"""What a snapshot's status shows while `snapshot-unusable` or `copy-in-flight` holds.

`corrections.rds_snapshots` puts it over moto's snapshots. Both are conditions: nothing is changed,
and a snapshot is what it was as soon as the fault has ended.

Source: RDS guide, "Viewing the status of DB snapshots". Assumption: progress slows down.
"""

from typing import Any

from simulator.corrections.rds_instances import names
from simulator.fault import FaultKind
from simulator.moto_time import utc
from simulator.world import current

AVAILABLE, CREATING, FAILED = "available", "creating", "failed"
HALF_DONE_S = 600.0
_ALMOST = 99

Snapshot = Any
"""A moto `DBSnapshot`; moto is untyped here."""


def status(snapshot: Snapshot) -> str:
    """Return what describe shows."""
    kept = str(snapshot._holdfast_status)
    if kept != AVAILABLE or not current().faults.any_hold:
        return kept
    if _suffers(snapshot, FaultKind.SNAPSHOT_UNUSABLE):
        return FAILED
    if _suffers(snapshot, FaultKind.COPY_IN_FLIGHT) and _is_newest_copy(snapshot):
        return CREATING
    return kept


def set_status(snapshot: Snapshot, status: str) -> None:
    """Keep what a change of the snapshot left."""
    snapshot._holdfast_status = status


def progress(snapshot: Snapshot) -> int:
    """Return 0 until a snapshot is there: RDS's own figure is as little use while it is queued.

    Only a copy that is held in flight moves, and never arrives.
    """
    if snapshot.status == AVAILABLE:
        return 100
    if snapshot._holdfast_status != AVAILABLE or snapshot.status != CREATING:
        return 0
    passed = (utc(current().clock.now()) - snapshot.created).total_seconds()
    return min(_ALMOST, int(100 * passed / (passed + HALF_DONE_S)))


def is_copy(snapshot: Snapshot) -> bool:
    """Say whether a snapshot was made by CopyDBSnapshot."""
    return bool(getattr(snapshot, "source_db_snapshot_identifier", None))


def _suffers(snapshot: Snapshot, kind: FaultKind) -> bool:
    faults = current().faults
    return any(
        faults.active(kind, region=snapshot.region, database=name) is not None
        for name in names(snapshot.database)
    )


def _is_newest_copy(snapshot: Snapshot) -> bool:
    mine = names(snapshot.database)
    copies = [
        one
        for one in snapshot.backend.database_snapshots.values()
        if is_copy(one) and names(one.database) & mine
    ]
    return max(copies, key=lambda one: one.original_snapshot_create_time, default=None) is snapshot
