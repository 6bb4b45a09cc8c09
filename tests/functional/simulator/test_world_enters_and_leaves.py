import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import BotocoreStubber
from moto.moto_api._internal import mock_random
from moto.rds import models

from simulator import backstage, correction
from simulator.call_log import Call
from simulator.faults import Fault, FaultKind
from simulator.operations import Change, Stage
from simulator.timings import Takes
from simulator.world import World, current

REGION = "eu-west-1"
INSTANCE = {
    "DBInstanceIdentifier": "orders",
    "Engine": "postgres",
    "DBInstanceClass": "db.m6g.large",
    "AllocatedStorage": 20,
    "MasterUsername": "holder",
    "MasterUserPassword": "not-a-secret",
}


def rds() -> Any:  # noqa: ANN401 - boto3's clients have no common type
    return boto3.client("rds", region_name=REGION)  # noqa: TID251 - an ordinary client is the point


def table(name: str) -> Callable[[], object]:
    def make() -> object:
        return boto3.client("dynamodb", region_name=REGION).create_table(  # noqa: TID251 - as above
            TableName=name,
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    return make


def test_what_is_made_in_one_world_is_gone_in_the_next() -> None:
    for _ in range(2):
        with World(seed=1) as world:
            with world.instantly():
                rds().create_db_instance(**INSTANCE)
            assert len(rds().describe_db_instances()["DBInstances"]) == 1


def test_leaving_puts_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody-real")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-real")
    random.seed(5)
    mock_random.seed(5)
    patched = [
        (BotocoreStubber, "__call__"),
        (BaseClient, "_make_api_call"),
        (URLLib3Session, "send"),
        (models, "utcnow"),
        *((found.target, found.name) for found in correction.gather()),
    ]

    def look() -> list[object]:
        places = [getattr(target, name, None) for target, name in patched]
        return [*places, dict(os.environ), random.getstate(), mock_random.getstate()]

    before = look()
    with World(seed=1):
        assert "AWS_PROFILE" not in os.environ
        assert os.environ["AWS_ACCESS_KEY_ID"] != "somebody-real"
        assert all(look()[index] != before[index] for index in range(len(patched)))
        random.random()
        mock_random.random()
    assert look() == before


def test_a_world_that_fails_to_enter_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = correction.gather()[:1] * 2
    monkeypatch.setattr(correction, "gather", lambda: twice)
    with pytest.raises(ValueError, match="corrected twice"), World(seed=1):
        pass
    with pytest.raises(RuntimeError, match="inside a world only"):
        current()


def test_a_world_inside_a_world_is_refused() -> None:
    with World(seed=1) as world:
        with pytest.raises(RuntimeError, match="entered already"), World(seed=2):
            pass
        assert current() is world


def test_there_is_no_backstage_outside_of_a_world() -> None:
    with pytest.raises(RuntimeError, match="inside a world only"):
        backstage.client("rds", REGION)


def story(seed: int) -> str:
    with World(seed=seed) as world:
        world.faults.schedule([Fault(FaultKind.THROTTLE, 0, rate=0.3)], origin=0)
        rds().create_db_instance(**INSTANCE)
        rds().get_waiter("db_instance_available").wait(DBInstanceIdentifier="orders")
        (shown,) = rds().describe_db_instances()["DBInstances"]
        return str([shown, world.operations, list(world.calls), world.clock.now()])


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    first = story(1)
    assert story(1) == first
    assert story(2) != first


def test_the_world_starts_when_it_is_told_and_moto_reads_its_clock() -> None:
    start = datetime(2031, 5, 6, 7, tzinfo=UTC)
    with World(seed=1, start=start) as world, world.instantly():
        world.clock.sleep(3600)
        rds().create_db_instance(**INSTANCE)
        (shown,) = rds().describe_db_instances()["DBInstances"]
        assert shown["InstanceCreateTime"] == world.clock.now()
        boto3.client("s3", region_name=REGION).create_bucket(  # noqa: TID251 - as above
            Bucket="latch", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        backstage.client("s3", REGION).put_object(Bucket="latch", Key="open/away")
        head = backstage.client("s3", REGION).head_object(Bucket="latch", Key="open/away")
        assert head["LastModified"] == world.clock.now()


def test_instantly_nothing_takes_time_and_nothing_is_noted() -> None:
    with World(seed=1) as world:
        with world.instantly():
            made = rds().create_db_instance(**INSTANCE)["DBInstance"]
        assert made["DBInstanceStatus"] == "available"
        assert world.clock.monotonic() == 0
        assert len(world.calls) == 0
        assert world.operations == []


def test_backstage_calls_take_no_time_meet_no_fault_and_leave_no_trace() -> None:
    with World(seed=1) as world:
        lost = Fault(FaultKind.REGION_LOST, 0, region=REGION)
        world.faults.schedule([lost], origin=0)
        world.clock.sleep(1)
        assert backstage.client("rds", REGION).describe_db_instances()["DBInstances"] == []
        assert world.clock.monotonic() == 1
        assert len(world.calls) == 0


def test_one_stream_of_chance_does_not_disturb_another() -> None:
    world = World(seed=1)
    undisturbed = World(seed=1).random("latency").random()
    world.random("faults").random()
    assert world.random("latency").random() == undisturbed
    assert world.random("durations").random() != undisturbed


def test_watchers_see_an_effect_at_its_instant_and_a_change_begin_and_end() -> None:
    effects: list[tuple[Call, int]] = []
    changes: list[tuple[Change, float]] = []
    with World(seed=1) as world:
        look = backstage.client("rds", REGION)
        world.on_effect(
            lambda call: effects.append((call, len(look.describe_db_instances()["DBInstances"])))
        )
        world.on_change(lambda change: changes.append((change, world.clock.monotonic())))
        rds().create_db_instance(**INSTANCE)
        with pytest.raises(ClientError):
            rds().create_db_instance(**INSTANCE)
        rds().describe_db_instances()
        world.clock.sleep(3600)
        (operation,) = world.operations
    assert [(call.name, seen) for call, seen in effects] == [("rds.CreateDBInstance", 1)]
    assert [(change.kind, change.stage) for change, _ in changes] == [
        (Takes.CREATE_DATABASE, Stage.BEGAN),
        (Takes.CREATE_DATABASE, Stage.ENDED),
    ]
    assert changes[1][1] - changes[0][1] == pytest.approx(operation.seconds)


def test_what_a_watcher_of_effects_raises_reaches_the_caller() -> None:
    class Violation(Exception):
        pass

    def complain(_: Call) -> None:
        raise Violation

    with World(seed=1) as world:
        world.on_effect(complain)
        with pytest.raises(Violation):
            table("journal")()
