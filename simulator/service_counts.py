"""What AWS services count of themselves in CloudWatch: schedules that fired, runs that failed.

`simulator.schedules` and `simulator.invocations` put them, as alarms of the program expect them.
"""

from datetime import timedelta

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends

from simulator import inside
from simulator.moto_time import utc
from simulator.world import World

KEPT = timedelta(days=15)
"""How long CloudWatch keeps data of single minutes (user guide, "Metrics retention"). It keeps sums
of them for longer; no alarm may look back further than a week."""

AT_ONCE = timedelta(days=5)
"""How many days of what is kept no more are dropped together."""


def put(world: World, region: str, metric: tuple[str, str], value: float, **whose: str) -> None:
    """Put one number of this moment: `metric` is its namespace and name."""
    rows = [{"Name": name, "Value": text} for name, text in whose.items()]
    datum = MetricDatum(*metric, value, rows, utc(world.clock.now()), "Count")
    cloudwatch_backends[inside.ACCOUNT][region].metric_data.append(datum)


def forget(world: World, region: str) -> None:
    """Drop what CloudWatch keeps no more, so that a year does not make every question slower.

    Some days are dropped at once: whoever has put the data in order does that anew each time.
    """
    data = cloudwatch_backends[inside.ACCOUNT][region].metric_data
    oldest = utc(world.clock.now()) - KEPT
    if data and utc(data[0].timestamp) < oldest - AT_ONCE:
        data[:] = [one for one in data if utc(one.timestamp) >= oldest]
