"""One frozen picture of a zone: everything that a tick decides, it decides from this.

`failover.observe` takes it, the rules (`diagnose`, `decide`, `gate`) and every step's `done`
read it. Nobody else asks anything while deciding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from continuity.addresses import AddressFile
from continuity.manifest import Manifest
from continuity.outside import Served, Written
from continuity.restorable import RecoveryPoints
from continuity.zone import SiteName
from failover.run import Run

T = TypeVar("T")

NOT_ASKED = "nobody asked"


class Look(StrEnum):
    """What can be looked at: each names a reading of `Observation`."""

    SERVING = "serving"
    SERVING_REGION = "serving_region"
    STANDBY_REGION = "standby_region"
    PUBLIC = "public"
    INSTANCES = "instances"
    LAGS = "lags"
    RECOVERY_POINTS = "recovery_points"
    HOSTING = "hosting"
    LATCHES = "latches"
    WRITES = "writes"
    SERVING_INSTANCES = "serving_instances"
    SERVING_HOSTING = "serving_hosting"
    RELEASES = "releases"
    ALARMS = "alarms"
    ADDRESSES = "addresses"


@dataclass(frozen=True)
class Wanted:
    """What a tick looks at: which readings, and the instances that they are about.

    `identifiers` are the standby's, `serving` the serving site's; `databases` are those that a
    client tries to write to, by name.
    """

    looks: frozenset[Look] = frozenset()
    identifiers: tuple[str, ...] = ()
    serving: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What one probe found, a value or an error, and when. Missing is not zero."""

    at: datetime | None = None
    value: T | None = None
    error: str | None = NOT_ASKED

    @property
    def asked(self) -> bool:
        """Say whether anybody looked."""
        return self.at is not None

    def age_s(self, now: datetime) -> float | None:
        """Return how old the reading is in seconds; None when there is none."""
        return None if self.at is None else (now - self.at).total_seconds()


@dataclass(frozen=True)
class Instance:
    """A database instance. `source` is None for a primary; `replication` says what ails its link.

    An empty `replication` means that AWS reports no trouble, not that there is none.
    `restored_by` names the run and the step, or the verb, that restored it, empty where none did;
    `storage_operation` is what its storage still does, such as reading itself from S3.
    `resource` is what AWS calls it for good, `address` where it answers: empty before it does.
    """

    status: str
    source: str | None
    retention_days: int
    backup_window: str
    deletion_protection: bool
    parameter_group: str
    parameters_in_sync: bool
    restored_by: str = ""
    storage_operation: str = ""
    replication: str = ""
    created_at: datetime | None = None
    resource: str = ""
    address: str = ""


@dataclass(frozen=True)
class LagPoint:
    """One datapoint of replica lag; `seconds` is None where AWS said -1: not replicating."""

    at: datetime
    seconds: float | None


@dataclass(frozen=True)
class Deployment:
    """A release of the platform as ECS sees it. `rollout` FAILED means: the breaker tripped."""

    task_definition: str
    primary: bool
    rollout: str
    running: int
    failed: int
    created_at: datetime | None = None


@dataclass(frozen=True)
class Event:
    """A sentence of ECS about a service."""

    at: datetime
    message: str


@dataclass(frozen=True)
class Alarms:
    """The names of the alarms of one site that have gone off, or why they cannot be read."""

    gone_off: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Service:
    """The platform's tasks in one site, and the floor under automatic scaling.

    Deployments and events are ECS's, newest first; unasked ones are empty.
    """

    running: int
    desired: int
    minimum: int
    deployments: tuple[Deployment, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def primary(self) -> Deployment | None:
        """Return the newest deployment."""
        return next((one for one in self.deployments if one.primary), None)


@dataclass(frozen=True)
class Observation:
    """What was seen at `now`; databases by instance identifier. What nobody asked stays unasked.

    `serving` is the answer to an outside client, the two regions the answers of AWS's API.
    `writes` are what clients of the serving site got, by database; `releases` the task
    definitions that its service could go back to, newest first. Of `serving_instances` None says
    that an instance was asked for and does not exist. `addresses` is what tasks of the standby are
    told at their start.
    """

    now: datetime
    manifest: Manifest
    run: Run
    serving: Reading[bool] = field(default_factory=Reading)
    serving_region: Reading[bool] = field(default_factory=Reading)
    standby_region: Reading[bool] = field(default_factory=Reading)
    public: Reading[Served] = field(default_factory=Reading)
    instances: Reading[Mapping[str, Instance]] = field(default_factory=Reading)
    lags: Reading[Mapping[str, tuple[LagPoint, ...]]] = field(default_factory=Reading)
    recovery_points: Reading[RecoveryPoints] = field(default_factory=Reading)
    hosting: Reading[Service] = field(default_factory=Reading)
    latches: Reading[frozenset[str]] = field(default_factory=Reading)
    writes: Reading[Mapping[str, Written]] = field(default_factory=Reading)
    serving_instances: Reading[Mapping[str, Instance | None]] = field(default_factory=Reading)
    serving_hosting: Reading[Service] = field(default_factory=Reading)
    releases: Reading[tuple[str, ...]] = field(default_factory=Reading)
    alarms: Reading[Mapping[SiteName, Alarms]] = field(default_factory=Reading)
    addresses: Reading[AddressFile] = field(default_factory=Reading)

    def instance(self, identifier: str) -> Instance | None:
        """Return an instance of the standby; None when it was not seen."""
        return (self.instances.value or {}).get(identifier)

    def reading(self, look: Look) -> Reading[object]:
        """Return the reading that a look names."""
        reading: Reading[object] = getattr(self, look.value)
        return reading
