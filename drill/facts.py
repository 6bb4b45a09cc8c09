"""What is left of a drill when the world is gone: plain facts, nothing that the engine claims.

`drill.gather` takes them from the simulated world and the journal; `drill.verdict` judges them
without asking anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from continuity.journal import Entry
from continuity.manifest import Manifest
from continuity.outside import Served
from continuity.zone import SiteName
from simulator.channels.seen import Seen
from simulator.operations import Operation
from simulator.outages import Outage


@dataclass(frozen=True)
class DatabaseFacts:
    """One database at the end: the sites where it takes writes, and what clients lost in it."""

    name: str
    writable: frozenset[SiteName]
    lost_s: float


@dataclass(frozen=True)
class Facts:
    """A drill in one zone, from `began` (the faults' time zero) to `ended`.

    `outage` runs from the first client that failed to the last one that was served again;
    `opened` is when the standby's latch was opened, if it was. `said` is
    what the controllers told those who watched, each sentence once. `read` is what people read of
    the messages, where a drill has channels. `failed_calls` counts those of
    `api_calls` that got an error or no answer.
    """

    manifest: Manifest
    began: datetime
    ended: datetime
    outage: Outage | None
    opened: datetime | None
    served_by: Served
    databases: tuple[DatabaseFacts, ...]
    operations: tuple[Operation, ...]
    violations: tuple[str, ...]
    api_calls: Mapping[str, int]
    journal: tuple[Entry, ...]
    said: tuple[str, ...] = ()
    read: tuple[Seen, ...] = ()
    failed_calls: Mapping[str, int] = field(default_factory=dict)
