"""The limiter's laws: never more than the bucket holds, slower on a throttle, faster on success."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cloud.limiter import CHANGING, READING, Limiter, Limiters, Pace
from simulator.clock import VirtualClock, VirtualWorkers

FOREVER = float("inf")


def new_clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))


@given(
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=60),
    burst=st.integers(1, 20),
    rate=st.floats(0.5, 20),
)
def test_no_window_holds_more_than_the_burst_and_the_refill(
    pauses: list[float], burst: int, rate: float
) -> None:
    clock = new_clock()
    limiter = Limiter(clock, Pace(burst=burst, rate=rate))
    taken = []
    for pause in pauses:
        clock.sleep(pause)
        assert limiter.wait(FOREVER)
        taken.append(clock.monotonic())
    for index, start in enumerate(taken):
        for count, end in enumerate(taken[index:], start=1):
            assert count <= burst + (end - start) * rate + 1 + 1e-6


def test_a_burst_goes_at_once_and_then_five_a_second() -> None:
    clock = new_clock()
    limiter = Limiter(clock, CHANGING)
    for _ in range(10):
        limiter.wait(FOREVER)
    assert clock.monotonic() == 0
    for _ in range(10):
        limiter.wait(FOREVER)
    assert round(clock.monotonic(), 6) == 2


def test_a_throttle_slows_down_and_spends_what_was_saved() -> None:
    clock = new_clock()
    limiter = Limiter(clock, CHANGING)
    limiter.throttled()
    assert limiter.rate == 3.5
    limiter.wait(FOREVER)
    assert clock.monotonic() > 0.25


def test_success_speeds_up_little_by_little() -> None:
    limiter = Limiter(new_clock(), CHANGING)
    for _ in range(50):
        limiter.succeeded()
    assert round(limiter.rate, 6) == 6


@given(st.lists(st.booleans(), max_size=300))
def test_the_rate_stays_within_its_bounds(story: list[bool]) -> None:
    limiter = Limiter(new_clock(), CHANGING)
    for good in story:
        limiter.succeeded() if good else limiter.throttled()
        assert CHANGING.slowest <= limiter.rate <= CHANGING.fastest


def test_a_token_that_comes_too_late_is_not_waited_for_and_not_taken() -> None:
    clock = new_clock()
    limiter = Limiter(clock, Pace(burst=1, rate=1))
    assert limiter.wait(0)
    assert not limiter.wait(0.5)
    assert clock.monotonic() == 0
    assert limiter.wait(1)
    assert clock.monotonic() == 1


def test_workers_share_one_bucket() -> None:
    clock = new_clock()
    limiter = Limiter(clock, CHANGING)
    VirtualWorkers(clock, 8).run([lambda: limiter.wait(FOREVER)] * 30)
    assert round(clock.monotonic(), 6) == 4


def test_each_service_region_and_kind_of_call_has_a_bucket_of_its_own() -> None:
    limiters = Limiters(new_clock())
    ours = limiters.of("rds", "eu-central-1", changing=True)
    assert limiters.of("rds", "eu-central-1", changing=True) is ours
    for service, region, changing in (
        ("ecs", "eu-central-1", True),
        ("rds", "eu-west-1", True),
        ("rds", "eu-central-1", False),
    ):
        assert limiters.of(service, region, changing=changing) is not ours
    assert limiters.of("rds", "eu-central-1", changing=False).rate == READING.rate
