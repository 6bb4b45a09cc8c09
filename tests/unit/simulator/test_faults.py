import subprocess
import sys
from datetime import UTC, datetime
from random import Random

import pytest

from continuity.errors import InvalidInput
from simulator.clock import VirtualClock
from simulator.fault import Fault, FaultKind, problems
from simulator.faults import Faults


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))


@pytest.fixture
def faults(clock: VirtualClock) -> Faults:
    return Faults(clock, Random(1))


def test_a_fault_begins_and_ends_on_the_clock(clock: VirtualClock, faults: Faults) -> None:
    clock.sleep(100)
    throttle = Fault(FaultKind.THROTTLE, at_s=10, lasts_s=5)
    faults.schedule([throttle], origin=100)
    assert faults.pick("r", "rds", "X") is None
    clock.sleep(10)
    assert faults.pick("r", "rds", "X") == throttle
    clock.sleep(5)
    assert faults.pick("r", "rds", "X") is None


@pytest.mark.parametrize(
    ("call", "struck"),
    [
        (("eu-west-1", "rds", "PromoteReadReplica"), True),
        (("eu-west-2", "rds", "PromoteReadReplica"), False),
        (("eu-west-1", "ecs", "PromoteReadReplica"), False),
        (("eu-west-1", "rds", "DescribeDBInstances"), False),
    ],
)
def test_region_service_and_operation_narrow_a_fault(
    clock: VirtualClock, faults: Faults, call: tuple[str, str, str], struck: bool
) -> None:
    row = Fault(FaultKind.DENIED, 0, region="eu-west-1", service="rds", operation="Promote*")
    faults.schedule([row], origin=0)
    clock.sleep(0)
    assert (faults.pick(*call) is row) is struck


def test_times_bounds_the_hits(clock: VirtualClock, faults: Faults) -> None:
    faults.schedule([Fault(FaultKind.LOST_REPLY, 0, times=2)], origin=0)
    clock.sleep(0)
    hits = [faults.pick("r", "s", "o") is not None for _ in range(4)]
    assert hits == [True, True, False, False]


def test_rate_is_the_share_of_calls_and_the_same_for_the_same_seed(clock: VirtualClock) -> None:
    def draw() -> list[bool]:
        faults = Faults(clock, Random(7))
        faults.schedule([Fault(FaultKind.SERVER_ERRORS, 0, rate=0.25)], origin=0)
        clock.sleep(0)
        return [faults.pick("r", "s", "o") is not None for _ in range(400)]

    first = draw()
    assert 60 < sum(first) < 140
    assert draw() == first


def test_one_faults_luck_does_not_disturb_anothers(clock: VirtualClock) -> None:
    def hits(*more: Fault) -> list[bool]:
        faults = Faults(clock, Random(7))
        half = Fault(FaultKind.THROTTLE, 0, service="rds", rate=0.5)
        faults.schedule([half, *more], origin=0)
        clock.sleep(0)
        found = []
        for _ in range(30):
            found.append(faults.pick("r", "rds", "o") is not None)
            faults.pick("r", "ecs", "o")
        return found

    assert hits() == hits(Fault(FaultKind.DENIED, 0, service="ecs", rate=0.5))


def test_a_region_is_lost_until_it_returns(clock: VirtualClock, faults: Faults) -> None:
    told: list[tuple[str, bool]] = []
    back: list[float] = []
    faults.on_region(lambda region, lost: told.append((region, lost)))
    faults.schedule(
        [
            Fault(FaultKind.REGION_LOST, 10, region="a"),
            Fault(FaultKind.REGION_RETURNS, 60, region="a"),
        ],
        origin=0,
    )
    clock.sleep(30)
    faults.when_returned("a", lambda: back.append(clock.monotonic()))
    assert faults.region_lost("a")
    assert not faults.region_lost("b")
    assert faults.up_s("a") == 10
    assert faults.lost_for_s("a") == 20
    clock.sleep(70)
    assert not faults.region_lost("a")
    assert faults.up_s("a") == 50
    assert back == [60]
    assert told == [("a", True), ("a", False)]


def test_a_loss_with_a_length_ends_by_itself(clock: VirtualClock, faults: Faults) -> None:
    faults.schedule([Fault(FaultKind.REGION_LOST, 0, region="a", lasts_s=30)], origin=0)
    clock.sleep(29)
    assert faults.region_lost("a")
    clock.sleep(1)
    assert not faults.region_lost("a")


