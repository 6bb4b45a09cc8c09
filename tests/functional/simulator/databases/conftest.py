"""A pair of regions with keys and subnet groups, and databases made in no time."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from simulator import backstage  # moto comes before any session does
from simulator.world import World

Client = Any  # boto3's clients have no common type

HOME, AWAY = "eu-west-1", "eu-central-1"
SESSION = boto3.Session()
"""One for all tests: it keeps the service models that it has read."""


class Pair:
    """Two regions of a world: `home` and `away` are ordinary RDS clients, each with a key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        patience = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
        self.home: Client = SESSION.client("rds", region_name=HOME, config=patience)
        self.away: Client = SESSION.client("rds", region_name=AWAY, config=patience)
        self.home_key = backstage.client("kms", HOME).create_key()["KeyMetadata"]["Arn"]
        self.away_key = backstage.client("kms", AWAY).create_key()["KeyMetadata"]["Arn"]
        self.home_arn = f"arn:aws:rds:{HOME}:123456789012:db:orders"

    def primary(self, name: str = "orders", **more: object) -> None:
        """Make an encrypted PostgreSQL primary with backups at home."""
        asked = {
            "DBInstanceIdentifier": name,
            "Engine": "postgres",
            "EngineVersion": "16.3",
            "DBInstanceClass": "db.m6g.large",
            "AllocatedStorage": 100,
            "MasterUsername": "holder",
            "MasterUserPassword": "not-a-secret",
            "StorageEncrypted": True,
            "KmsKeyId": self.home_key,
            "BackupRetentionPeriod": 7,
        }
        with self.world.instantly():
            self.home.create_db_instance(**(asked | more))

    def replica(self, name: str = "orders-replica", **more: object) -> None:
        """Make a replica of `orders` in the away region."""
        asked = {
            "DBInstanceIdentifier": name,
            "SourceDBInstanceIdentifier": self.home_arn,
            "KmsKeyId": self.away_key,
        }
        with self.world.instantly():
            self.away.create_db_instance_read_replica(**(asked | more))

    def shown(self, client: Client, name: str) -> dict[str, Any]:
        """Describe an instance, or return {} where there is none."""
        with self.world.instantly():
            listed = client.describe_db_instances()["DBInstances"]
        return next((row for row in listed if row["DBInstanceIdentifier"] == name), {})

    def status(self, client: Client, name: str) -> str:
        """Return an instance's status, or `gone`."""
        return str(self.shown(client, name).get("DBInstanceStatus", "gone"))

    def subnet_group(self, region: str, name: str) -> str:
        """Make a subnet group in a region, and return its VPC."""
        ec2 = backstage.client("ec2", region)
        subnets = ec2.describe_subnets()["Subnets"][:2]
        backstage.client("rds", region).create_db_subnet_group(
            DBSubnetGroupName=name,
            DBSubnetGroupDescription=name,
            SubnetIds=[subnet["SubnetId"] for subnet in subnets],
        )
        return str(subnets[0]["VpcId"])


@pytest.fixture
def pair() -> Iterator[Pair]:
    with World(seed=1) as world:
        yield Pair(world)


@pytest.fixture
def raw() -> Iterator[Pair]:
    """The same pair on moto as it is."""
    with World(seed=1, corrected=False) as world:
        yield Pair(world)
