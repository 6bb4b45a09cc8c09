"""How many targets of each load balancer answer, as its metrics say it every minute.

`simulator.strikes` begins it: without these datapoints an alarm that takes silence for trouble
would go off in every simulated zone.

Source: Elastic Load Balancing guide, "CloudWatch metrics for your Application Load Balancer":
HealthyHostCount and UnHealthyHostCount per load balancer and target group, every 60 s, reported
while there are registered targets. Nothing is reported of a region that is lost.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends
from moto.elbv2.models import elbv2_backends

from simulator import inside, target_health
from simulator.metrics import Metric, tell_steady
from simulator.moto_time import utc
from simulator.per_world import PerWorld
from simulator.world import World

EVERY_S = 60.0
KEPT = timedelta(hours=1)
"""No alarm looks further back, and a drill of half a day must not drown in datapoints."""

NAMESPACE = "AWS/ApplicationELB"

Group = Any
"""A moto `FakeTargetGroup`; moto is untyped here."""


_REPORTED: PerWorld[bool] = PerWorld()
"""True where somebody counts every minute."""


def watch(world: World) -> None:
    """Report from now on, every minute."""
    _REPORTED.give(world, True)
    world.clock.every(EVERY_S, lambda: _report(world))


def assume(world: World) -> None:
    """Where nobody counts, let what answers now have answered all along: for zones left in peace.

    A year of minutes would drown in datapoints.
    """
    tell_steady(world, partial(_assumed, world))


def _assumed(world: World, region: str, metric: Metric, _since: datetime) -> float | None:
    whose = dict(metric.dimensions)
    if _REPORTED.of(world) or metric.namespace != NAMESPACE or world.faults.region_lost(region):
        return None
    for group in elbv2_backends[inside.ACCOUNT][region].target_groups.values():
        if group.arn.rpartition(":")[2] == whose.get("TargetGroup"):
            found = target_health.targets(region, group)
            healthy = sum(well for _, well in found)
            counts = {"HealthyHostCount": healthy, "UnHealthyHostCount": len(found) - healthy}
            return float(counts[metric.name]) if found and metric.name in counts else None
    return None


def _report(world: World) -> None:
    for region, backend in list(elbv2_backends[inside.ACCOUNT].items()):
        if world.faults.region_lost(region):
            continue
        _forget(world, region)
        for group in list(backend.target_groups.values()):
            _count(world, region, group)


def _count(world: World, region: str, group: Group) -> None:
    """Put both counts of a group under each of its load balancers."""
    found = target_health.targets(region, group)
    if not found:
        return
    healthy = sum(well for _, well in found)
    at = utc(world.clock.now()).replace(second=0, microsecond=0)
    for arn in group.load_balancer_arns:
        row = [
            {"Name": "LoadBalancer", "Value": arn.partition(":loadbalancer/")[2]},
            {"Name": "TargetGroup", "Value": group.arn.rpartition(":")[2]},
        ]
        counts = {"HealthyHostCount": healthy, "UnHealthyHostCount": len(found) - healthy}
        cloudwatch_backends[inside.ACCOUNT][region].metric_data += [
            MetricDatum(NAMESPACE, name, float(count), row, at, "Count")
            for name, count in counts.items()
        ]


def _forget(world: World, region: str) -> None:
    backend = cloudwatch_backends[inside.ACCOUNT][region]
    oldest = utc(world.clock.now()) - KEPT
    backend.metric_data = [
        one
        for one in backend.metric_data
        if one.namespace != NAMESPACE or utc(one.timestamp) >= oldest
    ]
