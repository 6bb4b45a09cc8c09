"""A picture of a zone that is ready, made by hand; tests break one thing of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from continuity import addresses, manifest_json, naming
from continuity.addresses import AddressFile
from continuity.manifest import Database, Manifest, Member, Site
from continuity.zone import SiteName
from failover.observation import LagPoint, Reading
from failover.readiness.directions import Directions, Silence
from failover.readiness.picture import (
    MULTI_AZ,
    Calculated,
    CheckSettings,
    Copy,
    CopyKind,
    Drill,
    HealthCheck,
    Held,
    Instance,
    Picture,
    Proof,
    Quota,
    Record,
    Replication,
    Scaling,
    Secret,
    Service,
    SitePicture,
    StandbyPicture,
    Table,
)

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HOME, AWAY = SiteName.HOME, SiteName.AWAY


def read(value: Any) -> Reading[Any]:  # noqa: ANN401 - whatever was read
    return Reading(NOW, value, None)


@pytest.fixture(scope="session")
def reading() -> Callable[[Any], Reading[Any]]:
    return read


@pytest.fixture
def ready(manifest_of: Callable[..., Manifest]) -> Picture:
    """Return what looks would find where nothing stands against a failover from home to away."""
    manifest = complete(manifest_of())
    home, away = manifest.serving_site, manifest.standby_site
    name = manifest.traffic.name
    return Picture(
        now=NOW,
        manifest=manifest,
        account=read(manifest.account),
        standby=site_picture(manifest, AWAY),
        serving=site_picture(manifest, HOME),
        target=target_picture(manifest),
        records=read(
            frozenset(
                {
                    Record(name, "PRIMARY", "home.lb", home.serves_check),
                    Record(name, "SECONDARY", f"standby.{name}", ""),
                    Record(f"standby.{name}", "PRIMARY", "away.lb", away.open_check),
                    Record(f"standby.{name}", "SECONDARY", "away.page", ""),
                }
            )
        ),
        checks={
            "home not closed": check(away, "closed/home", inverted=True),
            "home opened": check(home, "open/home", inverted=False),
            "away not closed": check(home, "closed/away", inverted=True),
            "away opened": check(away, "open/away", inverted=False),
            "home warranted by the standby": warrant(away.latch.bucket, away.region),
            "home warranted by the witness": warrant("witness-latch", "eu-north-1"),
        },
        denied={"databases": read(())},
        calculated={"home serves": read(serves())},
        left_quotas=read({"DBInstances": Quota(2, 40)}),
        left_backups=read(0),
        directions={site: towards(manifest, site) for site in SiteName},
        tagged={site: read({}) for site in SiteName},
    )


def towards(manifest: Manifest, site: SiteName) -> Directions:
    duties = {"capture"} if site is HOME else {"capture", "prune", "verify"}
    return Directions(
        duties=read(frozenset(duties)),
        lag_alarms=read(
            {
                each.name: Silence(each.members[site].identifier, alarms=site is AWAY)
                for each in manifest.databases
            }
        ),
        files=read({"public": naming.bucket(manifest.account, "we1", site.other, "public")}),
        vaults=read(
            frozenset({"arn:aws:backup:eu-central-1:1:backup-vault:we1-away-vault"})
            if site is HOME
            else frozenset()
        ),
        images=read(frozenset({manifest.sites[AWAY].region} if site is HOME else set())),
        file_system=read("fs-away" if site is HOME else ""),
    )


def complete(manifest: Manifest) -> Manifest:
    """Give the small manifest what only readiness reads, different in each site."""
    sites = {
        name: replace(
            site,
            key_arn=f"key-{name}",
            hosting=replace(site.hosting, cpu=1024),
            safekeeping=replace(site.safekeeping, file_system=f"fs-{name}"),
            not_closed_check=f"{name}-not-closed",
            open_check=f"{name}-open",
            serves_check=f"{name}-serves",
        )
        for name, site in manifest.sites.items()
    }
    return replace(
        manifest, sites=sites, databases=tuple(named(each) for each in manifest.databases)
    )


def named(database: Database) -> Database:
    members: dict[SiteName, Member] = {
        site: replace(member, arn=f"arn:{member.identifier}", secret_arn=f"secret-{site}")
        for site, member in database.members.items()
    }
    return replace(database, engine_version="16.4", members=members)


def site_picture(manifest: Manifest, name: SiteName) -> SitePicture:
    hosting = manifest.sites[name].hosting
    databases = manifest.databases
    replicas = {manifest.sites[AWAY].region: "InSync"}
    serving = name is HOME
    return SitePicture(
        instances=read(
            {each.members[name].identifier: instance(manifest, each, name) for each in databases}
        ),
        parameters={each.name: read({"rds.force_ssl": "1"}) for each in databases},
        secrets={
            each.name: read(Secret("v1", deleted=False, replicas=replicas)) for each in databases
        },
        key=read("Enabled"),
        latches=read(frozenset({manifest.sites[name].latch.warrant_key})),
        manifest_copy=read(manifest_json.digest(manifest)),
        addresses=read(
            AddressFile(
                addresses.text({each.name: each.members[name].address for each in databases})
            )
        ),
        service=read(Service("ACTIVE", 4, 4, hosting.task_definition)),
        scaling=read(Scaling(2, 8) if serving else Scaling(1, 4)),
    )


def instance(manifest: Manifest, database: Database, name: SiteName) -> Instance:
    member = database.members[name]
    follows = name is AWAY
    return Instance(
        identifier=member.identifier,
        status="available",
        source=database.members[HOME].arn if follows else None,
        engine_version=database.engine_version,
        instance_class=member.instance_class,
        storage_gb=database.storage_gb,
        key=manifest.sites[name].key_arn,
        parameter_group=member.parameter_group,
        parameter_status="in-sync",
        replication=(Replication("replicating", normal=True, message=""),) if follows else (),
    )


def target_picture(manifest: Manifest) -> StandbyPicture:
    databases = manifest.databases
    return StandbyPicture(
        lags=read(
            {
                each.members[AWAY].identifier: (LagPoint(NOW - timedelta(minutes=1), 3.0),)
                for each in databases
            }
        ),
        copies=read(tuple(backups(manifest, each) for each in databases)),
        offers={each.name: read(frozenset({MULTI_AZ})) for each in databases},
        database_quotas=read({"DBInstances": Quota(2, 40), "ManualSnapshots": Quota(0, 100)}),
        container_quota=read(100.0),
        image=read(True),
        admits_application=read(True),
        tables={name: read(Table("ACTIVE", recoverable=True)) for name in ("lease", "journal")},
        lease=read(Held("", "")),
        holds=read(()),
        drill=read(Drill(NOW - timedelta(days=335), "region-loss")),
        proofs=read(tuple(Proof(each.name, NOW - timedelta(days=14)) for each in databases)),
    )


def backups(manifest: Manifest, database: Database) -> Copy:
    return Copy(
        CopyKind.BACKUPS,
        identifier=f"ab-{database.name}",
        instance=database.members[HOME].identifier,
        status="replicating",
        newest=NOW - timedelta(minutes=4),
        key=manifest.sites[AWAY].key_arn,
        retention_days=database.backup_retention_days,
    )


def warrant(bucket: str, region: str) -> Reading[HealthCheck]:
    host = f"{bucket}.s3.{region}.amazonaws.com"
    return read(HealthCheck(warrant_settings(host), (True, True, True)))


def warrant_settings(host: str) -> CheckSettings:
    search = naming.WARRANTED
    return CheckSettings(host, "/warrant/home", False, 10, 3, search=search)


def serves() -> Calculated:
    hosts = ("away-latch.s3.eu-central-1", "witness-latch.s3.eu-north-1")
    closed = CheckSettings(f"{hosts[0]}.amazonaws.com", "/closed/home", True, 10, 3)
    warrants = [warrant_settings(f"{host}.amazonaws.com") for host in hosts]
    return Calculated("CALCULATED", 3, False, False, (closed, *warrants, closed))


def check(watcher: Site, key: str, *, inverted: bool) -> Reading[HealthCheck]:
    host = f"{watcher.latch.bucket}.s3.{watcher.region}.amazonaws.com"
    settings = CheckSettings(host, f"/{key}", inverted, interval_s=10, threshold=3)
    return read(HealthCheck(settings, (False, False, False)))
