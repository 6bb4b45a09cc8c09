"""Messages to a site's topic: what a program tells people by itself, such as `backup.vigil`."""

from cloud.door import Door
from cloud.permitted import permitted
from continuity.permissions import OPEN_WITH_KEY, SEAL_WITH_KEY, TELL_PEOPLE

_SUBJECT = 100
"""The longest subject that SNS takes (API reference, Publish)."""


@permitted(TELL_PEOPLE, SEAL_WITH_KEY, OPEN_WITH_KEY)
def tell(door: Door, topic: str, subject: str, message: str) -> None:
    """Send a message to a topic. One whose reply was lost may arrive twice."""
    door.change("sns", "Publish", TopicArn=topic, Subject=subject[:_SUBJECT], Message=message)
