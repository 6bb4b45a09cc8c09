"""The CloudWatch alarms of one site: which have gone off, and since when others are quiet.

The failover reads them in the background: they speak of what its own probes do not look at. A hold
on recovery points goes only after they were quiet for a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cloud.door import Door
from cloud.paging import batches, pages
from cloud.permitted import permitted
from continuity.permissions import DESCRIBE_ALARMS

YOUNG = timedelta(minutes=6)
"""The zone's alarms judge by five minutes; a deployment that touches one begins them anew."""


@permitted(DESCRIBE_ALARMS)
def gone_off(door: Door, prefix: str) -> tuple[str, ...]:
    """Return the names of the alarms that begin like this and are in ALARM, in order.

    An alarm without data is in another state and says nothing; nor does one that was declared just
    now, before it saw as many datapoints as it judges by.
    """
    young = door.clock.now() - YOUNG
    found = [
        alarm["AlarmName"]
        for page in pages(
            door,
            "cloudwatch",
            "DescribeAlarms",
            ("NextToken", "NextToken"),
            AlarmNamePrefix=prefix,
            StateValue="ALARM",
        )
        for alarm in page["MetricAlarms"]
        if alarm["AlarmConfigurationUpdatedTimestamp"] <= young
    ]
    return tuple(sorted(found))


NAMES = 100
"""The most names that one DescribeAlarms takes (API reference)."""


@dataclass(frozen=True)
class AlarmState:
    """What an alarm says, in CloudWatch's words, and since when it says so by its present rule."""

    state: str
    since: datetime

    @property
    def quiet(self) -> bool:
        """Say whether it has seen that all is well; without data it has not."""
        return self.state == "OK"

    @property
    def gone_off(self) -> bool:
        """Say whether it has seen that something is wrong."""
        return self.state == "ALARM"


@permitted(DESCRIBE_ALARMS)
def states(door: Door, names: Iterable[str]) -> dict[str, AlarmState]:
    """Return the alarms that exist of these, each with its state and the beginning of that.

    An alarm that was declared anew judged by another rule before: it counts from then.
    """
    found: dict[str, AlarmState] = {}
    for batch in batches(sorted(set(names)), NAMES):
        for page in pages(
            door,
            "cloudwatch",
            "DescribeAlarms",
            ("NextToken", "NextToken"),
            AlarmNames=list(batch),
            MaxRecords=NAMES,
        ):
            found.update({row["AlarmName"]: _state(row) for row in page["MetricAlarms"]})
    return found


def _state(row: Mapping[str, Any]) -> AlarmState:
    moments = (row["StateUpdatedTimestamp"], row["AlarmConfigurationUpdatedTimestamp"])
    return AlarmState(row["StateValue"], max(moments))
