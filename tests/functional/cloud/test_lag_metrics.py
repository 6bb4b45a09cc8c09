"""Replica lag on simulated CloudWatch."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from cloud.door import Cloud, Door
from cloud.metrics import LagPoint, replica_lag
from simulator.clock import VirtualClock


def put(
    backstage: Callable[..., Any], clock: VirtualClock, name: str, *points: tuple[int, float]
) -> None:
    backstage("cloudwatch").put_metric_data(
        Namespace="AWS/RDS",
        MetricData=[
            {
                "MetricName": "ReplicaLag",
                "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": name}],
                "Timestamp": clock.now() - timedelta(minutes=minutes),
                "Value": value,
            }
            for minutes, value in points
        ],
    )


def test_lag_is_read_newest_first(door: Door, backstage: Callable[..., Any]) -> None:
    now = door.clock.now()
    put(backstage, door.clock, "orders", (3, 4.0), (1, 9.0))
    assert replica_lag(door, ["orders"])["orders"] == (
        LagPoint(now - timedelta(minutes=1), 9.0),
        LagPoint(now - timedelta(minutes=3), 4.0),
    )


def test_minus_one_is_unknown_and_no_point_is_no_point(
    door: Door, backstage: Callable[..., Any]
) -> None:
    put(backstage, door.clock, "orders", (1, -1.0))
    found = replica_lag(door, ["orders", "silent"])
    assert found["orders"][0].seconds is None
    assert found["silent"] == ()


def test_five_hundred_instances_are_one_call(cloud: Cloud, door: Door) -> None:
    for count in (0, 1, 500, 501):
        before = cloud.budget.total
        found = replica_lag(door, [f"orders-{number}" for number in range(count)])
        assert len(found) == count
        assert cloud.budget.total - before == ceil(count / 500)
