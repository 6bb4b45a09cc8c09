"""CloudWatch: moto evaluates no alarm, mixes up namespaces and never aligns periods.

`simulator.metrics` finds the datapoints, `simulator.alarms` evaluates; here they meet moto's
requests. Metric math, SEARCH, Metrics Insights and percentiles are refused instead of being
answered with an empty series, which a reader would take for "no data".
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend, Statistics
from moto.cloudwatch.responses import CloudWatchResponse

from simulator import alarms
from simulator.correction import Correction
from simulator.metrics import STATISTICS, Metric, Window, dimensions
from simulator.moto_time import utc
from simulator.world import current

_MOST_QUERIES = 500
"""GetMetricData's quota: "You can include as many as 500 MetricDataQuery structures"."""

_put_metric_data = CloudWatchBackend.put_metric_data
_put_metric_alarm = CloudWatchBackend.put_metric_alarm
_describe_alarms = CloudWatchResponse.describe_alarms
_describe_alarms_for_metric = CloudWatchResponse.describe_alarms_for_metric


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    backend, response = CloudWatchBackend, CloudWatchResponse
    return [
        Correction(
            backend, "get_metric_data", get_metric_data,
            "a query means exactly its namespace and dimensions; periods start on a grid",
        ),
        Correction(
            backend, "get_metric_statistics", get_metric_statistics,
            "periods start on a grid, not at the first datapoint",
        ),
        Correction(
            backend, "put_metric_data", put_metric_data,
            "a datapoint without a timestamp is of now, on the world's clock",
        ),
        Correction(
            backend, "put_metric_alarm", put_metric_alarm,
            "a new alarm is in INSUFFICIENT_DATA until it has been evaluated",
        ),
        Correction(
            backend, "set_alarm_state", set_alarm_state,
            "the state holds only until the next evaluation",
        ),
        Correction(
            response, "describe_alarms", describe_alarms,
            "alarms are evaluated as time passes; a state narrows a choice by name",
        ),
        Correction(
            response, "describe_alarms_for_metric", describe_alarms_for_metric,
            "alarms are evaluated as time passes",
        ),
    ]  # fmt: skip


def get_metric_data(
    self: CloudWatchBackend,
    queries: Sequence[dict[str, Any]],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampAscending",
) -> list[dict[str, Any]]:
    """Answer plain metric queries, each with its own series."""
    _check(queries, start_time, end_time)
    window = Window(current(), self.region_name, start_time, end_time)
    return [
        _result(window, query, newest_first=scan_by == "TimestampDescending")
        for query in queries
        if query.get("ReturnData", True)
    ]


def _check(queries: Sequence[dict[str, Any]], start: datetime, end: datetime) -> None:
    if utc(start) >= utc(end):
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    if len(queries) > _MOST_QUERIES:
        raise ValidationError(
            f"The collection MetricDataQueries must not have a size greater than {_MOST_QUERIES}."
        )
    for query in queries:
        statistic = query.get("MetricStat", {}).get("Stat")
        if statistic not in STATISTICS:
            raise ValidationError(
                f"Query {query['Id']}: only {', '.join(sorted(STATISTICS))} of a plain metric "
                "are simulated; compute expressions and percentiles yourself."
            )


def _result(window: Window, query: dict[str, Any], *, newest_first: bool) -> dict[str, Any]:
    asked = query["MetricStat"]
    metric = asked["Metric"]
    series = window.values(
        Metric(
            metric["Namespace"],
            metric["MetricName"],
            dimensions(metric.get("Dimensions", [])),
            asked.get("Unit"),
        ),
        int(asked["Period"]),
        asked["Stat"],
    )
    moments = sorted(series, reverse=newest_first)
    return {
        "id": query["Id"],
        "label": query.get("Label") or metric["MetricName"],
        "values": [series[moment] for moment in moments],
        "timestamps": moments,
        "status_code": "Complete",
    }


def get_metric_statistics(  # noqa: PLR0913, PLR0917 - moto's signature
    self: CloudWatchBackend,
    namespace: str,
    metric_name: str,
    start_time: datetime,
    end_time: datetime,
    period: int,
    stats: list[str],
    dimensions: list[dict[str, str]],
    unit: str | None = None,
) -> list[Statistics]:
    """Answer with the statistics of each aligned period that has data."""
    if utc(start_time) >= utc(end_time):
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )
    rows = frozenset((row["Name"], row["Value"]) for row in dimensions)
    window = Window(current(), self.region_name, start_time, end_time)
    found = []
    metric = Metric(namespace, metric_name, rows, unit)
    for start, data in window.periods(metric, period).items():
        statistics = Statistics(stats, start, data[0].unit)
        statistics.metric_data = data
        found.append(statistics)
    return found


def put_metric_data(
    self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]
) -> None:
    """Store datapoints; those without a moment are of now."""
    now = utc(current().clock.now())
    _put_metric_data(self, namespace, [{"Timestamp": now} | row for row in metric_data])


def put_metric_alarm(self: CloudWatchBackend, *args: object, **kwargs: object) -> Alarm:
    """Create or change an alarm, which starts without a verdict."""
    alarm = _put_metric_alarm(self, *args, **kwargs)
    alarms.born(current(), alarm)
    return alarm


def set_alarm_state(
    self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str
) -> None:
    """Set a state that the next evaluation overrules."""
    _evaluate(self)
    _set_alarm_state(self, alarm_name, reason, reason_data, state_value)
    self.alarms[alarm_name].state_updated_timestamp = utc(current().clock.now())


_set_alarm_state = CloudWatchBackend.set_alarm_state


def describe_alarms(self: CloudWatchResponse) -> object:
    """Describe alarms in the state of this moment; a state that is asked for narrows any choice."""
    _evaluate(self.cloudwatch_backend)
    answer = _describe_alarms(self)
    wanted = self._get_param("StateValue")
    for kind in ("MetricAlarms", "CompositeAlarms") if wanted else ():
        found = answer.result[kind]
        answer.result[kind] = [one for one in found if one.state_value == wanted]
    return answer


def describe_alarms_for_metric(self: CloudWatchResponse) -> object:
    """Describe a metric's alarms in the state of this moment."""
    _evaluate(self.cloudwatch_backend)
    return _describe_alarms_for_metric(self)


def _evaluate(backend: CloudWatchBackend) -> None:
    for alarm in backend.alarms.values():
        alarms.refresh(current(), backend.region_name, alarm)
