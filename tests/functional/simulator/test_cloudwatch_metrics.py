"""Metrics: in plain moto (`corrected=False`) and as CloudWatch returns them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.metrics import LAG
from simulator.world import START, World

REGION = "eu-central-1"
MINUTE = timedelta(minutes=1)


def query(
    name: str = "M",
    *,
    namespace: str = "N",
    dimensions: dict[str, str] | None = None,
    period: int = 60,
    statistic: str = "Average",
) -> dict[str, Any]:
    rows = [{"Name": key, "Value": value} for key, value in (dimensions or {}).items()]
    metric = {"Namespace": namespace, "MetricName": name, "Dimensions": rows}
    return {
        "Id": "m",
        "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic},
    }


def lag_of(identifier: str, query_id: str = "lag") -> dict[str, Any]:
    dimensions = {"DBInstanceIdentifier": identifier}
    return query("ReplicaLag", namespace="AWS/RDS", dimensions=dimensions) | {"Id": query_id}


def ask(*queries: dict[str, Any], start: datetime, end: datetime) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client("cloudwatch", REGION).get_metric_data(
        MetricDataQueries=list(queries), StartTime=start, EndTime=end, ScanBy="TimestampAscending"
    )["MetricDataResults"]
    return found


def put(value: float, moment: datetime, namespace: str = "N", **dimensions: str) -> None:
    rows = [{"Name": key, "Value": text} for key, text in dimensions.items()]
    datum = {"MetricName": "M", "Dimensions": rows, "Value": value, "Timestamp": moment}
    client("cloudwatch", REGION).put_metric_data(Namespace=namespace, MetricData=[datum])


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def test_a_query_means_its_own_namespace() -> None:
    def values(*, corrected: bool) -> list[float]:
        with World(seed=1, corrected=corrected):
            put(1.0, START, namespace="Mine", DB="a")
            put(3.0, START, namespace="Other", DB="a")
            asked = query(namespace="Mine", dimensions={"DB": "a"})
            found: list[float] = ask(asked, start=START, end=START + MINUTE)[0]["Values"]
            return found

    assert values(corrected=False) == [2.0]
    assert values(corrected=True) == [1.0]


def test_periods_start_on_a_grid_and_not_at_the_start_of_the_request() -> None:
    def moments(*, corrected: bool) -> list[datetime]:
        with World(seed=1, corrected=corrected):
            put(1.0, START + timedelta(seconds=70))
            found = ask(query(period=300), start=START - 2 * MINUTE, end=START + 5 * MINUTE)
            return [moment.astimezone(UTC) for moment in found[0]["Timestamps"]]

    assert moments(corrected=False) == [START - 2 * MINUTE]
    assert moments(corrected=True) == [START]


def test_a_metric_without_dimensions_is_another_metric(world: World) -> None:
    put(1.0, START)
    put(5.0, START, DB="a")

    found = ask(query(), start=START, end=world.clock.now() + MINUTE)

    assert found[0]["Values"] == [1.0]


def test_expressions_and_percentiles_are_refused_instead_of_answered_with_nothing() -> None:
    double = {"Id": "e", "Expression": "m*2"}
    with World(seed=1, corrected=False):
        put(1.0, START)
        found = ask(query(), double, start=START, end=START + MINUTE)
        assert next(one for one in found if one["Id"] == "e")["Values"] == []
    with World(seed=1):
        for asked in (double, query(statistic="p99")):
            with pytest.raises(ClientError, match="ValidationError"):
                ask(query(), asked, start=START, end=START + MINUTE)


def test_up_to_500_queries_fit_into_a_call(world: World) -> None:
    put(1.0, START)
    many = [query() | {"Id": f"m{number}"} for number in range(501)]

    assert len(ask(*many[:500], start=START, end=world.clock.now() + MINUTE)) == 500
    with pytest.raises(ClientError, match="500"):
        ask(*many, start=START, end=world.clock.now() + MINUTE)


def test_a_datapoint_without_a_moment_is_of_the_worlds_now(world: World) -> None:
    world.clock.sleep(600)
    client("cloudwatch", REGION).put_metric_data(
        Namespace="N", MetricData=[{"MetricName": "M", "Value": 1.0}]
    )

    found = ask(query(), start=START, end=START + 20 * MINUTE)

    assert [moment.astimezone(UTC) for moment in found[0]["Timestamps"]] == [START + 10 * MINUTE]


def test_replica_lag_has_a_datapoint_for_each_minute_that_is_published(world: World) -> None:
    asked_of = []

    def lag(region: str, identifier: str, moment: datetime) -> float | None:
        asked_of.append((region, identifier))
        return (moment - START).total_seconds()

    LAG.give(world, lag)
    world.clock.sleep(4.5 * 60)

    found = ask(lag_of("db"), start=START, end=world.clock.now())[0]

    assert found["Values"] == [0.0, 60.0, 120.0, 180.0]
    assert set(asked_of) == {(REGION, "db")}


def test_no_lag_is_no_datapoint_and_never_a_zero(world: World) -> None:
    LAG.give(world, lambda _region, identifier, _moment: 3.0 if identifier == "db" else None)
    world.clock.sleep(120)

    found = ask(lag_of("db", "a"), lag_of("unknown", "b"), start=START, end=world.clock.now())

    assert [one["Values"] for one in found] == [[3.0, 3.0], []]


def test_statistics_are_served_from_the_same_lag(world: World) -> None:
    LAG.give(world, lambda _region, _identifier, moment: float(moment.minute))
    world.clock.sleep(600)

    found = client("cloudwatch", REGION).get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="ReplicaLag",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "db"}],
        StartTime=START,
        EndTime=START + 5 * MINUTE,
        Period=300,
        Statistics=["Maximum", "SampleCount"],
    )["Datapoints"]

    assert [(one["Maximum"], one["SampleCount"]) for one in found] == [(4.0, 5.0)]
    assert found[0]["Timestamp"].astimezone(UTC) == START
