"""What the program needs of RDS and plain moto (`corrected=False`) gets wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

HOME = "eu-west-1"


@contextmanager
def worlds(*, corrected: bool) -> Iterator[Any]:
    with World(seed=1, corrected=corrected) as world, world.instantly():
        yield client("rds", HOME)


def make(rds: Any, **more: object) -> dict[str, Any]:  # noqa: ANN401 - a boto3 client
    found: dict[str, Any] = rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.r6g.large",
        Engine="postgres",
        AllocatedStorage=100,
        MasterUsername="app",
        MasterUserPassword="hunter2hunter2",
        **more,
    )["DBInstance"]
    return found


TOUCHING = {
    "PreferredBackupWindow": "00:00-02:30",
    "PreferredMaintenanceWindow": "sun:02:30-sun:05:00",
}


def test_a_backup_window_may_end_when_the_maintenance_window_begins() -> None:
    with worlds(corrected=False) as rds, pytest.raises(ClientError, match="must not overlap"):
        make(rds, **TOUCHING)
    with worlds(corrected=True) as rds:
        assert make(rds, **TOUCHING)["PreferredBackupWindow"] == "00:00-02:30"


def test_windows_that_share_a_minute_are_refused() -> None:
    overlapping = TOUCHING | {"PreferredBackupWindow": "00:00-02:31"}
    with worlds(corrected=True) as rds, pytest.raises(ClientError, match="must not overlap"):
        make(rds, **overlapping)


def test_a_modified_subnet_group_is_still_there() -> None:
    for corrected, left in ((False, []), (True, ["group"])):
        with worlds(corrected=corrected) as rds:
            subnets = client("ec2", HOME).describe_subnets()["Subnets"]
            named = {"DBSubnetGroupName": "group", "SubnetIds": [subnets[0]["SubnetId"]]}
            rds.create_db_subnet_group(**named, DBSubnetGroupDescription="old")
            rds.modify_db_subnet_group(**named, DBSubnetGroupDescription="new")
            groups = rds.describe_db_subnet_groups()["DBSubnetGroups"]
            assert [group["DBSubnetGroupName"] for group in groups] == left


def test_an_unknown_subnet_group_cannot_be_modified() -> None:
    with worlds(corrected=True) as rds:
        subnet = client("ec2", HOME).describe_subnets()["Subnets"][0]["SubnetId"]
        with pytest.raises(ClientError, match="DBSubnetGroupNotFoundFault"):
            rds.modify_db_subnet_group(DBSubnetGroupName="none", SubnetIds=[subnet])
