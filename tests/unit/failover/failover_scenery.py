"""A small zone's manifest, instances, what they are restored from, and time: all in memory.

`conftest.py` loads it by its path: tests are no package.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic, Witness
from continuity.restorable import Restorable, RestorableKind, Storage
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from failover.observation import Instance

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
PROMOTION_S, NOTICE_S, RESTORE_S = 180.0, 16.0, 1200.0


@dataclass
class FakeInstance:
    """A replica until it is promoted; busy for a while after that."""

    promoted_at: float | None = None
    terminal: str | None = None
    busy: str | None = None
    protected: bool = True
    group_synced: bool = True
    source: str | None = "arn:primary"
    restored_at: float | None = None
    restored_by: str = ""
    read_only: bool = False

    def seen(self, now: float) -> Instance:
        if self.restored_at is not None:
            return self.back(now)
        since = -1.0 if self.promoted_at is None else now - self.promoted_at
        promoted = since >= PROMOTION_S
        promoting = NOTICE_S <= since < PROMOTION_S
        status = self.terminal or self.busy or ("modifying" if promoting else "available")
        source = None if promoted and not self.terminal else self.source
        protected = self.protected and promoted
        synced = self.group_synced
        return Instance(status, source, 7, "03:00-04:00", protected, "we1-away", synced)

    def back(self, now: float) -> Instance:
        creating = "available" if now - self.restored_at >= RESTORE_S else "creating"
        status, done = self.terminal or creating, creating == "available"
        still = "Initializing 40 %" if done else ""
        window, group = "03:00-04:00", "we1-away"
        return Instance(status, None, 7, window, True, group, True, self.restored_by, still)


def backups(database: str, **changes: object) -> Restorable:
    """Return the replicated backups of a database, restorable up to two minutes before 09:00."""
    arn = f"arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-{database}"
    oldest, newest = START - timedelta(days=7), START - timedelta(minutes=2)
    found = Restorable(
        RestorableKind.BACKUPS,
        arn,
        database,
        f"we1-{database}-home-1",
        "replicating",
        oldest,
        newest,
        "key",
        Storage(100, "gp3", 3000, 125),
    )
    return replace(found, **changes)


def snapshot(database: str, **changes: object) -> Restorable:
    """Return a copied snapshot of a database, four minutes older than 09:00."""
    moment = START - timedelta(minutes=4)
    return replace(
        backups(database),
        **{
            "kind": RestorableKind.SNAPSHOT,
            "name": f"we1-{database}-copy",
            "status": "available",
            "oldest": moment,
            "newest": moment,
            **changes,
        },
    )


def make_manifest(databases: Sequence[str] = ("billing", "orders"), approvers: int = 1) -> Manifest:
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account="123456789012",
        active=SiteName.HOME,
        approvers=approvers,
        objectives=Objectives(timedelta(minutes=15), timedelta(minutes=5)),
        retention=Retention(7, 4, 12),
        window=MaintenanceWindow(time(2), time(4), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites={name: _site(name) for name in SiteName},
        databases=tuple(_database(name, index + 1) for index, name in enumerate(databases)),
        witness=Witness("eu-north-1", "witness-latch"),
    )


def _site(name: SiteName) -> Site:
    region = {"home": "eu-west-1", "away": "eu-central-1"}[name]
    hosting = Hosting(
        *("c", "platform", "td", "img", f"{name}.lb", f"{name}.page", "st", 2, 4, 8),
        addresses_bucket=f"{name}-addresses",
        addresses_key="databases.env",
    )
    latch = Latch(f"{name}-latch", f"closed/{name.other}", f"open/{name}", f"warrant/{name.other}")
    names = ("key", "vpc", "app-sg", "db-sg", "subnets")
    return Site(region, 1, *names, hosting, latch, "lease", "journal", "bucket", "manifest.json")


def address_of(identifier: str) -> str:
    return f"{identifier}.rds"


def _database(name: str, priority: int) -> Database:
    members = {
        site: Member(
            f"we1-{name}-{site}-1",
            "arn",
            address_of(f"we1-{name}-{site}-1"),
            f"we1-{site}",
            "db.r6g",
            True,
        )
        for site in SiteName
    }
    return Database(name, priority, "postgres", "16", 5432, 100, 7, "03:00-04:00", members)


class FakeClock:
    """Time that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment_of(self.seconds)

    def moment_of(self, seconds: float) -> datetime:
        return START + timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
