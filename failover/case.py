"""What a run is for: the diagnosis, what people declared, and what each database comes back from.

`failover.engine` journals it before the plan; `failover.decide` builds the plan from it, today and
whenever the run is resumed. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from failover.diagnose import Diagnosis


class SourceKind(StrEnum):
    """What a database can come back from, in the order of what is usually lost."""

    REPLICA = "replica"
    POINT_IN_TIME = "point-in-time"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True)
class Case:
    """What is to be recovered from.

    `corrupted` holds the databases that a person declared corrupt, each with the last good moment.
    `ranking` holds, per database, the sources to take one after the other; a database that is
    missing there takes its replica first, then a point in time, then the newest usable snapshot.
    `lost` are the databases whose primary is lost, `release` is the task definition to go back to.
    """

    diagnosis: Diagnosis
    corrupted: Mapping[str, datetime] = field(default_factory=dict)
    ranking: Mapping[str, tuple[SourceKind, ...]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    release: str = ""
