"""The nights before a drill: what CloudWatch counted of them while the zone had its past.

`settled.settle` calls it. A zone that has run for weeks had its backups started each night, and
alarms on a night without any must not go off because its world is young. Schedules themselves fire
in `holdfast drill year` (`simulator.schedules`). Assumption: the last run was eight hours ago.
"""

from datetime import timedelta

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

from continuity import backup_metrics
from simulator import inside
from simulator.moto_time import utc
from simulator.world import World

LAST_RUN = timedelta(hours=8)
NIGHTS = 3
"""More than any alarm of the program looks back."""

_STARTED = ("AWS/Scheduler", "InvocationAttemptCount")
_AGE = (backup_metrics.NAMESPACE, backup_metrics.AGE)
_COUNTED = {_STARTED: 1.0, _AGE: timedelta(hours=6).total_seconds()}
"""What is counted of a night, and how much: runs that started, and points as old as that night."""


def count(world: World, zone: str, region: str) -> None:
    """Let CloudWatch have counted a good night of everything that an alarm on nights watches."""
    cloudwatch = cloudwatch_backends[inside.ACCOUNT][region]
    last = utc(world.clock.now()) - LAST_RUN
    for alarm in cloudwatch.alarms.values():
        metric = (alarm.namespace, alarm.metric_name)
        if metric not in _COUNTED or not alarm.name.startswith(zone):
            continue
        rows = [{"Name": one.name, "Value": one.value} for one in alarm.dimensions]
        cloudwatch.metric_data += [
            MetricDatum(*metric, _COUNTED[metric], rows, last - timedelta(days=night), "Count")
            for night in range(NIGHTS)
        ]
