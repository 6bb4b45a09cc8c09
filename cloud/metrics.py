"""How far replicas are behind, for many of them in one call.

The failover's observation reads it; what a number means for the RPO is decided there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cloud.door import Door
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity.permissions import READ_METRICS

QUERIES = 500
"""The most metrics that one GetMetricData takes (CloudWatch quotas)."""

_PERIOD_S = 60


@dataclass(frozen=True)
class LagPoint:
    """The lag in one minute. None: RDS said -1, replication is not active or unknown."""

    at: datetime
    seconds: float | None


@permitted(READ_METRICS)
def replica_lag(
    door: Door, identifiers: Iterable[str], window_s: int = 900
) -> dict[str, tuple[LagPoint, ...]]:
    """Return each instance's points of the last `window_s` seconds, newest first.

    No point means unknown, never zero: a dead source stops the metric too.
    """
    names = sorted(set(identifiers))
    points: dict[str, list[LagPoint]] = {name: [] for name in names}
    end = door.clock.now()
    for batch in batches(names, QUERIES):
        for page in pages(
            door,
            "cloudwatch",
            "GetMetricData",
            ("NextToken", "NextToken"),
            MetricDataQueries=[_query(index, name) for index, name in enumerate(batch)],
            StartTime=end - timedelta(seconds=window_s),
            EndTime=end,
            ScanBy="TimestampDescending",
        ):
            for result in page["MetricDataResults"]:
                name = batch[int(result["Id"].removeprefix("lag"))]
                points[name] += map(_point, result["Timestamps"], result["Values"])
    return {
        name: tuple(sorted(found, key=lambda point: point.at, reverse=True))
        for name, found in points.items()
    }


def _query(index: int, identifier: str) -> dict[str, object]:
    """Ask for the worst second of each minute: an average hides what would be lost."""
    return {
        "Id": f"lag{index}",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/RDS",
                "MetricName": "ReplicaLag",
                "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": identifier}],
            },
            "Period": _PERIOD_S,
            "Stat": "Maximum",
        },
    }


def _point(at: datetime, value: float) -> LagPoint:
    return LagPoint(at, value if value >= 0 else None)
