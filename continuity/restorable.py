"""What a database instance can be restored from, as it lies in one region.

`cloud.recovery_points` reads it there, `failover.sources` ranks it beside the replica. Values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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
