"""What regions offer and how much of it: unknown to plain moto (`corrected=False`)."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import limits
from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.corrections import rds_offers
from simulator.world import World

REGION, CLASS = "eu-central-1", "db.r6g.large"


def offers() -> list[dict[str, Any]]:
    found = client("rds", REGION).describe_orderable_db_instance_options(
        Engine="postgres", EngineVersion="16.11", DBInstanceClass=CLASS
    )
    rows: list[dict[str, Any]] = found["OrderableDBInstanceOptions"]
    return rows


def cores() -> float:
    quotas = client("service-quotas", REGION)
    reply = quotas.get_service_quota(ServiceCode="fargate", QuotaCode=limits.FARGATE_CORES)
    return float(reply["Quota"]["Value"])


def databases() -> tuple[int, int]:
    rows = client("rds", REGION).describe_account_attributes()["AccountQuotas"]
    [row] = [row for row in rows if row["AccountQuotaName"] == "DBInstances"]
    return row["Used"], row["Max"]


def test_postgresql_can_be_ordered_until_a_region_withholds_the_class() -> None:
    with World(seed=1, corrected=False):
        assert offers() == []
    with World(seed=1) as world:
        [offer] = offers()
        assert (offer["DBInstanceClass"], offer["MultiAZCapable"]) == (CLASS, True)
        rds_offers.withhold(world, "eu-west-1", CLASS)
        assert offers()
        rds_offers.withhold(world, REGION, CLASS)
        assert offers() == []


def test_fargate_has_a_quota_of_its_own() -> None:
    with World(seed=1, corrected=False), pytest.raises(ClientError, match="NoSuchResource"):
        cores()
    with World(seed=1) as world:
        assert cores() == 4000
        limits.change(world, REGION, limits.FARGATE_CORES, 6)
        assert cores() == 6
        with pytest.raises(ClientError, match="NoSuchResource"):
            client("service-quotas", REGION).get_service_quota(
                ServiceCode="fargate", QuotaCode="L-0"
            )


def test_databases_count_against_the_account() -> None:
    with World(seed=1, corrected=False), pytest.raises(NotSimulated):
        databases()
    with World(seed=1) as world, world.instantly():
        assert databases() == (0, 40)
        client("rds", REGION).create_db_instance(
            DBInstanceIdentifier="one",
            DBInstanceClass=CLASS,
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="someone",
            MasterUserPassword="not-a-secret",
        )
        limits.change(world, REGION, limits.DB_INSTANCES, 1)
        assert databases() == (1, 1)
        limits.change(world, "eu-west-1", limits.DB_INSTANCES, 7)
        assert databases() == (1, 1)
