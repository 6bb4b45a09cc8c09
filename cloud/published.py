"""Numbers of ours in CloudWatch, for alarms to watch."""

from collections.abc import Mapping

from cloud.door import Door
from cloud.permitted import permitted
from continuity.permissions import PUT_METRICS

NAMESPACE = "Holdfast"


@permitted(PUT_METRICS)
def publish(door: Door, metric: str, value: float, dimensions: Mapping[str, str]) -> None:
    """Publish one number of now. Published twice it counts twice: alarms look at the maximum."""
    rows = [{"Name": name, "Value": given} for name, given in sorted(dimensions.items())]
    datum = {
        "MetricName": metric,
        "Value": value,
        "Timestamp": door.clock.now(),
        "Dimensions": rows,
    }
    door.change("cloudwatch", "PutMetricData", Namespace=NAMESPACE, MetricData=[datum])
