"""RDS: promoting a replica takes minutes, cuts it off its source, may fail for good or never end.

The status stays `available` for a moment after the call, then goes `modifying`, `rebooting` and
`available` again; the link to the source is gone when the reboot begins.
"""

from typing import Any

from moto.rds.exceptions import InvalidDBInstanceStateFault
from moto.rds.models import DBInstance, RDSBackend

from simulator import backup_history, lifecycle
from simulator.correction import Correction
from simulator.corrections.rds_instances import demand, found, leave_source, names
from simulator.faults import FaultKind
from simulator.operations import Stage
from simulator.timings import Takes
from simulator.world import current

REBOOT_SHARE = 0.2
"""How much of a promotion is its reboot. Assumption."""

FAILED = "failed"
_DEFAULT_RETENTION_DAYS = 1


def promote_read_replica(backend: RDSBackend, asked: dict[str, Any]) -> DBInstance:
    """Begin to promote a replica. Retention is what the call says, else a day."""
    replica = found(backend, asked["db_instance_identifier"])
    if not replica.is_replica:
        name = replica.db_instance_identifier
        raise InvalidDBInstanceStateFault(f"DB Instance is not a read replica: {name}")
    demand(replica)
    if lifecycle.is_changing(replica):
        raise InvalidDBInstanceStateFault(
            f"DB Instance {replica.db_instance_identifier} is being promoted already."
        )
    retention = asked.get("backup_retention_period")
    _Promotion(
        replica,
        _DEFAULT_RETENTION_DAYS if retention is None else retention,
        asked.get("preferred_backup_window") or replica.preferred_backup_window,
    ).begin()
    return replica


class _Promotion:
    """One promotion under way."""

    def __init__(self, replica: DBInstance, retention_days: int, backup_window: str) -> None:
        self._replica = replica
        self._retention_days = retention_days
        self._backup_window = backup_window
        self._turn: object = None
        self._seconds = 0.0

    def begin(self) -> None:
        """Take the replica's turn; what the status hides at first is part of the whole."""
        whole = lifecycle.draw(self._replica, Takes.PROMOTE_REPLICA)
        world = current()
        hidden = min(
            whole, world.timings.draw(Takes.NOTICE_PROMOTION, world.random("promotion-notices"))
        )
        self._seconds = whole - hidden
        self._turn = lifecycle.begin(self._replica, Takes.PROMOTE_REPLICA)
        self._after(hidden, self._modify)

    def _after(self, seconds: float, step: Any) -> None:  # noqa: ANN401 - a method of this class
        def if_still_ours() -> None:
            if lifecycle.is_turn(self._replica, self._turn):
                step()

        lifecycle.after_up(self._replica.region, seconds, if_still_ours)

    def _modify(self) -> None:
        self._replica.status = "modifying"
        self._after(self._seconds * (1.0 - REBOOT_SHARE), self._cut)

    def _cut(self) -> None:
        replica, faults = self._replica, current().faults
        if faults.strike(FaultKind.PROMOTION_STALLS, replica.region, names(replica)):
            return  # it stays `modifying`, and nobody is told why
        if faults.strike(FaultKind.PROMOTION_FAILS, replica.region, names(replica)):
            lifecycle.end(replica, Takes.PROMOTE_REPLICA, status=FAILED, stage=Stage.FAILED)
            return
        leave_source(replica)
        replica.is_replica = False
        replica.source_db_instance_identifier = None
        replica.backup_retention_period = self._retention_days
        backup_history.begin(replica)
        replica.preferred_backup_window = self._backup_window
        replica.status = "rebooting"
        self._after(self._seconds * REBOOT_SHARE, self._finish)

    def _finish(self) -> None:
        self._replica.parameters_pending = False
        lifecycle.end(self._replica, Takes.PROMOTE_REPLICA, status=lifecycle.AVAILABLE)


def corrections() -> list[Correction]:
    """Return what AWS does where moto's promotion is a flag."""
    return [
        Correction(
            RDSBackend,
            "promote_read_replica",
            promote_read_replica,
            "takes minutes, removes the link on both sides, refuses what is no available replica",
        ),
    ]
