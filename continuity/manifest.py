"""The recovery manifest: what exists in both sites of a zone, as literals.

`stacks` builds and exports it, a copy of it lies in each site, and run time reads nothing else:
during a disaster there is no Pulumi state, no look-up and no other region to ask.
`continuity.manifest_json` writes and reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from continuity.channels import Channels
from continuity.critical_functions import RestsOn
from continuity.notice_period import NoticePeriod
from continuity.proving import Check, ScratchPlace
from continuity.safekeeping import Safekeeping
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind

VERSION = 1


@dataclass(frozen=True)
class Latch:
    """How a site's standby moves traffic: two objects in a bucket of its own.

    `closed_key` takes the *other* site's traffic away, to the holding page; `open_key` lets
    this site answer. Both lie in this site's bucket, so a move needs this site only.
    `warrant_key` says whether the *other* site may serve; empty in manifests too old to say.
    """

    bucket: str
    closed_key: str
    open_key: str
    warrant_key: str = ""


@dataclass(frozen=True)
class Witness:
    """The bucket in a third region that keeps a warrant of each site, beside its standby's."""

    region: str
    bucket: str


@dataclass(frozen=True)
class Hosting:
    """The platform in one site. Counts are tasks; `load_balancer` is a DNS name.

    `cpu` is what one task takes, in 1/1024 cores; 0 where the manifest is too old to say.
    `addresses_key` in `addresses_bucket` tells tasks where the site's databases are; both are empty
    where the manifest is too old to say: the addresses are part of the task definition then.
    """

    cluster: str
    service: str
    task_definition: str
    image: str
    load_balancer: str
    holding_page: str
    scalable_target: str
    serving_minimum: int
    serving_desired: int
    serving_maximum: int
    cpu: int = 0
    addresses_bucket: str = ""
    addresses_key: str = ""


@dataclass(frozen=True)
class Site:
    """One region of the zone, and everything that the failover touches there.

    Three Route 53 health checks decide about a site: that nobody closed it, that it was opened,
    and that it may serve, which takes a warrant too. `warrant_check` and `witness_check` watch its
    warrants. Identifiers and `incident_table` are empty where the manifest is too old to say.
    """

    region: str
    incarnation: int
    key_arn: str
    vpc_id: str
    application_security_group: str
    database_security_group: str
    subnet_group: str
    hosting: Hosting
    latch: Latch
    lease_table: str
    journal_table: str
    manifest_bucket: str
    manifest_key: str
    not_closed_check: str = ""
    open_check: str = ""
    serves_check: str = ""
    warrant_check: str = ""
    witness_check: str = ""
    safekeeping: Safekeeping = field(default_factory=Safekeeping)
    scratch: ScratchPlace = field(default_factory=ScratchPlace)
    incident_table: str = ""


@dataclass(frozen=True)
class Member:
    """One database instance: a database's presence in one site.

    `secret_arn` is the site's own copy of the password; empty in manifests too old to say.
    """

    identifier: str
    arn: str
    address: str
    parameter_group: str
    instance_class: str
    multi_az: bool
    secret_arn: str = ""


@dataclass(frozen=True)
class Database:
    """One logical database of the zone, with an instance in each site.

    `priority` 1 comes back first. `backup_window` is UTC, as RDS takes it (`hh:mm-hh:mm`).
    `checks` are asked of every recovery point that is tried.
    """

    name: str
    priority: int
    engine: str
    engine_version: str
    port: int
    storage_gb: int
    backup_retention_days: int
    backup_window: str
    members: Mapping[SiteName, Member]
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Traffic:
    """How clients find the zone, and how fast Route 53 follows a latch."""

    name: str
    hosted_zone_id: str
    ttl_s: int
    check_interval_s: int
    failure_threshold: int

    @property
    def drain_s(self) -> int:
        """Return the seconds after which no well-behaved client holds an old answer.

        The health checkers need `interval * threshold` to agree, resolvers another TTL.
        """
        return self.check_interval_s * self.failure_threshold + self.ttl_s


@dataclass(frozen=True)
class Manifest:
    """One zone. `approvers` distinct people approve what cannot be undone.

    They approve in sessions of the `approver_roles`, whose trust policies let nobody take a role
    under another session name than the own user name. Empty where the manifest is too old to say,
    as `functions` is, the critical functions. `channels` is where people are told.
    """

    zone: str
    kind: ZoneKind
    account: str
    active: SiteName
    approvers: int
    objectives: Objectives
    retention: Retention
    window: MaintenanceWindow
    traffic: Traffic
    sites: Mapping[SiteName, Site]
    databases: tuple[Database, ...]
    version: int = VERSION
    witness: Witness | None = None
    approver_roles: tuple[str, ...] = ()
    functions: tuple[RestsOn, ...] = ()
    notice: NoticePeriod = field(default_factory=NoticePeriod)
    channels: Channels = field(default_factory=Channels)

    @property
    def standby(self) -> SiteName:
        """Return the site that does not serve."""
        return self.active.other

    @property
    def serving_site(self) -> Site:
        """Return the site that serves."""
        return self.sites[self.active]

    @property
    def standby_site(self) -> Site:
        """Return the site that stands by."""
        return self.sites[self.standby]
