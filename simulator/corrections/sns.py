"""SNS: moto calls a function that never allowed it, in the caller's own time, with made-up names.

Here a topic calls those functions only whose policy lets it, a moment later, with an event that
says what spoke and when. A web address is told nothing, where moto asks it over the internet;
messages to queues and all others stay moto's.

Source: SNS developer guide, "Fanout to Lambda functions" (the function's policy, the event, and
that the caller of Publish hears nothing of it) and "Subscribing an HTTP/S endpoint" (nothing is
sent before it has confirmed, and no address hears of a simulated one). Assumption: a second on the
way.
"""

import json
from datetime import UTC
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.sns.models import Subscription

from simulator import invocations, lifecycle
from simulator.correction import Correction
from simulator.world import current

ON_THE_WAY_S = 1.0

_publish = Subscription.publish


def publish(
    self: Subscription,
    message: str,
    message_id: str,
    subject: str | None = None,
    **more: Any,  # noqa: ANN401 - moto's own
) -> None:
    """Carry a message to a function that lets the topic call it, and to no web address."""
    if self.protocol in ("http", "https"):
        return
    if self.protocol != "lambda":
        _publish(self, message, message_id, subject, **more)
        return
    region = self.endpoint.split(":")[3]
    function = invocations.function_of(self.endpoint)
    if function is None or not _lets(function, self.topic.arn):
        return
    event = json.dumps(_event(self, message, message_id, subject))
    world = current()
    lifecycle.after_up(
        region, ON_THE_WAY_S, lambda: world.clock.start(lambda: _call(self.endpoint, event))
    )


def _call(endpoint: str, event: str) -> None:
    invocations.invoke(current(), endpoint, event)


def _lets(function: LambdaFunction, topic: str) -> bool:
    """Say whether a function's own policy lets a topic call it."""
    return any(
        statement.get("Principal", {}).get("Service") == "sns.amazonaws.com"
        and statement.get("Action") == "lambda:InvokeFunction"
        and statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", topic) == topic
        for statement in function.policy.statements
    )


def _event(
    heard: Subscription, message: str, message_id: str, subject: str | None
) -> dict[str, object]:
    moment = current().clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
    said = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": heard.topic.arn,
        "Subject": subject,
        "Message": message,
        "Timestamp": moment.replace("+00:00", "Z"),
        "MessageAttributes": {},
    }
    record = {
        "EventVersion": "1.0",
        "EventSource": "aws:sns",
        "EventSubscriptionArn": heard.arn,
        "Sns": said,
    }
    return {"Records": [record]}


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    why = "a topic calls functions that let it, later, and says what it is; nobody outside"
    return [Correction(Subscription, "publish", publish, why)]
