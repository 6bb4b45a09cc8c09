from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import ClockMisused, VirtualClock, VirtualWorkers

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
WAITS = st.lists(st.floats(min_value=0, max_value=10_000), min_size=1, max_size=12)


class Boom(Exception):
    pass


def boom() -> None:
    raise Boom


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


def test_sleep_moves_both_readings_by_exactly_that_much(clock: VirtualClock) -> None:
    clock.sleep(90.5)
    assert clock.monotonic() == 90.5
    assert clock.now() == START + timedelta(seconds=90.5)


def test_a_negative_sleep_is_refused(clock: VirtualClock) -> None:
    with pytest.raises(ValueError, match="backwards"):
        clock.sleep(-1)


@given(waits=WAITS)
def test_parallel_sleeps_cost_the_longest_of_them(waits: list[float]) -> None:
    clock = VirtualClock(START)
    VirtualWorkers(clock, width=len(waits)).run([partial(clock.sleep, wait) for wait in waits])
    assert clock.monotonic() == max(waits)


@given(waits=WAITS, width=st.integers(min_value=1, max_value=5))
def test_a_bounded_crew_takes_each_next_task_when_a_hand_is_free(
    waits: list[float], width: int
) -> None:
    clock = VirtualClock(START)
    VirtualWorkers(clock, width).run([partial(clock.sleep, wait) for wait in waits])
    free = [0.0] * width
    for wait in waits:
        first = free.index(min(free))
        free[first] += wait
    assert clock.monotonic() == pytest.approx(max(free))


@given(waits=WAITS)
def test_events_run_in_order_of_time_then_of_scheduling(waits: list[float]) -> None:
    clock = VirtualClock(START)
    seen: list[tuple[float, int]] = []
    for index, wait in enumerate(waits):
        clock.at(wait, lambda index=index: seen.append((clock.monotonic(), index)))  # type: ignore[misc]
    clock.sleep(max(waits))
    assert seen == sorted((wait, index) for index, wait in enumerate(waits))


def test_results_come_in_the_order_of_the_tasks(clock: VirtualClock) -> None:
    def task(wait: float) -> float:
        clock.sleep(wait)
        return clock.monotonic()

    assert VirtualWorkers(clock, 3).run([partial(task, wait) for wait in (5, 1, 3)]) == [5, 1, 3]


def _trace() -> list[str]:
    clock = VirtualClock(START)
    seen: list[str] = []

    def task(name: int) -> None:
        for step in range(3):
            clock.sleep((name * 7 + step) % 5)
            seen.append(f"{name}.{step}@{clock.monotonic()}")

    clock.every(2, lambda: seen.append(f"tick@{clock.monotonic()}"))
    VirtualWorkers(clock, 4).run([partial(task, name) for name in range(9)])
    return seen


def test_the_same_run_twice_leaves_the_same_trace() -> None:
    assert _trace() == _trace()


def test_a_thousand_threads_wait_together(clock: VirtualClock) -> None:
    VirtualWorkers(clock, 1000).run([partial(clock.sleep, wait) for wait in range(1000)])
    assert clock.monotonic() == 999


def test_only_one_thread_runs_at_any_time(clock: VirtualClock) -> None:
    running: list[int] = []
    overlaps: list[int] = []

    def task() -> None:
        for _ in range(20):
            running.append(1)
            overlaps.append(sum(running))
            running.pop()
            clock.sleep(1)

    VirtualWorkers(clock, 8).run([task] * 8)
    assert set(overlaps) == {1}


def test_crews_nest(clock: VirtualClock) -> None:
    def outer(wait: float) -> float:
        VirtualWorkers(clock, 2).run([partial(clock.sleep, wait), partial(clock.sleep, wait + 1)])
        return clock.monotonic()

    assert VirtualWorkers(clock, 2).run([partial(outer, 1), partial(outer, 10)]) == [2, 11]


