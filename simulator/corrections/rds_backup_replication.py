"""RDS: automated backups replicated into another region; moto lacks the operations altogether.

Source: the API references of Start- and StopDBInstanceAutomatedBackupsReplication and of
DBInstanceAutomatedBackup. The call is made in the region that receives the backups; what lies
there outlives the source region, and can be restored there: that is what it is for. It lapses by
the retention with which the replication was begun, whatever the source's is since, also when
nothing comes any more (RDS guide, "Stopping automated backup replication").
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
    RDSClientError,
)
from moto.rds.models import DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from simulator import backup_history, own_backups
from simulator.correction import Correction
from simulator.corrections.rds_instances import demand, demand_reachable, identity
from simulator.corrections.rds_replicas import NO_BACKUPS
from simulator.lifecycle import busy
from simulator.timings import Takes

_describe_here = RDSBackend.describe_db_instance_automated_backups

_DEFAULT_RETENTION_DAYS = 7
_NO_KEY = "KmsKeyId is required to replicate the backups of an encrypted DB instance."
PENDING, REPLICATING, RETAINED = "pending", "replicating", "retained"


@dataclass(eq=False)
class ReplicatedBackup:
    """The backups of one instance, as they lie in another region."""

    source: DBInstance
    backend: RDSBackend
    backup_retention_period: int
    kms_key_id: str | None
    arn: str
    status: str = PENDING
    ended: tuple[datetime, datetime] | None = None

    @property
    def region_name(self) -> str:
        """Return the region that receives."""
        return str(self.backend.region_name)

    @property
    def allocated_storage(self) -> int:
        """Return the size of the source in GB."""
        return int(self.source.allocated_storage)

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """Return the oldest and newest moment that a restore here can reach, naive UTC."""
        if self.status == PENDING:
            return None
        found = self.ended or self._window()
        if found is None:
            return None
        kept = backup_history.now() - timedelta(days=self.backup_retention_period)
        return (max(found[0], kept), found[1]) if kept <= found[1] else None

    @property
    def lapsed(self) -> bool:
        """Say whether all that ever came was kept for as long as it was to be."""
        return self.status == RETAINED and self.window is None

    def _window(self) -> tuple[datetime, datetime] | None:
        days = self.backup_retention_period
        return backup_history.window(self.source, days, backup_history.COPIED_AFTER)

    def stop(self) -> None:
        """Receive nothing any more, and keep what came."""
        self.ended = self._window()
        self.status = RETAINED

    def shown(self) -> dict[str, Any]:
        """Return what the API shows."""
        gone = backup_history.has_ended(self.source)
        shown = {
            "DBInstanceArn": self.source.db_instance_arn,
            "DBInstanceAutomatedBackupsArn": self.arn,
            "DBInstanceIdentifier": self.source.db_instance_identifier,
            "DbiResourceId": self.source.dbi_resource_id,
            "Region": self.source.region,
            "AllocatedStorage": self.allocated_storage,
            "Engine": self.source.engine,
            "Encrypted": self.source.storage_encrypted,
            "KmsKeyId": self.kms_key_id,
            "BackupRetentionPeriod": self.backup_retention_period,
            "Status": RETAINED if gone else self.status,
        }
        if self.window is not None:
            oldest, newest = self.window
            shown["RestoreWindow"] = {"EarliestTime": oldest, "LatestTime": newest}
        return shown


def kept(backend: RDSBackend) -> dict[str, ReplicatedBackup]:
    """Return the replicated backups that lie in a region, by ARN; they go when moto resets it."""
    found: dict[str, ReplicatedBackup] = backend.__dict__.setdefault("replicated_backups", {})
    return found


def _running(backend: RDSBackend, source_arn: str) -> ReplicatedBackup | None:
    for backup in kept(backend).values():
        if backup.source.db_instance_arn == source_arn and backup.status != RETAINED:
            return backup
    return None


def start(backend: RDSBackend, asked: dict[str, Any]) -> ReplicatedBackup:
    """Begin to receive the backups of an instance of another region."""
    source = backend.find_db_from_id(asked["source_db_instance_arn"])
    _demand(backend, source, asked)
    key = asked.get("kms_key_id")
    name = identity("ab-").lower()
    backup = ReplicatedBackup(
        source=source,
        backend=backend,
        backup_retention_period=asked.get("backup_retention_period") or _DEFAULT_RETENTION_DAYS,
        kms_key_id=backend._validate_kms_key(key) if key else None,
        arn=f"arn:aws:rds:{backend.region_name}:{backend.account_id}:auto-backup:{name}",
    )
    kept(backend)[backup.arn] = backup
    busy(backup, PENDING, Takes.REPLICATE_BACKUPS, after=REPLICATING)
    return backup


def _demand(backend: RDSBackend, source: DBInstance, asked: dict[str, Any]) -> None:
    demand_reachable(source)
    if source.region == backend.region_name:
        raise InvalidParameterCombination("The source DB instance must be in another region.")
    demand(source, "available", "modifying", "backing-up")
    if not source.backup_retention_period:
        raise InvalidDBInstanceStateFault(NO_BACKUPS)
    if source.storage_encrypted and not asked.get("kms_key_id"):
        raise InvalidParameterCombination(_NO_KEY)
    if _running(backend, source.db_instance_arn) is not None:
        raise InvalidDBInstanceStateFault("The backups of this DB instance are replicated already.")


def stop(backend: RDSBackend, asked: dict[str, Any]) -> ReplicatedBackup:
    """Receive no further backups; what came so far is retained."""
    arn = asked["source_db_instance_arn"]
    backup = _running(backend, arn)
    if backup is None:
        raise InvalidDBInstanceStateFault(f"The backups of {arn} are not replicated here.")
    backup.stop()
    return backup


def describe(
    backend: RDSBackend, db_instance_identifier: str | None = None, **named: object
) -> list[Any]:
    """Return a region's own automated backups, and those that it receives."""
    arn = named.get("db_instance_automated_backups_arn")
    if arn is not None:
        if arn not in kept(backend) or kept(backend)[str(arn)].lapsed:
            raise RDSClientError("DBInstanceAutomatedBackupNotFoundFault", f"{arn} not found.")
        return [kept(backend)[str(arn)].shown()]
    received = [
        backup.shown()
        for backup in kept(backend).values()
        if db_instance_identifier in (None, backup.source.db_instance_identifier)
        and not backup.lapsed
    ]
    gone = [
        one
        for one in _describe_here(backend, db_instance_identifier, **named)
        if one.db_instance_identifier not in backend.databases
    ]
    return [*own_backups.shown(backend, db_instance_identifier), *gone, *received]


def _answer_start(response: RDSResponse) -> ActionResult:
    backup = start(response.backend, response.params)
    return ActionResult({"DBInstanceAutomatedBackup": backup.shown()})


def _answer_stop(response: RDSResponse) -> ActionResult:
    backup = stop(response.backend, response.params)
    return ActionResult({"DBInstanceAutomatedBackup": backup.shown()})


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    replication = "db_instance_automated_backups_replication"
    return [
        Correction(RDSResponse, f"start_{replication}", _answer_start, missing),
        Correction(RDSResponse, f"stop_{replication}", _answer_stop, missing),
        Correction(
            RDSBackend,
            "describe_db_instance_automated_backups",
            describe,
            "with the moments that they reach, and a region shows those that it receives, too",
        ),
    ]
