"""A small zone, built call by call in a world: two databases, two sites, latches and records."""

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.config import Config

from continuity import naming
from continuity.manifest import Database, Manifest, Site, Witness
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind
from simulator import inside
from simulator.content import Content
from simulator.faults import Fault, FaultKind
from simulator.world import ACCOUNT, World


def _beside(name: str) -> ModuleType:
    """Load a file of this directory: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


scenery, records = _beside("zone_scenery"), _beside("zone_records")
ZONE, REGIONS = scenery.ZONE, scenery.REGIONS
NAME = "we1.example.com"
WITNESS = "eu-north-1"
DATABASES = scenery.DATABASES


@dataclass(frozen=True)
class Stage:
    """A world with a zone in it, and the calls that a run would make."""

    world: World
    manifest: Manifest
    client: Callable[[str, str], Any]

    @property
    def away(self) -> Site:
        return self.manifest.sites[SiteName.AWAY]

    def database(self, name: str) -> Database:
        return next(one for one in self.manifest.databases if one.name == name)

    def standing_by(self, name: str) -> str:
        return self.database(name).members[SiteName.AWAY].identifier

    def close(self) -> None:
        self._put(self.away.latch.closed_key)

    def open(self) -> None:
        self._put(self.away.latch.open_key)

    def revoke(self, text: str = "revoked") -> None:
        """Take the warrants of home away, or say something else in them."""
        key, witness = naming.warrant_key(SiteName.HOME), naming.witness_bucket(ACCOUNT, ZONE)
        for region, bucket in ((self.away.region, self.away.latch.bucket), (WITNESS, witness)):
            self.client("s3", region).put_object(Bucket=bucket, Key=key, Body=text.encode())

    def promote(self, name: str) -> None:
        rds = self.client("rds", self.away.region)
        rds.promote_read_replica(DBInstanceIdentifier=self.standing_by(name))

    def hold(self) -> None:
        dynamodb = self.client("dynamodb", self.away.region)
        item = {"name": {"S": "hold"}, "hold:INC-1": {"S": "{}"}}
        dynamodb.put_item(TableName=self.away.lease_table, Item=item)

    def try_a_point(self) -> None:
        """Let a trial leave its mark where holds lie: by it nothing is held."""
        dynamodb = self.client("dynamodb", self.away.region)
        item = {"name": {"S": "hold"}, "trial:arn:aws:rds:1": {"S": "{}"}}
        dynamodb.put_item(TableName=self.away.lease_table, Item=item)

    def take_lease(self) -> None:
        item = {"name": {"S": "lease"}, "owner": {"S": "test"}, "version": {"N": "1"}}
        dynamodb = self.client("dynamodb", self.away.region)
        dynamodb.put_item(TableName=self.away.lease_table, Item=item)

    def write_down(self, sequence: int, kind: str, *, step: str | None = None, **data: str) -> None:
        """Append one record to the journal as `cloud.journals` does, lease in hand."""
        item = {
            "run": {"S": "we1-0001"},
            "sequence": {"N": str(sequence)},
            "kind": {"S": kind},
            "step": {"NULL": True} if step is None else {"S": step},
            "sentence": {"S": f"{kind} it was"},
            "at": {"S": self.world.clock.now().isoformat()},
            "data": {"M": {key: {"S": value} for key, value in data.items()}},
        }
        check = {
            "TableName": self.away.lease_table,
            "Key": {"name": {"S": "lease"}},
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": "test"}},
        }
        put = {"TableName": self.away.journal_table, "Item": item}
        self.client("dynamodb", self.away.region).transact_write_items(
            TransactItems=[{"ConditionCheck": check}, {"Put": put}]
        )

    def prepare(self) -> None:
        """Do everything that comes before a promotion: lease, hold, plan, approval."""
        self.take_lease()
        self.hold()
        self.write_down(1, "planned", hash="abc")
        self.write_down(2, "approved", hash="abc", by="ana")

    def fault(self, *faults: Fault) -> None:
        """Let faults begin, counted from now."""
        self.world.faults.schedule(faults, origin=self.world.clock.monotonic())

    def lose(self, region: str) -> None:
        self.fault(Fault(FaultKind.REGION_LOST, 0, region=region))

    def lose_home(self) -> None:
        self.lose(REGIONS[SiteName.HOME])

    def wait_until_promoted(self) -> None:
        """Sleep until no instance of the standby is a replica any more."""
        away = inside.instances(self.away.region)
        while any(one.is_replica or one.status != "available" for one in away.values()):
            self.world.clock.sleep(10)

    def fail_over(self) -> None:
        """Do what a run does, in its order, with every wait."""
        self.prepare()
        self.close()
        self.revoke()
        self.world.clock.sleep(self.manifest.traffic.drain_s + 5)
        for database in self.manifest.databases:
            self.promote(database.name)
        self.wait_until_promoted()
        self.open()
        self.world.clock.sleep(self.manifest.traffic.drain_s + 5)

    def _put(self, key: str) -> None:
        self.client("s3", self.away.region).put_object(Bucket=self.away.latch.bucket, Key=key)


NewStage = Callable[[int], AbstractContextManager[Stage]]


@pytest.fixture
def new_stage() -> NewStage:
    return entered_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with entered_stage(11) as stage:
        yield stage


@contextmanager
def entered_stage(seed: int, databases: Sequence[str] = DATABASES) -> Iterator[Stage]:
    with World(seed) as world:
        clients = Clients()
        with world.instantly():
            manifest = build_zone(databases)
        Content.of(world)
        yield Stage(world, manifest, clients.client)


class Clients:
    """Plain boto3 clients with the patience of a run, and without retries of their own."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Any] = {}
        retries = {"mode": "standard", "total_max_attempts": 1}
        self._config = Config(connect_timeout=2, read_timeout=3, retries=retries)

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        if (service, region) not in self._made:
            self._made[service, region] = boto3.session.Session().client(
                service, region_name=region, config=self._config
            )
        return self._made[service, region]


def build_zone(names: Sequence[str] = DATABASES) -> Manifest:
    sites = {name: scenery.build_site(name, names) for name in SiteName}
    databases = tuple(scenery.build_database(name, sites) for name in names)
    witness = Witness(WITNESS, naming.witness_bucket(ACCOUNT, ZONE))
    scenery.build_bucket(witness.region, witness.bucket, *SiteName)
    traffic = records.build_records(NAME, sites, witness)
    return Manifest(
        zone=ZONE,
        kind=ZoneKind.PRODUCTION,
        account=ACCOUNT,
        active=SiteName.HOME,
        approvers=1,
        objectives=Objectives(rto=timedelta(hours=1), rpo=timedelta(minutes=5)),
        retention=Retention(daily=7, weekly=4, monthly=12),
        window=MaintenanceWindow(time(2), time(4), "Europe/Lisbon"),
        traffic=traffic,
        sites=sites,
        databases=databases,
        witness=witness,
    )
