"""What must wake somebody in a site, and what a diagnosis of a failover reads there.

`stacks.safekeeping` makes one per site. Every alarm is declared in both sites and for both roles;
what the role changes is what silence means: a replica that reports no lag follows nobody, a primary
has none to report. So a swap of roles changes alarms in place and loses no history.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi

from continuity.health_alarms import DatabaseAlarm, PlatformAlarm, of_database
from stacks.alarm import ABOVE, BELOW, Limit, Metric, Watch, alarm
from stacks.place import Place
from stacks.settings_databases import DatabaseSettings

_GB = 1024**3
_LAG_S = 900.0
"""An idle PostgreSQL replica reports up to five minutes (see `stacks.settings_time`); three times
that is no idleness any more."""

_FREE_SHARE = 10  # percent of the storage; below it PostgreSQL has little time left
_SLOT_SHARE = 20
"""Percent of the storage that write-ahead log may take while it waits for a replica. A replica that
is gone makes its source keep everything, until the source's storage is full."""
_LOG_SHARE = 40
"""Percent of the storage that all write-ahead log may take. A replica may be the reason for a
quarter (`stacks.database`); more is kept for something else, such as backups that do not arrive."""


@dataclass(frozen=True)
class WatchedDatabase:
    """One instance of the site, by what identifies it at the moment."""

    settings: DatabaseSettings
    identifier: str


@dataclass(frozen=True)
class AlarmsArgs:
    """`serves` is the site's role; `balancer` and `targets` are the suffixes that metrics use."""

    place: Place
    topic: pulumi.Input[str]
    serves: bool
    databases: Sequence[WatchedDatabase]
    balancer: pulumi.Input[str]
    targets: pulumi.Input[str]
    least_tasks: int


class Alarms(pulumi.ComponentResource):
    """Produces the alarms of a site's databases and of its platform."""

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Alarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for watch in [*_platform(args), *_databases(args)]:
            alarm(args.place, args.topic, watch, child)
        self.register_outputs({})


def _platform(args: AlarmsArgs) -> Iterator[Watch]:
    """Both sites run tasks, and both must be able to serve: the standby's too few count as well."""
    whose = {"LoadBalancer": args.balancer, "TargetGroup": args.targets}
    yield Watch(
        PlatformAlarm.UNHEALTHY,
        "Tasks of the platform do not answer their load balancer",
        Metric("AWS/ApplicationELB", "UnHealthyHostCount", whose),
        Limit(ABOVE, 0.0),
    )
    yield Watch(
        PlatformAlarm.TOO_FEW,
        "Fewer healthy tasks than the site's role demands",
        Metric("AWS/ApplicationELB", "HealthyHostCount", whose, "Minimum"),
        Limit(BELOW, float(args.least_tasks), missing="breaching"),
    )


def _databases(args: AlarmsArgs) -> Iterator[Watch]:
    for database in args.databases:
        yield from _database(database, serves=args.serves)


def _database(database: WatchedDatabase, *, serves: bool) -> Iterator[Watch]:
    name, storage = database.settings.name, database.settings.storage_gb * _GB
    whose = {"DBInstanceIdentifier": database.identifier}
    yield Watch(
        of_database(name, DatabaseAlarm.LAG),
        f"The replica of {name} is far behind its primary, or follows it no longer",
        Metric("AWS/RDS", "ReplicaLag", whose),
        Limit(ABOVE, _LAG_S, missing="notBreaching" if serves else "breaching"),
    )
    yield Watch(
        of_database(name, DatabaseAlarm.STORAGE),
        f"{name} has less than {_FREE_SHARE}% of its storage free",
        Metric("AWS/RDS", "FreeStorageSpace", whose, "Minimum"),
        Limit(BELOW, float(storage * _FREE_SHARE // 100), missing="missing"),
    )
    yield Watch(
        of_database(name, DatabaseAlarm.SLOT_LAG),
        f"{name} keeps much write-ahead log for a replica that does not take it: its disk fills up",
        Metric("AWS/RDS", "OldestReplicationSlotLag", whose),
        Limit(ABOVE, float(storage * _SLOT_SHARE // 100)),
    )
    yield Watch(
        of_database(name, DatabaseAlarm.TRANSACTION_LOGS),
        f"{name} has much write-ahead log that nothing takes away: its disk fills up",
        Metric("AWS/RDS", "TransactionLogsDiskUsage", whose),
        Limit(ABOVE, float(storage * _LOG_SHARE // 100)),
    )
