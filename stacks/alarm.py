"""One CloudWatch alarm as this program declares them all: the same words, the same addressee.

`stacks.alarms`, `stacks.log_archive` and `stacks.backup_runs` call `alarm`. An alarm lies in the
region of what it watches, because a metric can be read nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from stacks.place import Place


@dataclass(frozen=True)
class Metric:
    """What is measured: the name of the metric in its namespace, and whose it is."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statistic: str = "Maximum"


@dataclass(frozen=True)
class Limit:
    """When the alarm goes off: `periods` of `period_s` seconds in a row on the wrong side.

    `missing` is CloudWatch's word for periods without data: breaching, notBreaching, missing.
    """

    comparison: str
    threshold: float
    period_s: int = 60
    periods: int = 5
    missing: str = "notBreaching"


ABOVE = "GreaterThanThreshold"
BELOW = "LessThanThreshold"


@dataclass(frozen=True)
class Watch:
    """One alarm. `purpose` names it within the site, `meaning` is what a person reads."""

    purpose: str
    meaning: str
    metric: Metric
    limit: Limit


def alarm(
    place: Place, topic: pulumi.Input[str], watch: Watch, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.MetricAlarm:
    """Declare an alarm that tells the site's topic when it goes off and when it is over."""
    return aws.cloudwatch.MetricAlarm(
        place.name(watch.purpose, "alarm"),
        region=place.region,
        name=place.name(watch.purpose),
        alarm_description=watch.meaning,
        namespace=watch.metric.namespace,
        metric_name=watch.metric.name,
        dimensions=watch.metric.dimensions,
        statistic=watch.metric.statistic,
        comparison_operator=watch.limit.comparison,
        threshold=watch.limit.threshold,
        period=watch.limit.period_s,
        evaluation_periods=watch.limit.periods,
        datapoints_to_alarm=watch.limit.periods,
        treat_missing_data=watch.limit.missing,
        alarm_actions=[topic],
        ok_actions=[topic],
        tags=place.tags(),
        opts=opts,
    )
