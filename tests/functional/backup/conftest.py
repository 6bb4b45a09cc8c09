"""A lease table on moto for the holds; and a small zone in a world, with databases to back up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from moto import mock_aws
from moto.rds.models import rds_backends

from cloud.clients import Clients
from cloud.door import Cloud, Door
from continuity import naming
from continuity.manifest import Database, Hosting, Latch, Manifest, Member, Site, Traffic
from continuity.safekeeping import Bucket, Safekeeping
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from simulator import backstage
from simulator.clock import VirtualClock, VirtualWorkers
from simulator.world import ACCOUNT, World

HOME, AWAY = "eu-west-1", "eu-central-1"
REGIONS = {SiteName.HOME: HOME, SiteName.AWAY: AWAY}
START = datetime(2026, 3, 3, 1, tzinfo=UTC)
"""One o'clock in Lisbon: the window is open."""

_SCENERY = Clients()

Client = Any  # boto3's clients have no common type


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "simulated")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    with mock_aws():
        door = Cloud(clock, VirtualWorkers(clock, 4)).at("eu-central-1")
        door.change("dynamodb", "CreateTable", **_lease_table("lease"))
        yield door


@dataclass(frozen=True)
class Zone:
    """A zone of two databases in a world, and the door that the verbs go through."""

    world: World
    cloud: Cloud
    manifest: Manifest

    @property
    def now(self) -> datetime:
        return self.cloud.clock.now()

    def rds(self, region: str = HOME) -> Client:
        return backstage.client("rds", region)

    def s3(self, region: str = HOME) -> Client:
        return backstage.client("s3", region)

    def bucket(self, purpose: str, site: str = "home") -> str:
        return self.manifest.sites[SiteName(site)].safekeeping.bucket(purpose)

    def put(self, key: str, body: str, purpose: str = "public", **more: Any) -> None:  # noqa: ANN401 - boto3's
        """Write a file at home, and let a minute pass."""
        bucket = self.bucket(purpose)
        self.s3().put_object(Bucket=bucket, Key=key, Body=body.encode(), **more)
        self.world.clock.sleep(60)

    def bodies(self, bucket: str, prefix: str = "", region: str = HOME) -> dict[str, str]:
        """Return what a bucket shows, by key."""
        rows = self.s3(region).list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        got = {
            row["Key"]: self.s3(region).get_object(Bucket=bucket, Key=row["Key"])["Body"].read()
            for row in rows
        }
        return {key.removeprefix(prefix): body.decode() for key, body in got.items()}

    def snapshots(self, region: str = HOME) -> dict[str, Any]:
        """Return what moto holds, by identifier."""
        return dict(rds_backends[ACCOUNT][region].database_snapshots)

    def tags(self, identifier: str, region: str = HOME) -> list[dict[str, str]]:
        """Return a snapshot's tags as AWS lists them."""
        return list(self.snapshots(region)[identifier].tags)

    def instance(self, identifier: str, region: str = HOME) -> Any:  # noqa: ANN401 - moto's own
        """Return the instance as moto holds it."""
        return rds_backends[ACCOUNT][region].databases[identifier]

    def history(self, database: str, days: int, region: str = HOME, **tags: str) -> list[str]:
        """Let there be a usable point of every night before, the newest of last night first."""
        newest = self.now.replace(hour=1, minute=30, second=0, microsecond=0)
        newest -= timedelta(days=1) if newest > self.now else timedelta(0)
        return [
            self.point(database, newest - timedelta(days=day), region, **tags)
            for day in range(days)
        ]

    def point(self, database: str, at: datetime, region: str = HOME, **tags: str) -> str:
        """Let there be a usable point of a moment."""
        day = f"{at:%Y-%m-%d}"
        name = naming.snapshot("we1", database, day)
        carried = {**naming.tags("we1", None, database), naming.TAG_POINT: day, **tags}
        with self.world.instantly():
            self.rds(region).create_db_snapshot(
                DBSnapshotIdentifier=name,
                DBInstanceIdentifier=naming.instance("we1", database, _site(region), 1),
                Tags=[{"Key": key, "Value": value} for key, value in carried.items()],
            )
        made = self.snapshots(region)[name]
        made.original_snapshot_create_time = at.replace(tzinfo=None)
        return name


def _site(region: str) -> SiteName:
    return next(name for name, found in REGIONS.items() if found == region)


@pytest.fixture
def new_zone() -> Callable[..., Any]:
    return entered_zone


@pytest.fixture
def zone() -> Iterator[Zone]:
    yield from entered_zone()


def entered_zone(databases: tuple[str, ...] = ("accounts", "orders")) -> Iterator[Zone]:
    with World(seed=3, start=START) as world:
        with world.instantly():
            manifest = _manifest(databases)
        clients = Clients()
        clients._session = _SCENERY._session  # it has read botocore's service models already
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 4), clients=clients)
        yield Zone(world, cloud, manifest)


