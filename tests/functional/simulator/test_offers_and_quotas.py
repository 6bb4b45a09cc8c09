"""What regions offer and how much of it: unknown to plain moto (`corrected=False`)."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import limits
from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.corrections import rds_offers
from simulator.faults import Fault, FaultKind
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


def create(region: str = REGION) -> None:
    client("rds", region).create_db_instance(
        DBInstanceIdentifier="one",
        DBInstanceClass=CLASS,
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="someone",
        MasterUserPassword="not-a-secret",
    )


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
        create()
        limits.change(world, REGION, limits.DB_INSTANCES, 1)
        assert databases() == (1, 1)
        limits.change(world, "eu-west-1", limits.DB_INSTANCES, 7)
        assert databases() == (1, 1)


def snapshots(region: str, *names: str) -> list[str]:
    """Take manual snapshots of a database, and return the code of AWS's no to each."""
    rds, codes = client("rds", region), []
    if not rds.describe_db_instances()["DBInstances"]:
        create(region)
    for name in names:
        try:
            rds.create_db_snapshot(DBInstanceIdentifier="one", DBSnapshotIdentifier=name)
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
        else:
            codes.append("")
    return codes


def test_no_snapshot_is_taken_beyond_the_quota_of_manual_ones() -> None:
    with World(seed=1, corrected=False) as world:
        limits.change(world, REGION, limits.MANUAL_SNAPSHOTS, 1)
        assert snapshots(REGION, "monday", "tuesday") == ["", ""]
    with World(seed=1) as world, world.instantly():
        limits.change(world, REGION, limits.MANUAL_SNAPSHOTS, 1)
        assert snapshots(REGION, "monday", "tuesday") == ["", "SnapshotQuotaExceeded"]
        client("rds", REGION).delete_db_snapshot(DBSnapshotIdentifier="monday")
        client("rds", REGION).create_db_snapshot(
            DBInstanceIdentifier="one", DBSnapshotIdentifier="tuesday"
        )


def test_while_the_account_has_reached_its_quotas_there_is_room_for_no_snapshot() -> None:
    fault = Fault(FaultKind.QUOTA_EXCEEDED, 0, region=REGION, lasts_s=60)
    with World(seed=1) as world:
        world.faults.schedule([fault], origin=0)
        world.clock.sleep(1)
        with world.instantly():
            assert snapshots(REGION, "monday") == ["SnapshotQuotaExceeded"]
            rows = client("rds", REGION).describe_account_attributes()["AccountQuotas"]
            assert {"AccountQuotaName": "ManualSnapshots", "Used": 0, "Max": 0} in rows
        world.clock.sleep(60)
        with world.instantly():
            assert snapshots("eu-west-1", "monday") == [""]
            assert snapshots(REGION, "monday") == [""]
