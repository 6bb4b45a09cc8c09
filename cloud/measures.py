"""Numbers of our own in CloudWatch: what nobody but us can measure, put where it is needed.

`backup.measures` puts how fresh the recovery points of a zone are. `cloud.metrics` reads what AWS
measures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cloud.door import Door
from cloud.paging import batches
from cloud.permitted import permitted
from continuity.permissions import PUT_METRICS

MOST_AT_ONCE = 1000
"""The most numbers that one PutMetricData takes (API reference)."""


@dataclass(frozen=True)
class Number:
    """One number of this moment; `unit` is CloudWatch's word."""

    name: str
    value: float
    unit: str = "Count"
    dimensions: Mapping[str, str] = field(default_factory=dict)


@permitted(PUT_METRICS)
def put(door: Door, namespace: str, numbers: Sequence[Number]) -> None:
    """Put numbers into a namespace of the region; one that is put twice counts twice."""
    now = door.clock.now()
    for batch in batches(numbers, MOST_AT_ONCE):
        rows = [
            {
                "MetricName": one.name,
                "Timestamp": now,
                "Value": one.value,
                "Unit": one.unit,
                "Dimensions": [
                    {"Name": name, "Value": value} for name, value in one.dimensions.items()
                ],
            }
            for one in batch
        ]
        door.change("cloudwatch", "PutMetricData", Namespace=namespace, MetricData=rows)
