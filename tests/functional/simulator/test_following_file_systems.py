"""EFS: who follows whom, and AWS's own policies, which moto does not have to begin with."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.attempt import NotSimulated
from simulator.backstage import client
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "backup.amazonaws.com"}}]}'
)


@pytest.fixture
def world() -> Iterator[World]:
    with World(1) as world, world.instantly():
        yield world


def made(region: str) -> str:
    efs = client("efs", region)
    return str(efs.create_file_system(CreationToken=region)["FileSystemId"])


def follow(source: str, target: str) -> None:
    there = {"Region": AWAY, "FileSystemId": target}
    client("efs", HOME).create_replication_configuration(
        SourceFileSystemId=source, Destinations=[there]
    )


def protection(identity: str) -> str:
    efs = client("efs", AWAY)
    (found,) = efs.describe_file_systems(FileSystemId=identity)["FileSystems"]
    return str(found["FileSystemProtection"]["ReplicationOverwriteProtection"])


def unprotect(identity: str) -> None:
    client("efs", AWAY).update_file_system_protection(
        FileSystemId=identity, ReplicationOverwriteProtection="DISABLED"
    )


def test_plain_moto_lets_no_file_system_follow() -> None:
    with World(1, corrected=False) as world, world.instantly():
        source, target = made(HOME), made(AWAY)
        with pytest.raises(NotSimulated):
            follow(source, target)


def test_a_protected_file_system_never_becomes_a_replica(world: World) -> None:
    del world
    source, target = made(HOME), made(AWAY)
    with pytest.raises(ClientError, match="is protected from being overwritten"):
        follow(source, target)


def test_a_replica_says_so_until_its_replication_ends(world: World) -> None:
    del world
    source, target = made(HOME), made(AWAY)
    unprotect(target)
    follow(source, target)
    assert protection(target) == "REPLICATING"
    efs = client("efs", HOME)
    (one,) = efs.describe_replication_configurations(FileSystemId=source)["Replications"]
    assert one["Destinations"][0]["FileSystemId"] == target
    efs.delete_replication_configuration(SourceFileSystemId=source)
    assert protection(target) == "DISABLED"
    with pytest.raises(ClientError, match="is not replicated"):
        efs.describe_replication_configurations(FileSystemId=source)


def test_a_file_system_takes_part_in_one_replication_only(world: World) -> None:
    del world
    source, target = made(HOME), made(AWAY)
    unprotect(target)
    follow(source, target)
    with pytest.raises(ClientError, match="takes part in a replication already"):
        follow(source, target)


def attach(arn: str) -> list[dict[str, Any]]:
    iam = client("iam", "us-east-1")
    iam.create_role(RoleName="service", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="service", PolicyArn=arn)
    found: list[dict[str, Any]] = iam.list_attached_role_policies(RoleName="service")[
        "AttachedPolicies"
    ]
    return found


def test_plain_moto_has_none_of_the_policies_that_aws_manages() -> None:
    with (
        World(1, corrected=False) as world,
        world.instantly(),
        pytest.raises(ClientError, match="NoSuchEntity"),
    ):
        attach(MANAGED)


def test_a_policy_that_aws_manages_can_be_attached(world: World) -> None:
    del world
    assert [row["PolicyArn"] for row in attach(MANAGED)] == [MANAGED]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/NobodyEverWroteThis",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForBackup",
    ],
)
def test_one_that_does_not_exist_under_its_path_cannot(world: World, arn: str) -> None:
    del world
    with pytest.raises(ClientError, match="NoSuchEntity"):
        attach(arn)
