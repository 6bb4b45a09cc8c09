"""Functions that mount file systems: what AWS refuses, and what takes its time."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import shared_files
from simulator.backstage import client
from simulator.faults import Fault, FaultKind
from simulator.timings import Takes
from simulator.world import World

REGION, AWAY = "eu-west-1", "eu-central-1"
LONG_S = 300.0
"""Longer than any of these changes takes (`simulator.timings`)."""


@pytest.fixture
def world() -> Iterator[World]:
    with World(1) as world:
        yield world


def subnets() -> list[str]:
    """Return a subnet in each of two zones of availability."""
    ec2 = client("ec2", REGION)
    network = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(
            VpcId=network, CidrBlock=f"10.1.{index}.0/24", AvailabilityZone=f"{REGION}{letter}"
        )["Subnet"]["SubnetId"]
        for index, letter in enumerate("ab")
    ]


def file_system() -> str:
    return str(client("efs", REGION).create_file_system(CreationToken="x")["FileSystemId"])


def access_point(system: str) -> dict[str, str]:
    made = client("efs", REGION).create_access_point(ClientToken="t", FileSystemId=system)
    return {"Arn": str(made["AccessPointArn"]), "LocalMountPath": "/mnt/files"}


def inside(network: list[str]) -> dict[str, list[str]]:
    """Return how a function stands in subnets; in none it stands in no network."""
    if not network:
        return {}
    ec2 = client("ec2", REGION)
    [found] = ec2.describe_subnets(SubnetIds=network[:1])["Subnets"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=found["VpcId"])
    return {"SubnetIds": network, "SecurityGroupIds": [group["GroupId"]]}


def function(network: list[str]) -> Any:  # noqa: ANN401 - a boto3 client
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("app.py", "")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = client("iam", REGION).create_role(RoleName="runs", AssumeRolePolicyDocument=trust)
    made = client("lambda", REGION)
    made.create_function(
        FunctionName="it", Runtime="python3.13", Handler="app.run", Role=role["Role"]["Arn"],
        Code={"ZipFile": packed.getvalue()}, VpcConfig=inside(network),
    )  # fmt: skip
    return made


def mount(system: str, subnet: str) -> str:
    made = client("efs", REGION).create_mount_target(FileSystemId=system, SubnetId=subnet)
    return str(made["MountTargetId"])


def lead(made: Any, *mounts: dict[str, str]) -> None:  # noqa: ANN401 - a boto3 client
    made.update_function_configuration(FunctionName="it", FileSystemConfigs=list(mounts))


def state(made: Any) -> tuple[str, int]:  # noqa: ANN401 - a boto3 client
    found = made.get_function_configuration(FunctionName="it")
    return found["LastUpdateStatus"], len(found.get("FileSystemConfigs", ()))


def test_plain_moto_mounts_what_cannot_be_reached_and_forgets_it() -> None:
    with World(1, corrected=False):
        made, system = function(subnets()), file_system()
        lead(made, access_point(system))
        lead(made, access_point(system))  # at once, with a token that was used
        assert state(made) == ("Successful", 0)
        place = mount(system, subnets()[0])
        efs = client("efs", REGION)
        [target] = efs.describe_mount_targets(FileSystemId=system)["MountTargets"]
        assert target["LifeCycleState"] == "available"
        efs.delete_mount_target(MountTargetId=place)
        efs.delete_file_system(FileSystemId=system)


def test_a_function_mounts_only_where_each_of_its_zones_has_a_mount_target(world: World) -> None:
    network = subnets()
    made, system = function(network), file_system()
    point = access_point(system)
    for subnet in network:
        with pytest.raises(ClientError, match="all availability zones that the function"):
            lead(made, point)
        mount(system, subnet)
    with pytest.raises(ClientError, match="all availability zones that the function"):
        lead(made, point)  # they are there, and not yet available
    world.clock.sleep(LONG_S)
    lead(made, point)
    assert state(made) == ("InProgress", 1)
    with pytest.raises(ClientError, match="An update is in progress for resource"):
        lead(made)
    world.clock.sleep(LONG_S)
    assert state(made) == ("Successful", 1)
    lead(made)
    world.clock.sleep(LONG_S)
    assert state(made) == ("Successful", 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Arn": "arn:aws:elasticfilesystem:eu-west-1:1:access-point/fsap-0"}, "does not exist"),
        ({"LocalMountPath": "/tmp"}, "begins with /mnt/"),  # noqa: S108 - what AWS refuses
    ],
)
def test_what_is_no_access_point_or_no_place_to_mount_is_refused(
    world: World, change: dict[str, str], told: str
) -> None:
    network = subnets()
    with world.instantly():
        made, system = function(network), file_system()
        for subnet in network:
            mount(system, subnet)
        with pytest.raises(ClientError, match=told):
            lead(made, access_point(system) | change)


def test_a_function_outside_a_network_mounts_nothing(world: World) -> None:
    with world.instantly():
        made, system = function([]), file_system()
        with pytest.raises(ClientError, match="execute in a VPC"):
            lead(made, access_point(system))


def test_a_file_system_goes_when_its_last_mount_target_has_gone(world: World) -> None:
    efs, system = client("efs", REGION), file_system()
    place = mount(system, subnets()[0])
    world.clock.sleep(LONG_S)
    efs.delete_mount_target(MountTargetId=place)
    efs.delete_mount_target(MountTargetId=place)
    [target] = efs.describe_mount_targets(FileSystemId=system)["MountTargets"]
    assert target["LifeCycleState"] == "deleting"
    with pytest.raises(ClientError, match="FileSystemInUse"):
        efs.delete_file_system(FileSystemId=system)
    world.clock.sleep(LONG_S)
    efs.delete_file_system(FileSystemId=system)
    with pytest.raises(ClientError, match="MountTargetNotFound"):
        efs.delete_mount_target(MountTargetId=place)
    assert {one.kind for one in world.operations} >= {Takes.MAKE_MOUNT, Takes.DELETE_MOUNT}


def test_a_token_makes_one_access_point_of_a_file_system_that_is_there(world: World) -> None:
    efs, system = client("efs", REGION), file_system()
    access_point(system)
    [point] = efs.describe_access_points(FileSystemId=system)["AccessPoints"]
    assert point["LifeCycleState"] == "creating"
    with pytest.raises(ClientError, match="AccessPointAlreadyExists"):
        access_point(system)
    world.clock.sleep(LONG_S)
    [point] = efs.describe_access_points(FileSystemId=system)["AccessPoints"]
    assert point["LifeCycleState"] == "available"
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        efs.create_access_point(ClientToken="u", FileSystemId="fs-0")


def test_both_regions_tell_of_a_replication_and_until_when_all_has_come(world: World) -> None:
    with world.instantly():
        source = file_system()
        there = client("efs", AWAY)
        target = there.create_file_system(CreationToken="y")["FileSystemId"]
        there.update_file_system_protection(
            FileSystemId=target, ReplicationOverwriteProtection="DISABLED"
        )
        world.clock.sleep(60)
        client("efs", REGION).create_replication_configuration(
            SourceFileSystemId=source, Destinations=[{"Region": AWAY, "FileSystemId": target}]
        )
    world.clock.sleep(60)
    for region, named in ((REGION, source), (AWAY, target), (AWAY, source)):
        asked = client("efs", region).describe_replication_configurations(FileSystemId=named)
        [found] = asked["Replications"]
        assert (world.clock.now() - found["CreationTime"]).total_seconds() == pytest.approx(60, 1)
        assert found["Destinations"][0]["LastReplicatedTimestamp"] > found["CreationTime"]


def test_what_is_taken_under_data_corrupted_is_torn_however_few_files_there_are(
    world: World,
) -> None:
    name = file_system()
    arn = f"arn:aws:elasticfilesystem:{REGION}:123456789012:file-system/{name}"
    torn = Fault(FaultKind.DATA_CORRUPTED, 0.0, database=shared_files.FILE_SYSTEM)
    world.faults.schedule([torn], origin=world.clock.monotonic())
    world.clock.sleep(1.0)
    assert shared_files.taken_of(arn) == {}
    for path in "/a", "/b", "/c":
        shared_files.write(REGION, name, path, b"\x01\x02")
        bodies = {one: file.body for one, file in shared_files.taken_of(arn).items()}
        whole = [one for one in ("/a", "/b") if "/a" < one < path]
        assert bodies == {"/a": b"\xfe\xfd", **dict.fromkeys(whole, b"\x01\x02")}
