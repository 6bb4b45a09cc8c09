"""ECS services and their scaling: in plain moto (`corrected=False`) and in virtual time."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.faults import Fault, FaultKind
from simulator.world import World

REGION = "eu-central-1"
RESOURCE = "service/zone/platform"
SLOWEST_START_S = 240
"""The longest draw of `Takes.START_TASK`."""


def make_definition(family: str = "app") -> str:
    container = {"name": "app", "image": "app:1", "memory": 512, "essential": True}
    made = client("ecs", REGION).register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def make_service(count: int = 2, **settings: object) -> dict[str, Any]:
    client("ecs", REGION).create_cluster(clusterName="zone")
    subnets = [row["SubnetId"] for row in client("ec2", REGION).describe_subnets()["Subnets"]]
    asked = {
        "cluster": "zone",
        "serviceName": "platform",
        "taskDefinition": make_definition(),
        "desiredCount": count,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": subnets}},
    }
    made: dict[str, Any] = client("ecs", REGION).create_service(**(asked | settings))["service"]
    return made


def look() -> dict[str, Any]:
    found: dict[str, Any] = client("ecs", REGION).describe_services(
        cluster="zone", services=["platform"]
    )["services"][0]
    return found


def counts() -> tuple[int, int, int]:
    """Return how many tasks are desired, running and pending."""
    found = look()
    return found["desiredCount"], found["runningCount"], found["pendingCount"]


def scale(count: int) -> None:
    client("ecs", REGION).update_service(cluster="zone", service="platform", desiredCount=count)


def bound(low: int, high: int) -> None:
    client("application-autoscaling", REGION).register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=RESOURCE,
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=low,
        MaxCapacity=high,
    )


def track() -> None:
    client("application-autoscaling", REGION).put_scaling_policy(
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        ServiceNamespace="ecs",
        ResourceId=RESOURCE,
        ScalableDimension="ecs:service:DesiredCount",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 60.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
            },
        },
    )


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


@pytest.fixture
def running(world: World) -> World:
    make_service(2)
    world.clock.sleep(SLOWEST_START_S)
    return world


def test_a_new_service_starts_its_tasks_in_time_and_moto_never_does() -> None:
    group = client  # the raw world needs a security group: moto fails without one

    def after(seconds: float, *, corrected: bool) -> tuple[int, int, int]:
        with World(seed=1, corrected=corrected) as world:
            subnets = group("ec2", REGION).describe_subnets()["Subnets"]
            groups = group("ec2", REGION).describe_security_groups()["SecurityGroups"]
            network = {
                "subnets": [subnets[0]["SubnetId"]],
                "securityGroups": [groups[0]["GroupId"]],
            }
            make_service(2, networkConfiguration={"awsvpcConfiguration": network})
            world.clock.sleep(seconds)
            return counts()

    assert after(600, corrected=False) == (2, 0, 2)
    assert after(0, corrected=True) == (2, 0, 2)
    assert after(600, corrected=True) == (2, 2, 0)


def test_awsvpc_without_security_groups_means_the_default_group() -> None:
    with World(seed=1, corrected=False), pytest.raises(KeyError):
        make_service()
    with World(seed=1):
        assert make_service()["serviceName"] == "platform"


def test_more_tasks_take_time_and_are_no_deployment(running: World) -> None:
    scale(6)

    assert counts() == (6, 2, 4)
    assert look()["deployments"][0]["rolloutState"] == "COMPLETED"
    running.clock.sleep(SLOWEST_START_S)
    assert counts() == (6, 6, 0)


def test_plain_moto_scales_at_once() -> None:
    with World(seed=1, corrected=False):
        groups = client("ec2", REGION).describe_security_groups()["SecurityGroups"]
        subnet = client("ec2", REGION).describe_subnets()["Subnets"][0]["SubnetId"]
        network = {"subnets": [subnet], "securityGroups": [groups[0]["GroupId"]]}
        make_service(2, networkConfiguration={"awsvpcConfiguration": network})
        scale(6)
        assert counts() == (6, 6, 0)


def test_fewer_tasks_run_when_the_surplus_has_stopped(running: World) -> None:
    scale(1)

    assert counts() == (1, 2, 0)
    running.clock.sleep(120)
    assert counts() == (1, 1, 0)


def test_a_change_of_mind_ends_at_the_last_count(running: World) -> None:
    scale(9)
    scale(3)
    scale(5)

    running.clock.sleep(SLOWEST_START_S)

    assert counts() == (5, 5, 0)


def test_a_service_of_a_lost_region_stands_still_until_it_returns(running: World) -> None:
    scale(6)
    running.faults.schedule(
        [Fault(FaultKind.REGION_LOST, 1, region=REGION, lasts_s=3600)], running.clock.monotonic()
    )

    running.clock.sleep(3000)
    assert counts() == (6, 2, 4)
    running.clock.sleep(601 + SLOWEST_START_S)
    assert counts() == (6, 6, 0)


def test_other_tasks_are_a_deployment_in_progress_until_they_run(running: World) -> None:
    newer = make_definition()
    client("ecs", REGION).update_service(cluster="zone", service="platform", taskDefinition="app:2")

    found = look()
    assert found["taskDefinition"] == newer
    assert [(one["status"], one["rolloutState"]) for one in found["deployments"]] == [
        ("PRIMARY", "IN_PROGRESS"),
        ("ACTIVE", "COMPLETED"),
    ]
    running.clock.sleep(SLOWEST_START_S)
    assert [(one["status"], one["rolloutState"]) for one in look()["deployments"]] == [
        ("PRIMARY", "COMPLETED")
    ]
    assert "steady state" in look()["events"][0]["message"]


def test_a_name_can_be_used_once_until_its_service_is_deleted(running: World) -> None:
    with pytest.raises(ClientError, match="not idempotent"):
        make_service()

    client("ecs", REGION).delete_service(cluster="zone", service="platform", force=True)
    running.clock.sleep(60)

    assert make_service()["status"] == "ACTIVE"


def test_a_deleted_service_cannot_be_scaled(running: World) -> None:
    client("ecs", REGION).delete_service(cluster="zone", service="platform", force=True)

    assert look()["runningCount"] == 0
    with pytest.raises(ClientError, match="ServiceNotActive"):
        scale(2)
    assert running.corrected


def test_a_target_group_needs_a_load_balancer(world: World) -> None:
    vpc = client("ec2", REGION).describe_vpcs()["Vpcs"][0]["VpcId"]
    group = client("elbv2", REGION).create_target_group(
        Name="app", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    row = {"targetGroupArn": group, "containerName": "app", "containerPort": 80}

    with pytest.raises(ClientError, match="does not have an associated load balancer"):
        make_service(loadBalancers=[row])
    assert client("ecs", REGION).list_services(cluster="zone")["serviceArns"] == []
    assert world.corrected


def test_a_service_keeps_its_circuit_breaker_and_moto_forgets_it() -> None:
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}

    def kept(*, corrected: bool) -> object:
        with World(seed=1, corrected=corrected):
            groups = client("ec2", REGION).describe_security_groups()["SecurityGroups"]
            subnet = client("ec2", REGION).describe_subnets()["Subnets"][0]["SubnetId"]
            network = {"subnets": [subnet], "securityGroups": [groups[0]["GroupId"]]}
            make_service(
                deploymentConfiguration=breaker,
                networkConfiguration={"awsvpcConfiguration": network},
            )
            found: dict[str, Any] = look().get("deploymentConfiguration", {})
            return found.get("deploymentCircuitBreaker", {}).get("enable")

    assert kept(corrected=False) is None
    assert kept(corrected=True) is True


@pytest.mark.parametrize(("low", "high", "desired"), [(4, 8, 4), (0, 1, 1), (1, 8, 2)])
def test_registering_bounds_brings_the_service_inside_them(
    running: World, low: int, high: int, desired: int
) -> None:
    bound(low, high)

    assert look()["desiredCount"] == desired
    running.clock.sleep(SLOWEST_START_S)
    assert look()["runningCount"] == desired


def test_a_minimum_above_the_maximum_is_refused() -> None:
    def taken(*, corrected: bool) -> bool:
        with World(seed=1, corrected=corrected):
            groups = client("ec2", REGION).describe_security_groups()["SecurityGroups"]
            subnet = client("ec2", REGION).describe_subnets()["Subnets"][0]["SubnetId"]
            network = {"subnets": [subnet], "securityGroups": [groups[0]["GroupId"]]}
            make_service(2, networkConfiguration={"awsvpcConfiguration": network})
            try:
                bound(5, 1)
            except ClientError:
                return False
            return True

    assert taken(corrected=False)
    assert not taken(corrected=True)


def test_a_count_above_the_maximum_is_cut_at_the_next_scale_in(running: World) -> None:
    bound(1, 3)
    track()
    scale(8)

    running.clock.sleep(600)
    assert look()["desiredCount"] == 8
    running.clock.sleep(400)
    assert look()["desiredCount"] == 3


def test_a_maximum_that_is_raised_in_time_saves_the_count(running: World) -> None:
    bound(1, 3)
    track()
    scale(8)
    running.clock.sleep(60)
    bound(8, 10)

    running.clock.sleep(2000)

    assert look()["desiredCount"] == 8


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FaultKind.CAPACITY_MISSING, "Capacity is unavailable at this time."),
        (FaultKind.QUOTA_EXCEEDED, "the limit on the number of vCPUs"),
        (FaultKind.KEY_MISSING, "unable to consistently start tasks"),
    ],
)
def test_tasks_that_cannot_start_stay_away_until_they_can(
    running: World, kind: FaultKind, said: str
) -> None:
    fault = Fault(kind, 0, region=REGION, lasts_s=900)
    running.faults.schedule([fault], origin=running.clock.monotonic())
    running.clock.sleep(1)
    scale(5)
    running.clock.sleep(800)
    assert counts() == (5, 2, 0)
    assert said in look()["events"][0]["message"]
    running.clock.sleep(100 + 60 + SLOWEST_START_S)
    assert counts() == (5, 5, 0)
    assert "steady state" in look()["events"][0]["message"]


def test_tasks_elsewhere_and_tasks_that_stop_need_no_room(running: World) -> None:
    faults = [
        Fault(FaultKind.CAPACITY_MISSING, 0, region="eu-west-1"),
        Fault(FaultKind.QUOTA_EXCEEDED, 300, region=REGION),
    ]
    running.faults.schedule(faults, origin=running.clock.monotonic())
    running.clock.sleep(1)
    scale(3)
    running.clock.sleep(SLOWEST_START_S + 100)
    assert counts() == (3, 3, 0)
    scale(1)
    running.clock.sleep(200)
    assert counts() == (1, 1, 0)
