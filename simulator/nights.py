"""The nights before a drill: schedules whose runs CloudWatch counted while the zone had its past.

`settled.settle` calls it. Nothing fires on the virtual clock yet; but a zone that has run for
weeks had its backups started each night, and the alarm on a night without any must not go off
because its world is young. Assumption: the last run was eight hours ago.
"""

from datetime import timedelta

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

from simulator import inside
from simulator.metrics import utc
from simulator.world import World

LAST_RUN = timedelta(hours=8)
NIGHTS = 3
"""More than any alarm of the program looks back."""

_COUNTED = ("AWS/Scheduler", "InvocationAttemptCount")


def count(world: World, zone: str, region: str) -> None:
    """Let CloudWatch have counted a run a night of each schedule group that an alarm watches."""
    cloudwatch = cloudwatch_backends[inside.ACCOUNT][region]
    last = utc(world.clock.now()) - LAST_RUN
    for alarm in cloudwatch.alarms.values():
        if (alarm.namespace, alarm.metric_name) != _COUNTED or not alarm.name.startswith(zone):
            continue
        rows = [{"Name": one.name, "Value": one.value} for one in alarm.dimensions]
        cloudwatch.metric_data += [
            MetricDatum(*_COUNTED, 1.0, rows, last - timedelta(days=night), "Count")
            for night in range(NIGHTS)
        ]
