"""What a database instance can be restored from, as it lies in one region.

`cloud.recovery_points` reads it there, `failover.sources` ranks it beside the replica, and
`backup.catalogue` lists it. What of it is usable is said here, once, for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

AUTOMATED_DAYS = 35
"""The longest that RDS keeps automated backups (API reference, BackupRetentionPeriod)."""


class RestorableKind(StrEnum):
    """The two kinds of recovery points that RDS restores an instance from."""

    BACKUPS = "automated backups"  # any moment of a window
    SNAPSHOT = "snapshot"  # one moment


@dataclass(frozen=True)
class Storage:
    """An instance's storage; `iops` and `throughput` (MiB/s) are None where RDS chooses them."""

    size_gb: int
    kind: str = ""
    iops: int | None = None
    throughput: int | None = None


@dataclass(frozen=True)
class Restorable:
    """Replicated automated backups, or one snapshot.

    `name` is what a restore names: the backups' ARN, the snapshot's identifier. `database` is what
    its tag says, empty without one; `instance` is the identifier of what it was taken of. It can
    be restored to every moment from `oldest` to `newest`: both are the same for a snapshot, None
    where it holds no moment yet. `key` is the ARN that encrypts it, empty where none does.
    `refuted` says what a trial found wrong in its content, empty where none did.
    """

    kind: RestorableKind
    name: str
    database: str
    instance: str
    status: str
    oldest: datetime | None
    newest: datetime | None
    key: str
    storage: Storage
    refuted: str = ""


@dataclass(frozen=True)
class RecoveryPoints:
    """Everything that lies in a region, and the state of the keys there, by ARN (`Enabled`)."""

    found: tuple[Restorable, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


BEFORE_LATEST = timedelta(seconds=1)
"""RestoreTime must be before the latest restorable time (API reference)."""

ENABLED = "Enabled"
"""The one state of a key in which anything is decrypted with it (KMS API reference, KeyState)."""

_STATUSES = {
    RestorableKind.BACKUPS: frozenset({"active", "replicating", "retained"}),
    RestorableKind.SNAPSHOT: frozenset({"available"}),
}
"""Statuses from which RDS restores (API reference, DBInstanceAutomatedBackup and DBSnapshot)."""


def unusable(one: Restorable, keys: Mapping[str, str]) -> str:
    """Say why nothing can be restored from it now: `is creating`; empty where something can.

    `keys` are the states of the keys that were looked at, by ARN; any other one is not usable.
    """
    if one.status not in _STATUSES[one.kind]:
        return f"is {one.status}"
    if one.newest is None:
        return "holds no moment yet"
    if one.key and keys.get(one.key) != ENABLED:
        state = keys.get(one.key, "not the site's own")
        return f"is encrypted with a key that is not usable ({one.key}: {state})"
    return ""
