"""The function that hears a site's alarms, puts them on record, and tells people.

`stacks.zone` makes one per site, alike in both; which site's record is written is found out when
it runs. SNS calls it for each message of the site's own topic, so that an alarm needs nothing of
the other region; a zone that has channels calls it once a minute besides (decision 0035).
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.alarm import ABOVE, Limit, Metric, Watch, alarm
from stacks.backup_code import INCIDENT, archive
from stacks.incident_schedule import IncidentSchedule, IncidentScheduleArgs
from stacks.place import Place
from stacks.policy_document import allow, document

_TIMEOUT_S = 120
_MEMORY_MB = 512
_RETRIES, _OLDEST_S = 2, 6 * 3600
"""What Lambda itself repeats of a run that failed, as often as it can: an alarm speaks once."""


@dataclass(frozen=True)
class IncidentFunctionArgs:
    """`role` is the name of what it runs as; `tells` says whether the zone has channels."""

    place: Place
    timezone: str
    role: pulumi.Output[str]
    log_group: aws.cloudwatch.LogGroup
    topic: pulumi.Input[str]
    tells: bool


class IncidentFunction(pulumi.ComponentResource):
    """Produces the function, its ear at the topic, and its schedule where there are channels."""

    def __init__(
        self, name: str, args: IncidentFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:IncidentFunction", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        function = self._function()
        self._repeated(function)
        self._hears(function)
        alarm(args.place, args.topic, _failing(function.name), self._child)
        if args.tells:
            schedule = IncidentScheduleArgs(args.place, function.arn)
            IncidentSchedule(f"{name}-minute", schedule, self._child)
        self.register_outputs({})

    def _function(self) -> aws.lambda_.Function:
        args, place = self._args, self._args.place
        return aws.lambda_.Function(
            f"{self._name}-function",
            region=place.region,
            name=place.name("incident"),
            description=f"Puts alarms of {place.zone} on record, and tells people",
            runtime="python3.13",
            architectures=["arm64"],
            handler="incident.handler.run",
            code=archive(args.timezone, INCIDENT),
            role=self._runs_as(),
            timeout=_TIMEOUT_S,
            memory_size=_MEMORY_MB,
            environment={
                "variables": {
                    "HOLDFAST_ZONE": place.zone,
                    "HOLDFAST_MANIFEST_BUCKET": place.bucket("manifest"),
                }
            },
            logging_config={
                "log_format": "JSON",
                "application_log_level": "INFO",
                "system_log_level": "INFO",
                "log_group": args.log_group.name,
            },
            tags=place.tags(),
            opts=self._child,
        )

    def _runs_as(self) -> pulumi.Output[str]:
        """Let the zone's role write its log here; return its ARN afterwards."""
        place = self._args.place
        granted = aws.iam.RolePolicy(
            f"{self._name}-log-policy",
            name=naming.role(place.zone, f"{place.site}-incident-log"),
            role=self._args.role,
            policy=self._args.log_group.arn.apply(
                lambda arn: document(
                    allow(("logs:CreateLogStream", "logs:PutLogEvents"), [f"{arn}:*"])
                )
            ),
            opts=self._child,
        )
        both = pulumi.Output.all(self._args.role, granted.id)
        return both.apply(lambda pair: f"arn:aws:iam::{place.account}:role/{pair[0]}")

    def _repeated(self, function: aws.lambda_.Function) -> None:
        aws.lambda_.FunctionEventInvokeConfig(
            f"{self._name}-failures",
            region=self._args.place.region,
            function_name=function.name,
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_OLDEST_S,
            opts=self._child,
        )

    def _hears(self, function: aws.lambda_.Function) -> None:
        """Let the site's topic call the function, and nobody else's; then let it listen."""
        place, topic = self._args.place, self._args.topic
        allowed = aws.lambda_.Permission(
            f"{self._name}-permission",
            region=place.region,
            statement_id="alerts",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="sns.amazonaws.com",
            source_arn=topic,
            opts=self._child,
        )
        aws.sns.TopicSubscription(
            f"{self._name}-subscription",
            region=place.region,
            topic=topic,
            protocol="lambda",
            endpoint=function.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed]),
        )


def _failing(function: pulumi.Input[str]) -> Watch:
    return Watch(
        "incident-errors",
        "An alarm may not be on record, or people were not told; the function's log says why",
        Metric("AWS/Lambda", "Errors", {"FunctionName": function}, "Sum"),
        Limit(ABOVE, 0.0, period_s=300, periods=1),
    )
