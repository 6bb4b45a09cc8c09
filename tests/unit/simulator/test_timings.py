from random import Random
from statistics import median

import pytest

from simulator.latency import LATENCIES
from simulator.timings import DURATIONS, TIMINGS, Takes


@pytest.mark.parametrize("kind", list(Takes))
def test_every_duration_has_a_source_and_stays_within_its_bounds(kind: Takes) -> None:
    duration = DURATIONS[kind]
    assert duration.source
    random = Random(1)
    for size in (0, 100, 10_000):
        assert duration.low_s <= duration.draw(random, size) <= duration.high_s


def test_promotion_is_lognormal_around_three_minutes() -> None:
    random = Random(1)
    drawn = [TIMINGS.draw(Takes.PROMOTE_REPLICA, random) for _ in range(4000)]
    assert median(drawn) == pytest.approx(180, rel=0.05)
    assert min(drawn) >= 60
    assert max(drawn) <= 900
    beyond = sum(value > 180 * 1.419 for value in drawn) / len(drawn)
    assert beyond == pytest.approx(0.159, abs=0.03), "one sigma of 0.35 above the median"


def test_bigger_databases_take_longer_to_restore() -> None:
    small = TIMINGS.draw(Takes.RESTORE_SNAPSHOT, Random(1), 100)
    large = TIMINGS.draw(Takes.RESTORE_SNAPSHOT, Random(1), 2000)
    assert large > 2 * small


def test_changing_calls_take_longer_than_reading_ones_and_data_planes_least() -> None:
    random = Random(1)
    changing = LATENCIES.draw("rds", mutating=True, random=random)
    reading = LATENCIES.draw("rds", mutating=False, random=random)
    data = LATENCIES.draw("dynamodb", mutating=True, random=random)
    assert data < 0.1 < reading < changing
