"""The CloudWatch alarms of one site that have gone off.

The failover reads them in the background: they speak of what its own probes do not look at.
"""

from datetime import timedelta

from cloud.door import Door
from cloud.paging import pages
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
