"""CloudWatch's datapoints: what was put, and the replica lag that RDS would have put.

`corrections.cloudwatch` serves requests from it and `alarms` evaluates on it. The lag of a
replica comes from whoever gave a provider to `LAG` (the simulated content of the databases); it
is asked for single minutes on demand, so that a thousand replicas cost nothing while nobody asks.

Source of the minute: RDS publishes its metrics every 60 s (RDS guide, "Monitoring metrics with
CloudWatch"). Assumption: a minute's datapoint can be read `PUBLISHED_AFTER` its minute began.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from moto.cloudwatch.models import MetricDatum, Statistics, cloudwatch_backends

from simulator import inside, metric_index
from simulator.metric_index import Datum, Dimensions
from simulator.moto_time import utc
from simulator.per_world import PerWorld

if TYPE_CHECKING:
    from simulator.world import World

LagProvider = Callable[[str, str, datetime], float | None]
"""Region, identifier and moment in; seconds of lag out, None where no lag is measured."""

LAG: PerWorld[LagProvider] = PerWorld()
"""Who knows how far a replica is behind."""

SteadyProvider = Callable[[str, "Metric", datetime], float | None]
"""Region, metric and a moment in; the value that it has had every minute since, `SILENT` if it had
none at all, None if it had others."""

SILENT = math.nan

STEADY: PerWorld[tuple[SteadyProvider, ...]] = PerWorld()
"""Who knows without counting minutes that a metric has not changed: a day of them costs nothing."""

MINUTE = timedelta(seconds=60)
PUBLISHED_AFTER = MINUTE
STATISTICS = frozenset({"Average", "Maximum", "Minimum", "SampleCount", "Sum"})


@dataclass(frozen=True)
class Metric:
    """One metric: namespace, name and exactly these dimensions; `unit` None takes any."""

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str | None = None


def tell_steady(world: "World", provider: SteadyProvider) -> None:
    """Let a provider say which metrics have not changed."""
    STEADY.give(world, (*(STEADY.of(world) or ()), provider))


def dimensions(rows: Iterable[Mapping[str, str]]) -> Dimensions:
    """Return `[{"Name": ..., "Value": ...}]` as a set: their order means nothing."""
    return frozenset((row["Name"], row["Value"]) for row in rows)


class Window:
    """The datapoints of one region from `start` to before `end`, looked up by metric."""

    def __init__(self, world: "World", region: str, start: datetime, end: datetime) -> None:
        self._world = world
        self._region = region
        self._start = utc(start).replace(second=0, microsecond=0)
        self._end = utc(end)
        self._stored = metric_index.of(cloudwatch_backends[inside.ACCOUNT][region])

    def periods(self, metric: Metric, period_s: int) -> dict[datetime, list[Datum]]:
        """Return a metric's data by the start of their period, periods counted from midnight."""
        found: dict[datetime, list[Datum]] = {}
        data = [one for one in self._data(metric) if metric.unit in (None, one.unit)]
        for datum in sorted(data, key=lambda one: utc(one.timestamp)):
            found.setdefault(_aligned(utc(datum.timestamp), period_s), []).append(datum)
        return found

    def values(self, metric: Metric, period_s: int, statistic: str) -> dict[datetime, float]:
        """Return one statistic of a metric by the start of its period."""
        steady = self.steady(metric)
        if steady is not None and period_s == MINUTE.total_seconds():
            return {} if math.isnan(steady) else dict.fromkeys(self._minutes(), steady)
        return {
            start: value(data, statistic) for start, data in self.periods(metric, period_s).items()
        }

    def steady(self, metric: Metric) -> float | None:
        """Return what a metric has been in every minute of the window, `SILENT` if it had nothing.

        None where it had different values, or nobody knows without counting.
        """
        for provider in STEADY.of(self._world) or ():
            found = provider(self._region, metric, self._start.replace(tzinfo=UTC))
            if found is not None:
                return found
        return None

    def _minutes(self) -> Iterator[datetime]:
        published = utc(self._world.clock.now()) - PUBLISHED_AFTER
        minute = self._start
        while minute < self._end and minute <= published:
            yield minute
            minute += MINUTE

    def _data(self, metric: Metric) -> Iterator[Datum]:
        known = self._stored.get((metric.namespace, metric.name, metric.dimensions), [])
        yield from metric_index.between(known, self._start, self._end)
        if (metric.namespace, metric.name) == ("AWS/RDS", "ReplicaLag"):
            yield from self._lag(metric)

    def _lag(self, metric: Metric) -> Iterator[Datum]:
        provider, rows = LAG.of(self._world), dict(metric.dimensions)
        if provider is None or set(rows) != {"DBInstanceIdentifier"}:
            return
        identifier = rows["DBInstanceIdentifier"]
        row = [{"Name": "DBInstanceIdentifier", "Value": identifier}]
        for minute in self._minutes():
            lag = provider(self._region, identifier, minute.replace(tzinfo=UTC))
            if lag is not None:
                yield MetricDatum("AWS/RDS", "ReplicaLag", lag, row, minute, "Seconds")


def value(data: list[Datum], statistic: str) -> float:
    """Return one of `STATISTICS` over the data of one period."""
    found = Statistics([statistic], utc(data[0].timestamp))
    found.metric_data = data
    return float(found.get_statistics_for_type(statistic))


def _aligned(moment: datetime, period_s: int) -> datetime:
    # In whole microseconds: seconds since year 1 as a float are wrong by some of them.
    return moment - (moment - datetime.min) % timedelta(seconds=period_s)  # noqa: DTZ901 - naive on both sides
