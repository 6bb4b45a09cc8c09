"""Log groups that RDS makes, and the key that the program gives them."""

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-west-1"
GROUP = "/aws/rds/instance/orders/postgresql"


def made(exports: list[str]) -> list[str]:
    """Make an instance that exports these logs, and return the groups that are there then."""
    client("rds", REGION).create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.r6g.large",
        Engine="postgres",
        AllocatedStorage=100,
        MasterUsername="app",
        MasterUserPassword="hunter2hunter2",
        EnableCloudwatchLogsExports=exports,
    )
    found = client("logs", REGION).describe_log_groups()["logGroups"]
    return [group["logGroupName"] for group in found]


def test_an_instance_that_exports_its_logs_gets_a_group_from_rds() -> None:
    with World(1, corrected=False) as world, world.instantly():
        assert made(["postgresql"]) == []
    with World(1) as world, world.instantly():
        assert made(["postgresql"]) == [GROUP]
        with pytest.raises(ClientError, match="ResourceAlreadyExists"):
            client("logs", REGION).create_log_group(logGroupName=GROUP)
    with World(1) as world, world.instantly():
        assert made([]) == []


def test_a_group_that_is_there_can_be_given_a_key() -> None:
    with World(1, corrected=False) as world, world.instantly():
        logs = client("logs", REGION)
        logs.create_log_group(logGroupName=GROUP)
        with pytest.raises(Exception, match="not been implemented"):
            logs.associate_kms_key(logGroupName=GROUP, kmsKeyId="arn:key")
    with World(1) as world, world.instantly():
        logs = client("logs", REGION)
        logs.create_log_group(logGroupName=GROUP)
        logs.associate_kms_key(logGroupName=GROUP, kmsKeyId="arn:key")
        assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == "arn:key"
        with pytest.raises(ClientError, match="ResourceNotFound"):
            logs.associate_kms_key(logGroupName="none", kmsKeyId="arn:key")
