"""A task looks for a database where it was told at its start, and truth tells if that is wrong."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cloud import services
from cloud.door import Cloud
from cloud.effects import Effect
from continuity import addresses
from continuity.zone import SiteName
from simulator import backstage, inside
from simulator.clock import VirtualWorkers
from simulator.platform import Platform
from simulator.traffic import Traffic
from simulator.truth import Truth

Stage = Any  # the conftest's class: test files share no modules
NewStage = Callable[[int], AbstractContextManager[Stage]]

HOME = "eu-west-1"
OLD, NEW = "we1-orders-home-1", "we1-orders-home-2"
BUCKET, KEY = "holdfast-addresses-of-tests", "databases.env"
MINUTES = 600.0


def address(identifier: str) -> str:
    return f"{identifier}.aaaaaaaaaa.{HOME}.rds.amazonaws.com"


def tell(orders: str) -> None:
    """Write where tasks that start from now on look."""
    hosts = {"orders": address(orders), "billing": address("we1-billing-home-1")}
    s3 = backstage.client("s3", HOME)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=addresses.text(hosts).encode())


def deploy(stage: Stage, **changes: object) -> None:
    hosting = stage.manifest.sites[SiteName.HOME].hosting
    ecs = backstage.client("ecs", HOME)
    ecs.update_service(cluster=hosting.cluster, service=hosting.service, **changes)
    stage.world.clock.sleep(MINUTES)


@pytest.fixture
def told(stage: Stage) -> Stage:
    """Return the stage with tasks that read the file of addresses, as the program's do."""
    place = {"LocationConstraint": HOME}
    backstage.client("s3", HOME).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    tell(OLD)
    hosting = stage.manifest.sites[SiteName.HOME].hosting
    file = {"type": "s3", "value": f"arn:aws:s3:::{BUCKET}/{KEY}"}
    container = {"name": "platform", "image": "platform", "memory": 512}
    made = backstage.client("ecs", HOME).register_task_definition(
        family=hosting.service,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{**container, "environmentFiles": [file]}],
    )["taskDefinition"]["taskDefinitionArn"]
    deploy(stage, taskDefinition=made)
    return stage


def refusal(stage: Stage) -> str:
    orders = next(one for one in stage.manifest.databases if one.name == "orders")
    return Platform(stage.world, stage.manifest).refusal(SiteName.HOME, orders)


def move(stage: Stage) -> None:
    """Let the database answer at another address, as one does that was restored beside."""
    rds = backstage.client("rds", HOME)
    rds.modify_db_instance(
        DBInstanceIdentifier=OLD, NewDBInstanceIdentifier=NEW, ApplyImmediately=True
    )
    stage.world.clock.sleep(MINUTES)
    assert inside.instance(HOME, NEW).status == "available"


def test_without_telling_the_tasks_truth_says_that_the_zone_is_not_back(told: Stage) -> None:
    traffic = Traffic(told.world, told.manifest)
    traffic.start()
    told.world.clock.sleep(10)
    assert Truth(told.world, traffic).report().recovered
    move(told)
    lost = Truth(told.world, traffic).report()
    assert not lost.recovered
    assert lost.outages[-1].ended is None
    tell(NEW)
    deploy(told, forceNewDeployment=True)
    back = Truth(told.world, traffic).report()
    assert back.recovered
    assert back.outages[-1].ended is not None
    assert [one.lost.rows for one in back.databases] == [0, 0]


def test_a_running_task_hears_nothing_of_a_new_file(told: Stage) -> None:
    move(told)
    tell(NEW)
    told.world.clock.sleep(MINUTES)
    assert "where the tasks were told to look" in refusal(told)
    deploy(told, forceNewDeployment=True)
    assert refusal(told) == ""


def test_one_old_task_among_new_ones_still_fails_clients(told: Stage) -> None:
    move(told)
    tell(NEW)
    deploy(told, desiredCount=3)
    assert "where the tasks were told to look" in refusal(told)
    deploy(told, desiredCount=1)
    assert refusal(told) == ""


def test_tasks_without_a_file_reach_no_database(stage: Stage, told: Stage) -> None:
    assert refusal(told) == ""
    backstage.client("s3", HOME).delete_object(Bucket=BUCKET, Key=KEY)
    deploy(stage, forceNewDeployment=True)
    assert "where the tasks were told to look" in refusal(stage)


def test_tasks_are_renewed_once_since_a_moment(told: Stage) -> None:
    hosting = told.manifest.sites[SiteName.HOME].hosting
    door = Cloud(told.world.clock, VirtualWorkers(told.world.clock, 1)).at(HOME)
    before = services.describe(door, hosting.cluster, hosting.service)
    since = told.world.clock.now()
    told.world.clock.sleep(5)
    renew = (hosting.cluster, hosting.service, since)
    assert services.renew(door, *renew) is Effect.MADE
    assert services.renew(door, *renew) is Effect.ALREADY
    after = services.describe(door, hosting.cluster, hosting.service)
    assert len(after.deployments) == len(before.deployments) + 1
    assert after.desired == before.desired
