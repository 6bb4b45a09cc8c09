"""Alarms: never evaluated in plain moto (`corrected=False`), on the world's clock otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from moto.cloudwatch.models import cloudwatch_backends

from simulator.alarms import State, judge
from simulator.backstage import client
from simulator.metrics import LAG
from simulator.world import ACCOUNT, START, World

REGION = "eu-central-1"
ABOVE_TEN = {
    "AlarmName": "lag",
    "Namespace": "AWS/RDS",
    "MetricName": "ReplicaLag",
    "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "db"}],
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 10,
    "ComparisonOperator": "GreaterThanThreshold",
}


def make(**settings: object) -> None:
    client("cloudwatch", REGION).put_metric_alarm(**(ABOVE_TEN | settings))


def look() -> dict[str, Any]:
    found: dict[str, Any] = client("cloudwatch", REGION).describe_alarms()["MetricAlarms"][0]
    return found


def lag_from(world: World, lags: dict[int, float | None], otherwise: float | None = 0.0) -> None:
    """Let the lag be what `lags` says for a minute since the start."""

    def lag(_region: str, _identifier: str, moment: datetime) -> float | None:
        return lags.get(int((moment - START).total_seconds() // 60), otherwise)

    LAG.give(world, lag)


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def test_a_new_alarm_has_no_verdict_and_later_one_of_its_own() -> None:
    def states(*, corrected: bool) -> tuple[str, str]:
        with World(seed=1, corrected=corrected) as world:
            lag_from(world, {}, otherwise=99.0)
            make()
            born = look()["StateValue"]
            world.clock.sleep(600)
            return str(born), str(look()["StateValue"])

    assert states(corrected=False) == ("OK", "OK")
    assert states(corrected=True) == ("INSUFFICIENT_DATA", "ALARM")


def chosen(state: str) -> list[str]:
    answer = client("cloudwatch", REGION).describe_alarms(AlarmNamePrefix="la", StateValue=state)
    return [alarm["AlarmName"] for alarm in answer["MetricAlarms"]]


def test_a_state_narrows_a_choice_by_name() -> None:
    with World(seed=1, corrected=False):
        make()
        assert chosen("ALARM") == ["lag"]
    with World(seed=1):
        make()
        assert (chosen("ALARM"), chosen("INSUFFICIENT_DATA")) == ([], ["lag"])


def test_an_alarm_turns_when_enough_datapoints_breach(world: World) -> None:
    lag_from(world, dict.fromkeys(range(10, 13), 50.0))
    make()

    seen = {}
    for minute in range(20):
        world.clock.sleep(60)
        seen[minute + 1] = look()["StateValue"]

    assert {state for minute, state in seen.items() if minute < 13} == {"OK"}
    assert [minute for minute, state in seen.items() if state == "ALARM"] == [13]


def test_the_moment_of_a_turn_is_right_although_nobody_was_looking(world: World) -> None:
    lag_from(world, {}, otherwise=50.0)
    lag_from(world, dict.fromkeys(range(100), 0.0), otherwise=50.0)
    make(EvaluationPeriods=1)

    world.clock.sleep(6 * 3600)

    turned = look()["StateUpdatedTimestamp"].astimezone(UTC)
    assert turned == START + timedelta(minutes=101)


def test_two_of_three_datapoints_can_be_enough(world: World) -> None:
    lag_from(world, {5: 50.0, 7: 50.0})
    make(DatapointsToAlarm=2)

    world.clock.sleep(8 * 60)

    assert look()["StateValue"] == "ALARM"


def test_a_state_that_was_set_lasts_until_the_next_evaluation(world: World) -> None:
    lag_from(world, {})
    make()
    world.clock.sleep(300)
    api = client("cloudwatch", REGION)

    api.set_alarm_state(AlarmName="lag", StateValue="ALARM", StateReason="test")

    assert look()["StateValue"] == "ALARM"
    world.clock.sleep(60)
    assert look()["StateValue"] == "OK"


@pytest.mark.parametrize(
    ("points", "states"),
    [
        ("- - - - -", ("INSUFFICIENT_DATA", "OK", "ALARM", "OK")),
        ("0 - - - -", ("OK", "OK", "OK", "OK")),
        ("- - X - -", ("ALARM", "OK", "ALARM", "OK")),
        ("0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0 - X - X", ("OK", "OK", "OK", "OK")),
    ],
)
def test_missing_data_is_treated_as_the_table_of_the_user_guide_says(
    points: str, states: tuple[str, ...]
) -> None:
    alarm = SimpleNamespace(
        evaluation_periods=3,
        datapoints_to_alarm=None,
        threshold=10.0,
        comparison_operator="GreaterThanThreshold",
        state_value="OK",
    )
    values = {"X": 20.0, "0": 0.0, "-": None}
    found = []
    for treatment in ("missing", "ignore", "breaching", "notBreaching"):
        alarm.treat_missing_data = treatment
        found.append(judge(alarm, [values[point] for point in points.split()]))

    assert found == [State(state) for state in states]


@pytest.mark.parametrize("missing", ["missing", "ignore", "breaching", "notBreaching"])
def test_who_looks_late_finds_what_a_look_every_minute_finds(missing: str) -> None:
    values: dict[int, float | None] = {
        minute: [None, 0.0, 0.0, 0.0, 50.0][(minute // 17) % 5] for minute in range(400)
    }
    found = []
    for minutes in (1, 433):
        with World(seed=1) as world:
            lag_from(world, values, otherwise=None)
            make(TreatMissingData=missing)
            for _ in range(433 // minutes):
                world.clock.sleep(60 * minutes)
                look()
            alarm = cloudwatch_backends[ACCOUNT][REGION].alarms["lag"]
            turns = [(row[3], row[4]) for row in alarm.history]
            found.append((turns, alarm.state_value, alarm.state_updated_timestamp))
    assert len(found[0][0]) > 5
    assert found[0] == found[1]