def test_a_condition_holds_for_its_region_and_database(clock: VirtualClock, faults: Faults) -> None:
    lag = Fault(FaultKind.REPLICA_LAG, 0, region="a", database="orders", seconds=30)
    faults.schedule([lag], origin=0)
    clock.sleep(0)
    assert faults.active(FaultKind.REPLICA_LAG, region="a", database="orders") is lag
    assert faults.active(FaultKind.REPLICA_LAG, region="a", database="billing") is None
    assert faults.active(FaultKind.REPLICA_LAG, region="b", database="orders") is None
    assert faults.active(FaultKind.REPLICA_BROKEN, region="a", database="orders") is None


def test_a_strike_uses_a_fault_up(clock: VirtualClock, faults: Faults) -> None:
    faults.schedule([Fault(FaultKind.PROMOTION_FAILS, 0, database="orders", times=1)], origin=0)
    clock.sleep(0)
    assert faults.strike(FaultKind.PROMOTION_FAILS, "a", {"billing"}) is None
    assert faults.strike(FaultKind.PROMOTION_FAILS, "a", {"orders", "we1-orders-away-1"})
    assert faults.strike(FaultKind.PROMOTION_FAILS, "a", {"orders"}) is None


def test_watchers_hear_of_every_begin_and_end(clock: VirtualClock, faults: Faults) -> None:
    heard: list[float] = []
    faults.on_change(lambda: heard.append(clock.monotonic()))
    faults.schedule([Fault(FaultKind.LAG_UNKNOWN, 5, lasts_s=10)], origin=0)
    clock.sleep(60)
    assert heard == [5, 15]


def test_rows_that_cannot_be_simulated_are_refused_together_and_nothing_begins(
    clock: VirtualClock, faults: Faults
) -> None:
    rows = [
        Fault(FaultKind.REGION_LOST, 0, region="a"),
        Fault(FaultKind.REGION_LOST, 0),
        Fault(FaultKind.SLOW, 0, rate=2),
        Fault(FaultKind.DATABASE_LOST, 0, region="a"),
        Fault(FaultKind.BAD_RELEASE, 0),
    ]
    with pytest.raises(InvalidInput) as refused:
        faults.schedule(rows, origin=0)
    clock.sleep(1)
    assert not faults.region_lost("a")
    assert [problem.path for problem in refused.value.problems] == [
        "fault[1].region",
        "fault[2].seconds",
        "fault[2].rate",
        "fault[3].database",
        "fault[4].region",
    ]


@pytest.mark.parametrize("kind", sorted(FaultKind))
def test_every_kind_can_be_scheduled(kind: FaultKind) -> None:
    row = Fault(kind, 0, region="a", database="orders", seconds=1, lasts_s=60)
    assert problems([row]) == []


def test_a_region_that_flaps_is_gone_every_other_time_and_back_in_the_end(
    clock: VirtualClock, faults: Faults
) -> None:
    row = Fault(FaultKind.REGION_FLAPS, 10, region="a", seconds=20, lasts_s=90)
    faults.schedule([row], origin=0)
    seen = []
    for _ in range(12):
        clock.sleep(9.9)
        seen.append(faults.region_lost("a"))
        clock.sleep(0.1)
    gone, there = [True] * 2, [False] * 2
    assert seen == [False, *gone, *there, *gone, *there, True, *there]


def test_a_controller_is_struck_before_its_call_or_after_it(
    clock: VirtualClock, faults: Faults
) -> None:
    killed = frozenset({FaultKind.CONTROLLER_KILLED})
    row = Fault(FaultKind.CONTROLLER_KILLED, 0, lasts_s=5, times=1, after=False)
    faults.schedule([row], origin=0)
    clock.sleep(100)
    assert faults.pick("r", "s", "o") is None
    assert faults.pick("r", "s", "o", killed) is None
    assert faults.pick("r", "s", "o", killed, after=False) is row
    assert faults.pick("r", "s", "o", killed, after=False) is None


def test_the_list_of_kinds_is_the_contract() -> None:
    words = """
        region-lost region-returns region-flaps throttle server-errors lost-reply read-timeout
        slow denied promotion-fails promotion-stalls replica-lag replica-broken lag-unknown
        snapshot-unusable copy-in-flight key-missing quota-exceeded capacity-missing
        controller-killed controller-paused second-controller clock-skew operator-silent
        bad-release tasks-lost data-corrupted database-lost schedule-missed
    """
    assert sorted(FaultKind) == sorted(words.split())


def test_faults_are_known_without_any_vendor() -> None:
    look = "import sys, simulator.faults; print({'moto', 'boto3', 'botocore'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert told.stdout.strip() == "set()"
