"""Releases that fail, and tasks that die: what ECS does about them, and what targets show."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import strikes
from simulator.backstage import client
from simulator.call_log import Call
from simulator.deployments import threshold
from simulator.faults import Fault, FaultKind
from simulator.rights.rules import asked
from simulator.world import World

REGION = "eu-central-1"
SLOWEST_START_S = 240
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        strikes.watch(entered)
        yield entered


def definition(image: str) -> str:
    made = client("ecs", REGION).register_task_definition(
        family="app",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": image, "memory": 512}],
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def target_group() -> str:
    ec2, elbv2 = client("ec2", REGION), client("elbv2", REGION)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [row["SubnetId"] for row in ec2.describe_subnets()["Subnets"]]
    group = elbv2.create_target_group(
        Name="app", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    balancer = elbv2.create_load_balancer(Name="app", Subnets=subnets)["LoadBalancers"][0]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    return str(group)


def make_service(group: str, settings: dict[str, Any]) -> str:
    client("ecs", REGION).create_cluster(clusterName="zone")
    subnets = [row["SubnetId"] for row in client("ec2", REGION).describe_subnets()["Subnets"]]
    first = definition("app:1")
    client("ecs", REGION).create_service(
        cluster="zone",
        serviceName="platform",
        taskDefinition=first,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
        loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 80}],
        deploymentConfiguration=settings,
    )
    return first


def running(world: World, settings: dict[str, Any] = BREAKER) -> tuple[str, str]:
    """Return a target group, and the first task definition of the service in it."""
    group = target_group()
    first = make_service(group, settings)
    world.clock.sleep(SLOWEST_START_S)
    return group, first


def look() -> dict[str, Any]:
    found: dict[str, Any] = client("ecs", REGION).describe_services(
        cluster="zone", services=["platform"]
    )["services"][0]
    return found


def states(group: str) -> list[str]:
    rows = client("elbv2", REGION).describe_target_health(TargetGroupArn=group)
    return [row["TargetHealth"]["State"] for row in rows["TargetHealthDescriptions"]]


def strike(world: World, kind: FaultKind, **more: Any) -> None:  # noqa: ANN401 - a fault's fields
    world.faults.schedule([Fault(kind, 0, region=REGION, **more)], origin=world.clock.monotonic())
    world.clock.sleep(0)


def deploy(**asked: Any) -> None:  # noqa: ANN401 - parameters of UpdateService
    client("ecs", REGION).update_service(cluster="zone", service="platform", **asked)


def watched(world: World, group: str, seconds: int) -> Iterator[tuple[dict[str, Any], list[str]]]:
    for _ in range(seconds // 10):
        world.clock.sleep(10)
        yield look(), states(group)


def bridged() -> str:
    made = client("ecs", REGION).register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 512}]
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def go_back_to_what_was_deregistered() -> None:
    client("ecs", REGION).create_cluster(clusterName="zone")
    first, second = bridged(), bridged()
    client("ecs", REGION).create_service(
        cluster="zone", serviceName="platform", taskDefinition=first, desiredCount=0
    )
    deploy(taskDefinition=second)
    client("ecs", REGION).deregister_task_definition(taskDefinition=first)
    deploy(taskDefinition=first)


def test_what_was_deregistered_is_not_deployed_again() -> None:
    with World(seed=1, corrected=False):
        go_back_to_what_was_deregistered()
    with World(seed=1), pytest.raises(ClientError, match="TaskDefinition is inactive"):
        go_back_to_what_was_deregistered()


def test_who_names_a_definition_to_deploy_passes_its_roles_to_ecs(world: World) -> None:
    """And who only scales passes none: AWS answers the two differently."""
    roles = {name: f"arn:aws:iam::123456789012:role/{name}" for name in ("runs", "starts")}
    client("ecs", REGION).register_task_definition(
        family="app",
        containerDefinitions=[{"name": "app", "image": "app", "memory": 512}],
        taskRoleArn=roles["runs"],
        executionRoleArn=roles["starts"],
    )
    scaled = {"cluster": "zone", "service": "platform", "desiredCount": 2}

    def passed(**more: str) -> set[str]:
        call = Call("ecs", "UpdateService", REGION, world.clock.now(), parameters=scaled | more)
        return {one.resource for one in asked(call) if one.action == "iam:PassRole"}

    assert passed() == set()
    assert passed(taskDefinition="app:1") == set(roles.values())


def newest_of_two() -> bool:
    bridged()
    second = bridged()
    listed = client("ecs", REGION).list_task_definitions(familyPrefix="app", sort="DESC")
    return bool(listed["taskDefinitionArns"][0] == second)


def test_the_newest_task_definition_is_listed_first_where_that_is_asked_for() -> None:
    with World(seed=1, corrected=False):
        assert not newest_of_two()
    with World(seed=1):
        assert newest_of_two()


def test_the_breaker_takes_back_what_never_became_healthy_and_clients_notice_nothing(
    world: World,
) -> None:
    group, first = running(world)
    strike(world, FaultKind.BAD_RELEASE)
    assert look()["taskDefinition"] == f"{first.removesuffix('1')}2" != first
    rollouts: dict[str, set[str]] = {}
    for shown, healthy in watched(world, group, 3600):
        for one in shown["deployments"]:
            rollouts.setdefault(one["taskDefinition"], set()).add(one["rolloutState"])
        assert healthy == ["healthy", "healthy"]
    assert rollouts[f"{first.removesuffix('1')}2"] == {"IN_PROGRESS", "FAILED"}
    (last,) = look()["deployments"]
    assert (last["taskDefinition"], last["rolloutState"]) == (first, "COMPLETED")
    assert any("rolling back" in event["message"] for event in look()["events"])


def test_without_rollback_a_failed_deployment_stays_and_starts_nothing(world: World) -> None:
    group, first = running(world, {"deploymentCircuitBreaker": {"enable": True, "rollback": False}})
    strike(world, FaultKind.BAD_RELEASE)
    world.clock.sleep(3600)
    newest, old = look()["deployments"]
    assert (newest["rolloutState"], newest["failedTasks"]) == ("FAILED", 4)
    assert old["taskDefinition"] == first
    assert states(group) == ["healthy", "healthy"]


def test_without_a_breaker_ecs_tries_for_ever(world: World) -> None:
    running(world, {})
    strike(world, FaultKind.BAD_RELEASE)
    world.clock.sleep(3600)
    newest = look()["deployments"][0]
    assert newest["rolloutState"] == "IN_PROGRESS"
    assert newest["failedTasks"] > threshold(2)


def test_a_release_that_fails_later_stays_until_another_definition_is_deployed(
    world: World,
) -> None:
    group, first = running(world)
    strike(world, FaultKind.BAD_RELEASE, seconds=600)
    world.clock.sleep(590)
    (only,) = look()["deployments"]
    assert (only["rolloutState"], states(group)) == ("COMPLETED", ["healthy", "healthy"])
    world.clock.sleep(3600)
    assert states(group) == ["unhealthy", "unhealthy"]
    assert look()["runningCount"] == 2
    deploy(forceNewDeployment=True)
    world.clock.sleep(1800)
    assert states(group) == ["unhealthy", "unhealthy"]
    deploy(taskDefinition=first)
    world.clock.sleep(SLOWEST_START_S)
    assert states(group) == ["healthy", "healthy"]
    (only,) = look()["deployments"]
    assert (only["taskDefinition"], only["rolloutState"]) == (first, "COMPLETED")


def test_a_good_release_over_one_that_is_failing_disturbs_nobody(world: World) -> None:
    group, _ = running(world, {})
    strike(world, FaultKind.BAD_RELEASE)
    world.clock.sleep(300)
    deploy(taskDefinition=definition("app:3"))
    assert all(found == ["healthy"] * 2 for _, found in watched(world, group, 600))
    assert len(look()["deployments"]) == 1


@pytest.mark.parametrize(("desired", "failures"), [(1, 3), (6, 3), (25, 13), (1000, 200)])
def test_the_breaker_trips_at_half_of_what_is_desired_within_bounds(
    desired: int, failures: int
) -> None:
    assert threshold(desired) == failures


def test_tasks_that_are_lost_stay_lost_until_the_service_is_deployed_anew(world: World) -> None:
    group, first = running(world)
    strike(world, FaultKind.TASKS_LOST)
    assert states(group) == []
    world.clock.sleep(1800)
    assert (look()["runningCount"], look()["desiredCount"]) == (0, 2)
    assert "unable to consistently start tasks" in look()["events"][0]["message"]
    assert len(look()["events"]) < 100
    deploy(desiredCount=4)
    world.clock.sleep(SLOWEST_START_S)
    assert look()["runningCount"] == 0
    deploy(taskDefinition=first, forceNewDeployment=True)
    world.clock.sleep(SLOWEST_START_S + 60)
    assert states(group) == ["healthy"] * 4


def test_lost_tasks_return_when_the_fault_is_over(world: World) -> None:
    group, _ = running(world)
    strike(world, FaultKind.TASKS_LOST, lasts_s=600)
    world.clock.sleep(590)
    assert states(group) == []
    world.clock.sleep(10 + 60 + SLOWEST_START_S)
    assert states(group) == ["healthy", "healthy"]


def test_a_deployment_waits_for_room(world: World) -> None:
    _, first = running(world)
    strike(world, FaultKind.CAPACITY_MISSING, lasts_s=900)
    deploy(taskDefinition=definition("app:2"))
    world.clock.sleep(800)
    assert [one["taskDefinition"] for one in look()["deployments"]][1] == first
    world.clock.sleep(400)
    assert len(look()["deployments"]) == 1
