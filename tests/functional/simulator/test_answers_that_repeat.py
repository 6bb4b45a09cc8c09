"""What a year remembers of AWS's answers is what they list, never when they were given."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from cloud import snapshots
from cloud.door import Cloud
from simulator import backstage
from simulator.clock import VirtualWorkers
from simulator.repeated_answers import repeated
from simulator.world import World

REGION = "eu-central-1"
START = datetime(2026, 3, 1, 5, 56, tzinfo=UTC)
ENOUGH = 12
"""Snapshots of which a list is long enough to be remembered once it was read."""


def filled(world: World) -> Any:  # noqa: ANN401 - a boto3 client
    rds = backstage.client("rds", REGION)
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="app",
        MasterUserPassword="only-in-this-world",
    )
    world.clock.sleep(3600)
    for number in range(ENOUGH):
        rds.create_db_snapshot(
            DBInstanceIdentifier="orders", DBSnapshotIdentifier=f"orders-{number}"
        )
    world.clock.sleep(3600)
    return rds


def told(reply: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(reply["ResponseMetadata"]["HTTPHeaders"]["date"])


def test_an_answer_that_is_given_again_bears_the_date_of_its_day() -> None:
    with World(1, start=START) as world, repeated(world):
        rds = filled(world)
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 8), seed=1)
        for _ in range(3):
            listed = rds.describe_db_snapshots()
            assert len(listed["DBSnapshots"]) >= ENOUGH
            assert abs(told(listed) - world.clock.now()) < timedelta(seconds=5)
            snapshots.sweep(cloud.at(REGION))
            assert abs(cloud.clock.now() - world.clock.now()) < timedelta(seconds=5)
            world.clock.sleep(18 * 3600)
