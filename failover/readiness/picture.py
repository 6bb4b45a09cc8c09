"""One frozen picture of what a failover of a zone would find: the rules judge nothing else.

`failover.readiness.look` takes it. Every reading has a value or an error, and a moment: what could
not be read is a finding of its own, never a pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum

from continuity.addresses import AddressFile
from continuity.manifest import Manifest, Site
from continuity.permissions import Permission
from continuity.zone import SiteName
from failover.observation import LagPoint, Reading
from failover.readiness.directions import Directions


@dataclass(frozen=True)
class Replication:
    """What RDS says of a replica's link to its source."""

    status: str
    normal: bool
    message: str


@dataclass(frozen=True)
class Instance:
    """A database instance as AWS describes it. `source` is what it follows, if anything."""

    identifier: str
    status: str
    source: str | None
    engine_version: str
    instance_class: str
    storage_gb: int
    key: str
    parameter_group: str
    parameter_status: str
    replication: tuple[Replication, ...]


MULTI_AZ, SINGLE_AZ = "multi-az", "single-az"
"""As what an instance can be ordered."""


class CopyKind(StrEnum):
    """What can be restored from."""

    BACKUPS = "replicated automated backups"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True)
class Copy:
    """One recovery point in the standby region. `instance` is the identifier it was taken of.

    `newest` is the moment that a restore reaches; None while there is none. `arrived` is when a
    snapshot came to lie there; None where nobody says.
    """

    kind: CopyKind
    identifier: str
    instance: str
    status: str
    newest: datetime | None
    key: str
    retention_days: int | None = None
    arrived: datetime | None = None


@dataclass(frozen=True)
class Secret:
    """A password's secret in one region. `version` is the current one's identifier.

    `replicas` says for each other region how the copy stands.
    """

    version: str
    deleted: bool
    replicas: Mapping[str, str]


@dataclass(frozen=True)
class Quota:
    """What an account may have in a region, and how much of it is used."""

    used: int
    maximum: int

    @property
    def room(self) -> int:
        """Return how many more there can be."""
        return self.maximum - self.used


@dataclass(frozen=True, order=True)
class Record:
    """A failover alias. Names carry no final dot, targets no `dualstack.`."""

    name: str
    role: str
    target: str
    check: str
    evaluates_target: bool = False


@dataclass(frozen=True)
class CheckSettings:
    """What makes a health check the one that watches a latch object.

    `search` is the text that the object must hold; empty where its presence is all.
    """

    host: str
    path: str
    inverted: bool
    interval_s: int
    threshold: int
    disabled: bool = False
    search: str = ""


@dataclass(frozen=True)
class Calculated:
    """A health check over others: healthy while `threshold` of its children are.

    `children` are their settings in a fixed order; one that cannot be read is an error of all.
    `kind` is Route 53's type: any other than CALCULATED asks no children at all.
    """

    kind: str
    threshold: int
    inverted: bool
    disabled: bool
    children: tuple[CheckSettings, ...]


@dataclass(frozen=True)
class HealthCheck:
    """A health check: its settings, and for each checker whether it found the object."""

    settings: CheckSettings
    found: tuple[bool, ...]


@dataclass(frozen=True)
class Table:
    """A controller table: its status, and whether it can be restored to any second."""

    status: str
    recoverable: bool


@dataclass(frozen=True)
class Service:
    """The platform's service in one site. Counts are tasks."""

    status: str
    desired: int
    running: int
    task_definition: str


