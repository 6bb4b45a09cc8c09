"""The door in a world where things take time, limits are real and regions die."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from cloud import databases, leases
from cloud.clients import Reach
from cloud.databases import Settings
from cloud.door import Cloud, Door, OutcomeState
from cloud.effects import Effect
from cloud.failures import Ambiguous, Busy, Unreachable
from cloud.leases import Lease
from simulator import backstage
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.timings import Takes
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"


# The mock that the other tests of this folder run in would be a world inside a world.
@pytest.fixture(autouse=True)
def _aws() -> None:
    """No moto but the world's."""


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7) as world:
        yield world


@pytest.fixture
def cloud(world: World) -> Cloud:
    return Cloud(world.clock, VirtualWorkers(world.clock, 8))


def replicas(world: World, count: int) -> Sequence[str]:
    """Deploy sources at home and a replica of each away."""
    names = [f"orders-{number:03}" for number in range(count)]
    with world.instantly():
        for name in names:
            backstage.client("rds", HOME).create_db_instance(
                DBInstanceIdentifier=name,
                DBInstanceClass="db.m6g.large",
                Engine="postgres",
                MasterUsername="holdfast",
                MasterUserPassword="simulated",
                AllocatedStorage=20,
                BackupRetentionPeriod=7,
            )
            backstage.client("rds", AWAY).create_db_instance_read_replica(
                DBInstanceIdentifier=name,
                SourceDBInstanceIdentifier=f"arn:aws:rds:{HOME}:123456789012:db:{name}",
                DBInstanceClass="db.m6g.large",
            )
    return names


def test_a_promotion_is_under_way_and_then_done_however_often_it_is_asked_for(
    world: World, cloud: Cloud
) -> None:
    [name] = replicas(world, 1)
    door = cloud.at(AWAY)
    assert databases.describe(door, [name])[name].is_replica
    assert databases.promote(door, name, 14, "03:00-03:30") is Effect.MADE
    assert databases.promote(door, name, 14, "03:00-03:30") is Effect.UNDERWAY
    world.clock.sleep(30)
    with pytest.raises(Busy, match="takes no change now"):
        databases.modify(door, name, Settings(deletion_protection=True))
    world.clock.sleep(3600)
    assert databases.promote(door, name, 14, "03:00-03:30") is Effect.ALREADY
    state = databases.describe(door, [name])[name]
    assert (state.is_replica, state.status, state.retention_days) == (False, "available", 14)


def test_a_promotion_whose_reply_was_lost_happens_once(world: World, cloud: Cloud) -> None:
    [name] = replicas(world, 1)
    lost = Fault(FaultKind.LOST_REPLY, at_s=0.0, operation="PromoteReadReplica", times=1)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    world.clock.sleep(1)
    with pytest.raises(Ambiguous, match="may have happened"):
        databases.promote(cloud.at(AWAY), name, 14, "03:00-03:30")
    assert databases.promote(cloud.at(AWAY), name, 14, "03:00-03:30") is Effect.UNDERWAY
    assert [done.kind for done in world.operations] == [Takes.PROMOTE_REPLICA]


def test_a_hundred_promotions_stay_under_the_limits_of_aws(world: World, cloud: Cloud) -> None:
    left = list(replicas(world, 100))
    door = cloud.at(AWAY)
    ticks = 0
    while left:
        ticks += 1
        outcomes = door.each({name: partial(_promote, name) for name in left})
        assert {one.state for one in outcomes.values()} <= {
            OutcomeState.DONE,
            OutcomeState.NOT_STARTED,
        }
        left = [name for name in left if outcomes[name].state is not OutcomeState.DONE]
    assert ticks == 1
    assert cloud.budget.throttled == 0
    assert cloud.budget.counts() == {"rds.PromoteReadReplica": 100}
    assert world.clock.monotonic() < 20  # a bucket of 10, then a little more than 5 a second


def _promote(name: str, door: Door) -> Effect:
    return databases.promote(door, name, 14, "03:00-03:30")


def test_a_dead_region_costs_a_few_seconds_and_the_healthy_one_goes_on(
    world: World, cloud: Cloud
) -> None:
    [name] = replicas(world, 1)
    lost = Fault(FaultKind.REGION_LOST, at_s=0.0, region=HOME)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    world.clock.sleep(1)
    before = world.clock.monotonic()
    with pytest.raises((Unreachable, Ambiguous)):
        databases.describe(cloud.at(HOME, Reach.IMPAIRED), [name])
    assert world.clock.monotonic() - before <= 5
    assert databases.describe(cloud.at(AWAY), [name])[name].available


def test_a_lease_is_kept_through_throttles(world: World, cloud: Cloud) -> None:
    with world.instantly():
        backstage.client("dynamodb", AWAY).create_table(
            TableName="lease",
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    slow = Fault(FaultKind.THROTTLE, at_s=0.0, service="dynamodb", times=3)
    world.faults.schedule([slow], origin=world.clock.monotonic())
    world.clock.sleep(1)
    held = leases.take(cloud.at(AWAY), "lease", Lease("anna", 1, "we1-7", 30))
    assert leases.read(cloud.at(AWAY), "lease") == held
    assert cloud.budget.throttled == 3
