"""What a watched zone costs: two looks a tick, everything in the background, more in doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from failover.observation import Instance, LagPoint, Look, Reading, Service
from failover.rounds import SAMPLE, TRIED, Rounds, serving_looks, tried
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from failover.observation import Observation
    from tests.unit.failover.conftest import FakeZone

WATCHED = {"serving_region_answers": 1, "answers": 1}


def look(zone: FakeZone, rounds: Rounds) -> tuple[Observation, Counter]:
    before = len(zone.calls)
    seen = rounds.look(zone.around, Run(""), Reading(zone.clock.now(), value=True, error=None))
    return seen, Counter(zone.calls[before:])


def test_a_healthy_zone_costs_two_looks_a_tick_and_a_round_every_two_minutes(
    zone: FakeZone,
) -> None:
    rounds = Rounds()
    _, first = look(zone, rounds)
    assert first.items() > WATCHED.items()
    quiet = []
    for _ in range(11):
        zone.clock.sleep(10)
        quiet.append(look(zone, rounds)[1])
    assert all(calls == WATCHED for calls in quiet[:-1])
    zone.clock.sleep(20)
    assert look(zone, rounds)[1] == first - Counter(["recovery_points"])


def test_recovery_points_are_listed_every_quarter_of_an_hour(zone: FakeZone) -> None:
    rounds, listed = Rounds(), []
    for _ in range(17):
        seen, calls = look(zone, rounds)
        listed.append(calls["recovery_points"])
        assert seen.recovery_points.age_s(seen.now) < 16 * 60
        zone.clock.sleep(120)
    assert sum(listed) == 3


def test_what_the_last_round_saw_is_kept_with_its_age_and_forgotten_in_time(
    zone: FakeZone,
) -> None:
    rounds = Rounds()
    look(zone, rounds)
    zone.clock.sleep(100)
    seen, _ = look(zone, rounds)
    assert seen.instances.value
    assert 100 <= seen.instances.age_s(seen.now) <= 103
    zone.platform_down, zone.denied = True, {"instances"}
    zone.clock.sleep(400)
    seen, _ = look(zone, rounds)
    assert seen.instances.value is None


def test_a_region_that_is_lost_is_asked_nothing_more(lost_zone: FakeZone) -> None:
    assert look(lost_zone, Rounds())[1] == WATCHED


def test_a_silent_platform_is_looked_into_at_once(zone: FakeZone) -> None:
    rounds = Rounds()
    look(zone, rounds)
    zone.platform_down = True
    zone.clock.sleep(10)
    _, calls = look(zone, rounds)
    assert calls == {**WATCHED, "serving_instances": 1, "serving_hosting": 1}


def test_earlier_releases_are_asked_for_only_where_the_newest_is_blamed(zone: FakeZone) -> None:
    zone.platform.bad, zone.platform.running = frozenset({"td"}), 0
    assert look(zone, Rounds())[1]["releases"] == 1


def test_a_look_that_fails_is_a_reading_with_its_error_and_stops_nothing(zone: FakeZone) -> None:
    zone.denied = {"serving_instances", "serving_hosting", "lags", "hosting", "served_by"}
    seen, _ = look(zone, Rounds())
    for name in (Look.SERVING_INSTANCES, Look.SERVING_HOSTING, Look.LAGS, Look.HOSTING):
        assert seen.reading(name).error
        assert seen.reading(name).asked
    assert seen.serving.value


def fleet(zone: FakeZone, make: Callable, count: int) -> Observation:
    manifest = make(tuple(f"db{number:03d}" for number in range(count)))
    at = zone.clock.now()
    known = {name: Reading(at, True, None) for name in ("serving", "serving_region")}
    blank = Rounds().look(zone.around, Run(""), Reading(at, True, None))
    return replace(blank, manifest=manifest, writes=Reading(), **known)


def test_of_many_databases_a_few_are_tried_in_turn_and_all_come_up(
    zone: FakeZone, manifest_of: Callable
) -> None:
    seen = fleet(zone, manifest_of, 40)
    came = set()
    for turn in range(10):
        later = replace(seen, now=seen.now.replace(hour=10, minute=2 * turn))
        chosen = tried(later, due=True).databases
        assert len(chosen) == SAMPLE
        came |= set(chosen)
    assert len(came) == 40


def test_a_thousand_failing_primaries_cost_a_bounded_number_of_writes(
    zone: FakeZone, manifest_of: Callable
) -> None:
    seen = fleet(zone, manifest_of, 1000)
    failed = Instance("failed", None, 7, "w", True, "g", True)
    names = serving_looks(seen, due=True).serving
    assert len(names) == 1000
    seen = replace(seen, serving_instances=Reading(seen.now, dict.fromkeys(names, failed), None))
    assert tried(seen, due=True).databases == tuple(f"db{number:03d}" for number in range(TRIED))


def test_types_of_the_background_are_what_the_rules_expect(zone: FakeZone) -> None:
    seen, _ = look(zone, Rounds())
    assert isinstance(seen.hosting.value, Service)
    assert all(isinstance(one, LagPoint) for row in seen.lags.value.values() for one in row)