def _manifest(databases: tuple[str, ...]) -> Manifest:
    sites = {name: _built_site(name) for name in SiteName}
    return Manifest(
        zone="we1",
        kind=ZoneKind.PRODUCTION,
        account=ACCOUNT,
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
        retention=Retention(daily=5, weekly=4, monthly=3),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        traffic=Traffic("we1.example.com", "Z1", 60, 10, 3),
        sites=sites,
        databases=tuple(_built_database(name, sites) for name in databases),
    )


@pytest.fixture
def files() -> Iterator[Zone]:
    """A zone without databases: buckets that follow each other, vaults, a scratch place."""
    for zone in entered_zone(()):
        with zone.world.instantly():
            sites = {
                name: replace(site, safekeeping=_keeping(name, site))
                for name, site in zone.manifest.sites.items()
            }
            for name in SiteName:
                _follow(sites, name)
        yield replace(zone, manifest=replace(zone.manifest, sites=sites))


def _keeping(name: SiteName, site: Site) -> Safekeeping:
    names = [naming.bucket(ACCOUNT, "we1", name, purpose) for purpose in naming.FILES]
    scratch = naming.bucket(ACCOUNT, "we1", name, "scratch")
    s3 = backstage.client("s3", site.region)
    for bucket in (*names, scratch):
        where = {"LocationConstraint": site.region}
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 180},
    }
    s3.put_bucket_lifecycle_configuration(Bucket=names[0], LifecycleConfiguration={"Rules": [rule]})
    vault = naming.in_site("we1", name, "vault")
    made = backstage.client("backup", site.region).create_backup_vault(
        BackupVaultName=vault, EncryptionKeyArn=site.key_arn
    )
    return Safekeeping(
        vault=vault,
        vault_arn=made["BackupVaultArn"],
        service_role_arn=f"arn:aws:iam::{ACCOUNT}:role/holdfast-we1-backup-service",
        buckets=tuple(map(Bucket, naming.FILES, names)),
        scratch=scratch,
    )


def _follow(sites: Mapping[SiteName, Site], name: SiteName) -> None:
    """Let every bucket of a site be followed by its twin."""
    for purpose in naming.FILES:
        rule = {
            "ID": "follow",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {
                "Bucket": f"arn:aws:s3:::{sites[name.other].safekeeping.bucket(purpose)}",
                "EncryptionConfiguration": {"ReplicaKmsKeyID": sites[name.other].key_arn},
            },
        }
        backstage.client("s3", sites[name].region).put_bucket_replication(
            Bucket=sites[name].safekeeping.bucket(purpose),
            ReplicationConfiguration={"Role": "arn:aws:iam::1:role/r", "Rules": [rule]},
        )


def _built_site(name: SiteName) -> Site:
    region = REGIONS[name]
    table = naming.table("we1", name, "lease")
    backstage.client("dynamodb", region).create_table(**_lease_table(table))
    key = backstage.client("kms", region).create_key()["KeyMetadata"]["Arn"]
    return Site(
        region=region,
        incarnation=1,
        key_arn=key,
        vpc_id="vpc-none",
        application_security_group="sg-none",
        database_security_group="sg-none",
        subnet_group="none",
        hosting=Hosting("c", "s", "t", "i", "l", "h", "x", 1, 1, 1),
        latch=Latch("none", "closed", "open"),
        lease_table=table,
        journal_table="none",
        manifest_bucket="none",
        manifest_key=naming.MANIFEST_KEY,
    )


def _built_database(name: str, sites: Mapping[SiteName, Site]) -> Database:
    home, away = (naming.instance("we1", name, site, 1) for site in SiteName)
    made = backstage.client("rds", HOME).create_db_instance(
        DBInstanceIdentifier=home,
        DBInstanceClass="db.m7g.large",
        Engine="postgres",
        EngineVersion="16.4",
        AllocatedStorage=20,
        MasterUsername="platform",
        MasterUserPassword="correct-horse",
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
        KmsKeyId=sites[SiteName.HOME].key_arn,
        Tags=_listed(naming.tags("we1", SiteName.HOME, name)),
    )["DBInstance"]
    backstage.client("rds", AWAY).create_db_instance_read_replica(
        DBInstanceIdentifier=away,
        SourceDBInstanceIdentifier=made["DBInstanceArn"],
        KmsKeyId=sites[SiteName.AWAY].key_arn,
        Tags=_listed(naming.tags("we1", SiteName.AWAY, name)),
    )
    return Database(
        name=name,
        priority=1,
        engine="postgres",
        engine_version="16.4",
        port=5432,
        storage_gb=20,
        backup_retention_days=7,
        backup_window="03:00-03:30",
        members={
            site: Member(identifier, identifier, "a", "g", "db.m7g.large", multi_az=False)
            for site, identifier in zip(SiteName, (home, away), strict=True)
        },
    )


def _lease_table(name: str) -> dict[str, Any]:
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
