"""What a program tells by itself: messages to a site's topic, and numbers of its own as metrics.

`backup.vigil` tells of holds. Alarms watch the numbers (`stacks.hold_alarms`).
"""

from collections.abc import Mapping

from cloud.door import Door
from cloud.permitted import permitted
from continuity.permissions import DECRYPT_MESSAGE, ENCRYPT_MESSAGE, TELL_PEOPLE, WRITE_METRICS

_SUBJECT = 100
"""The longest subject that SNS takes (API reference, Publish)."""


@permitted(TELL_PEOPLE, ENCRYPT_MESSAGE, DECRYPT_MESSAGE)
def tell(door: Door, topic: str, subject: str, message: str) -> None:
    """Send a message to a topic. One whose reply was lost may arrive twice."""
    door.change("sns", "Publish", TopicArn=topic, Subject=subject[:_SUBJECT], Message=message)


@permitted(WRITE_METRICS)
def measure(door: Door, namespace: str, zone: str, values: Mapping[str, float]) -> None:
    """Write numbers of a zone down, all of this moment."""
    now = door.clock.now()
    rows = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": "Zone", "Value": zone}],
            "Timestamp": now,
            "Value": value,
        }
        for name, value in sorted(values.items())
    ]
    door.change("cloudwatch", "PutMetricData", Namespace=namespace, MetricData=rows)