@dataclass(frozen=True)
class Scaling:
    """Between how many tasks autoscaling keeps a service."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Held:
    """Who holds the lease of the zone, for which run; `owner` is empty for nobody."""

    owner: str
    run: str


@dataclass(frozen=True)
class Drill:
    """The last drill on record, of those that met their objectives."""

    at: datetime
    scenario: str
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proof:
    """When a recovery point of a database was last proven; None if none ever was.

    `refuted` says which point the last trial found wrong, and why; empty if it did not.
    """

    database: str
    at: datetime | None
    refuted: str = ""


@dataclass(frozen=True)
class SitePicture:
    """What was read of either site. Databases and parameters by database, in both sites.

    `addresses` is what its tasks are told of where the databases are.
    """

    instances: Reading[Mapping[str, Instance]]
    parameters: Mapping[str, Reading[Mapping[str, str]]]
    secrets: Mapping[str, Reading[Secret]]
    key: Reading[str]
    latches: Reading[frozenset[str]]
    manifest_copy: Reading[str]
    addresses: Reading[AddressFile]
    service: Reading[Service | None]
    scaling: Reading[Scaling | None]


@dataclass(frozen=True)
class StandbyPicture:
    """What was read only of the site that a failover moves to.

    `offers` say by database whether its version and class can be ordered, and with Multi-AZ.
    """

    lags: Reading[Mapping[str, tuple[LagPoint, ...]]]
    copies: Reading[tuple[Copy, ...]]
    offers: Mapping[str, Reading[frozenset[str]]]
    database_quotas: Reading[Mapping[str, Quota]]
    container_quota: Reading[float]
    image: Reading[bool]
    admits_application: Reading[bool]
    tables: Mapping[str, Reading[Table]]
    lease: Reading[Held]
    holds: Reading[tuple[str, ...]]
    drill: Reading[Drill | None]
    proofs: Reading[tuple[Proof, ...]]


@dataclass(frozen=True)
class Picture:
    """Everything that the rules judge. Health checks are keyed `home not closed`, `home opened`.

    `calculated` is what the serving site's record asks, `home serves`. `left_quotas` and
    `left_backups`, the replicated backups there, are of the region that a failover leaves.
    `directions` are what each site does for the other one, `tagged` the tags of all instances of
    the zone that each site's region has, by identifier.
    `denied` are the permissions that the failover role lacks, by scope.
    """

    now: datetime
    manifest: Manifest
    account: Reading[str]
    standby: SitePicture
    serving: SitePicture
    target: StandbyPicture
    records: Reading[frozenset[Record]]
    checks: Mapping[str, Reading[HealthCheck]]
    denied: Mapping[str, Reading[tuple[Permission, ...]]] = field(default_factory=dict)
    calculated: Mapping[str, Reading[Calculated]] = field(default_factory=dict)
    left_quotas: Reading[Mapping[str, Quota]] = field(default_factory=Reading)
    left_backups: Reading[int] = field(default_factory=Reading)
    directions: Mapping[SiteName, Directions] = field(default_factory=dict)
    tagged: Mapping[SiteName, Reading[Mapping[str, Mapping[str, str]]]] = field(
        default_factory=dict
    )

    @property
    def standby_site(self) -> Site:
        """Return what the manifest says of the site that a failover moves to."""
        return self.manifest.standby_site

    def site(self, name: SiteName) -> SitePicture:
        """Return what was read of a site."""
        return self.standby if name is self.manifest.standby else self.serving

    def readings(self) -> Iterator[tuple[str, Reading[object]]]:
        """Yield every reading with where it stands, `standby secrets orders`."""
        return _readings(self, ())


def check_names(site: SiteName) -> tuple[str, str]:
    """Return what a site's two health checks are called: `home not closed`, `home opened`."""
    return f"{site} not closed", f"{site} opened"


def serves_name(site: SiteName) -> str:
    """Return what the calculated check is called by which a site serves: `home serves`."""
    return f"{site} serves"


def warrant_names(site: SiteName) -> tuple[str, str]:
    """Return what the checks of a site's warrants are called: the standby's, and the witness's."""
    return f"{site} warranted by the standby", f"{site} warranted by the witness"


def _readings(part: object, path: tuple[str, ...]) -> Iterator[tuple[str, Reading[object]]]:
    if isinstance(part, Reading):
        yield " ".join(path), part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _readings(value, (*path, str(key)))
    elif is_dataclass(part) and not isinstance(part, Manifest):
        for each in fields(part):
            words = each.name.replace("_", " ")
            yield from _readings(getattr(part, each.name), (*path, words))
