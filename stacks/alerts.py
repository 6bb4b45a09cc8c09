"""Where a site's alarms speak: one topic per site, so that a lost region silences its own only.

`stacks.foundation` makes it, `stacks.incident_function` listens to it. People subscribe by hand or
with their own tool: an address that is to be confirmed by its owner is nothing that a program can
declare.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.policy_document import allow, document


@dataclass(frozen=True)
class AlertsArgs:
    """`key_arn` encrypts what waits for delivery."""

    place: Place
    key_arn: pulumi.Input[str]


class Alerts(pulumi.ComponentResource):
    """Produces the topic, open to the alarms of this account and region."""

    topic: pulumi.Output[str]

    def __init__(
        self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Alerts", name, None, opts)
        place = args.place
        topic = aws.sns.Topic(
            f"{name}-topic",
            region=place.region,
            name=place.name("alerts"),
            kms_master_key_id=args.key_arn,
            policy=_policy(place),
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.topic = topic.arn
        self.register_outputs({"topic": self.topic})


def _policy(place: Place) -> str:
    return document(
        allow(
            ("sns:Publish",),
            [place.arn("sns", place.name("alerts"))],
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": place.account}},
        )
    )
