"""The door's laws: one attempt at a time, never past the deadline, counted and limited."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Never

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from cloud.budget import BudgetExceeded
from cloud.clients import Clients, Reach
from cloud.door import Cloud, Door, OutcomeState
from cloud.failures import Ambiguous, Missing, NotStarted, Throttled, Unreachable
from continuity.errors import PermanentError
from simulator.clock import VirtualClock, VirtualWorkers

THROTTLED = ClientError({"Error": {"Code": "Throttling", "Message": "slower"}}, "Do")
LOST = ReadTimeoutError(endpoint_url="https://simulated")
DEAD = ConnectTimeoutError(endpoint_url="https://simulated")
GONE = ClientError({"Error": {"Code": "NoSuchKey", "Message": "gone"}}, "Do")
BROKEN = ClientError(
    {"Error": {"Code": "New", "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 500}}, "Do"
)


class Scripted(Clients):
    """Stands for every boto3 client: each operation plays the script."""

    def __init__(self, script: Callable[[], dict[str, Any]]) -> None:
        self.script = script

    def of(self, *_: object) -> Any:  # noqa: ANN401 - stands for a boto3 client
        return self

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        return lambda **_: self.script()


def new_cloud(*outcomes: Exception | None, seed: int = 0, ceiling: int | None = None) -> Cloud:
    clock = VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
    clients = Scripted(play(*outcomes))
    return Cloud(clock, VirtualWorkers(clock, 4), seed=seed, ceiling=ceiling, clients=clients)


def play(*outcomes: Exception | None) -> Callable[[], dict[str, Any]]:
    """Fail with each error in turn, then answer; None answers, and the last goes on for ever."""
    left = list(outcomes)

    def script() -> dict[str, Any]:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return {"answer": 42}

    return script


def test_a_call_that_succeeds_is_made_once() -> None:
    cloud = new_cloud(None)
    assert cloud.at("eu-central-1").read("rds", "DescribeDBInstances") == {"answer": 42}
    assert cloud.budget.counts() == {"rds.DescribeDBInstances": 1}
    assert cloud.clock.monotonic() == 0


@pytest.mark.parametrize("error", [THROTTLED, LOST, DEAD, BROKEN])
def test_what_is_temporary_is_repeated_until_it_succeeds(error: Exception) -> None:
    cloud = new_cloud(error, error, None)
    assert cloud.at("eu-central-1").change("rds", "RebootDBInstance") == {"answer": 42}
    assert cloud.budget.total == 3
    assert 0 < cloud.clock.monotonic() < Reach.HEALTHY.patience_s


def test_what_is_permanent_is_asked_once() -> None:
    cloud = new_cloud(GONE)
    with pytest.raises(Missing):
        cloud.at("eu-central-1").read("s3", "GetObject")
    assert cloud.budget.total == 1


@given(
    seed=st.integers(0, 2**32),
    within=st.floats(0.01, 60),
    errors=st.lists(st.sampled_from([THROTTLED, LOST, DEAD, BROKEN]), min_size=1, max_size=40),
    calls=st.integers(1, 30),
)
def test_waiting_never_passes_the_deadline(
    seed: int, within: float, errors: list[Exception], calls: int
) -> None:
    cloud = new_cloud(*errors, seed=seed)
    door = cloud.within(within).at("eu-central-1")
    for _ in range(calls):
        with pytest.raises((Throttled, Ambiguous, Unreachable, NotStarted)):
            door.change("rds", "Do")
        assert cloud.clock.monotonic() <= within


@given(seed=st.integers(0, 2**32))
def test_one_call_waits_no_longer_than_its_patience(seed: int) -> None:
    cloud = new_cloud(DEAD, seed=seed)
    with pytest.raises(Unreachable):
        cloud.at("eu-central-1").read("rds", "Do")
    assert Reach.HEALTHY.patience_s / 3 < cloud.clock.monotonic() <= Reach.HEALTHY.patience_s


def test_the_same_seed_waits_the_same() -> None:
    def waited(seed: int) -> float:
        cloud = new_cloud(LOST, seed=seed)
        with pytest.raises(Ambiguous):
            cloud.at("eu-central-1").read("rds", "Do")
        return cloud.clock.monotonic()

    assert waited(7) == waited(7)
    assert waited(7) != waited(8)


@pytest.mark.parametrize("error", [THROTTLED, LOST, DEAD, BROKEN])
def test_an_impaired_region_is_never_asked_twice(error: Exception) -> None:
    cloud = new_cloud(error)
    with pytest.raises((Throttled, Ambiguous, Unreachable)):
        cloud.at("eu-west-1", Reach.IMPAIRED).read("rds", "DescribeDBInstances")
    assert cloud.budget.total == 1
    assert cloud.clock.monotonic() == 0


def test_nothing_starts_when_the_time_is_up() -> None:
    cloud = new_cloud(None)
    bounded = cloud.within(5)
    cloud.clock.sleep(6)
    with pytest.raises(NotStarted, match="no time was left"):
        bounded.at("eu-central-1").change("rds", "RebootDBInstance")
    assert cloud.budget.total == 0


def test_a_bound_inside_a_bound_is_the_tighter_one() -> None:
    cloud = new_cloud(None)
    assert cloud.within(5).within(60).until == 5
    assert cloud.within(60).within(5).until == 5
    assert cloud.until == float("inf")


def test_a_call_that_may_have_happened_is_never_reported_as_not_started() -> None:
    cloud = new_cloud(LOST)
    door = cloud.at("eu-central-1")
    limiter = cloud.limiters.of("rds", "eu-central-1", changing=True)
    while limiter.rate > 0.25:
        limiter.throttled()
    cloud.clock.sleep(5)
    with pytest.raises(Ambiguous):
        cloud.within(3).at(door.region).change("rds", "PromoteReadReplica")
    assert cloud.budget.total == 1


def test_the_ceiling_stops_the_call_before_it_leaves() -> None:
    cloud = new_cloud(None, ceiling=2)
    door = cloud.at("eu-central-1")
    door.read("rds", "DescribeDBInstances")
    door.read("rds", "DescribeDBInstances")
    with pytest.raises(BudgetExceeded, match=r"ceiling of 2 .*most were rds.DescribeDBInstances"):
        door.read("ecs", "DescribeServices")
    assert cloud.budget.counts() == {"rds.DescribeDBInstances": 2}


def test_tasks_run_side_by_side_and_each_has_its_outcome() -> None:
    cloud = new_cloud(None)

    def slow(door: Door) -> object:
        door.clock.sleep(3)
        return door.change("rds", "RebootDBInstance")["answer"]

    def broken(_: Door) -> Never:
        raise PermanentError("This one is beyond repair.")

    outcomes = cloud.at("eu-central-1").each({"a": slow, "b": broken, "c": slow})
    assert [outcomes[key].state for key in "abc"] == [
        OutcomeState.DONE,
        OutcomeState.FAILED,
        OutcomeState.DONE,
    ]
    assert outcomes["a"].value == 42
    assert "beyond repair" in str(outcomes["b"].error)
    assert cloud.clock.monotonic() == 3


def test_what_does_not_fit_in_the_time_is_left_for_the_next_tick() -> None:
    cloud = new_cloud(None)
    tasks = {
        number: lambda door: door.change("rds", "PromoteReadReplica") for number in range(1000)
    }
    outcomes = cloud.at("eu-central-1").each(tasks, budget_s=20)
    done = [number for number, one in outcomes.items() if one.state is OutcomeState.DONE]
    left = [number for number, one in outcomes.items() if one.state is OutcomeState.NOT_STARTED]
    assert len(done) + len(left) == 1000
    assert done == list(range(len(done)))  # in the order given: the most important first
    assert 110 <= len(done) <= 150  # a burst of 10, then 5 a second and a little more each time
    assert cloud.clock.monotonic() <= 20


def test_a_bug_in_a_task_is_raised_and_not_an_outcome() -> None:
    cloud = new_cloud(None)
    with pytest.raises(ZeroDivisionError):
        cloud.at("eu-central-1").each({"bug": lambda _: 1 / 0})