def test_every_task_ends_before_the_first_error_in_task_order_is_raised(
    clock: VirtualClock,
) -> None:
    ended: list[str] = []

    def fail(wait: float, message: str) -> None:
        clock.sleep(wait)
        raise ValueError(message)

    def end(wait: float) -> None:
        clock.sleep(wait)
        ended.append("third")

    with pytest.raises(ValueError, match="first"):
        VirtualWorkers(clock, 3).run(
            [partial(fail, 5, "first"), partial(fail, 1, "second"), partial(end, 9)]
        )
    assert ended == ["third"]


def test_what_a_callback_raises_comes_out_of_the_sleep_that_ran_it(clock: VirtualClock) -> None:
    clock.at(1, boom)
    with pytest.raises(Boom):
        clock.sleep(5)
    clock.sleep(5)
    assert clock.monotonic() == 6, "the interrupted sleep leaves no wake-up behind"


@pytest.mark.parametrize("waits", [(3, 4), (0, 4)])
def test_what_a_callback_raises_while_workers_wait_comes_out_of_run(
    clock: VirtualClock, waits: tuple[float, float]
) -> None:
    ended: list[float] = []

    def task(wait: float) -> None:
        clock.sleep(wait)
        ended.append(wait)

    clock.at(1, boom)
    with pytest.raises(Boom):
        VirtualWorkers(clock, 2).run([partial(task, wait) for wait in waits])
    assert min(waits) in ended, "nobody is left half-way"


def test_a_callback_may_not_sleep(clock: VirtualClock) -> None:
    clock.at(1, partial(clock.sleep, 1))
    with pytest.raises(ClockMisused, match="may not wait"):
        clock.sleep(5)


def test_a_callback_may_schedule_more(clock: VirtualClock) -> None:
    seen: list[float] = []
    clock.at(1, lambda: clock.at(1, lambda: seen.append(clock.monotonic())))
    clock.sleep(5)
    assert seen == [2]


def test_what_is_taken_back_does_not_happen(clock: VirtualClock) -> None:
    seen: list[float] = []
    take_back = clock.at(1, lambda: seen.append(clock.monotonic()))
    take_back()
    clock.sleep(5)
    assert seen == []


def test_a_series_keeps_its_grid_until_it_is_ended(clock: VirtualClock) -> None:
    seen: list[float] = []
    end = clock.every(10, lambda: seen.append(clock.monotonic()))
    clock.sleep(35)
    end()
    clock.sleep(35)
    assert seen == [10, 20, 30]


def test_a_series_may_end_itself(clock: VirtualClock) -> None:
    seen: list[float] = []

    def turn() -> None:
        seen.append(clock.monotonic())
        end()

    end = clock.every(10, turn)
    clock.sleep(35)
    assert seen == [10]


def test_a_series_survives_its_own_error(clock: VirtualClock) -> None:
    clock.every(10, boom)
    for _ in range(2):
        with pytest.raises(Boom):
            clock.sleep(15)
    assert clock.monotonic() == 20


def test_an_interval_of_nothing_is_refused(clock: VirtualClock) -> None:
    with pytest.raises(ValueError, match="never lets time pass"):
        clock.every(0, boom)


def test_what_was_started_goes_on_beside_whoever_sleeps(clock: VirtualClock) -> None:
    said: list[tuple[str, float]] = []

    def task(name: str) -> None:
        for _ in range(2):
            clock.sleep(10)
            said.append((name, clock.monotonic()))

    clock.at(5, lambda: clock.start(lambda: task("started")))
    clock.sleep(12)
    said.append(("main", clock.monotonic()))
    clock.sleep(30)
    assert said == [("main", 12.0), ("started", 15.0), ("started", 25.0)]


def test_what_a_started_task_raises_comes_out_of_a_sleep(clock: VirtualClock) -> None:
    clock.start(boom)
    with pytest.raises(Boom):
        clock.sleep(1)
    clock.sleep(1)


def test_workers_and_started_tasks_take_turns(clock: VirtualClock) -> None:
    ended: list[float] = []

    def long() -> None:
        clock.sleep(7)
        ended.append(clock.monotonic())

    clock.start(long)
    found = VirtualWorkers(clock, 2).run([lambda: clock.sleep(5), lambda: clock.sleep(9)])
    assert found == [None, None]
    assert ended == [7.0]
    assert clock.monotonic() == 9.0
