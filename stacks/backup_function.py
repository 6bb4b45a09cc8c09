"""The function that takes, copies and gives up recovery points in one site.

`stacks.backup_runs` makes one per site, alike in both; which site is to do what is found out when
it runs, from the databases themselves.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.alarm import ABOVE, Limit, Metric, Watch, alarm
from stacks.backup_code import archive
from stacks.place import Place

_TIMEOUT_S = 900  # the longest that Lambda allows
_MEMORY_MB = 512
_OLDEST_S = 600  # an event that Lambda could not run for so long: the schedule has sent another


@dataclass(frozen=True)
class BackupFunctionArgs:
    """`role_arn` is what it runs as, `log_group` where it writes, `failed` the queue's ARN."""

    place: Place
    timezone: str
    role_arn: pulumi.Input[str]
    log_group: pulumi.Input[str]
    failed: pulumi.Input[str]
    topic: pulumi.Input[str]


class BackupFunction(pulumi.ComponentResource):
    """Produces the function from this repository's code, and where its failures go.

    Lambda repeats nothing: the schedule comes again before long, and with fresher eyes.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:BackupFunction", name, None, opts)
        child, place = pulumi.ResourceOptions(parent=self), args.place
        function = self._function(name, args)
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-failures",
            region=place.region,
            function_name=function.name,
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=_OLDEST_S,
            destination_config={"on_failure": {"destination": args.failed}},
            opts=child,
        )
        alarm(place, args.topic, _failing(function.name), child)
        self.name, self.arn = function.name, function.arn
        self.register_outputs({"arn": self.arn})

    def _function(self, name: str, args: BackupFunctionArgs) -> aws.lambda_.Function:
        place = args.place
        return aws.lambda_.Function(
            f"{name}-function",
            region=place.region,
            name=place.name("backup"),
            description=f"Takes, copies and gives up recovery points of {place.zone}",
            runtime="python3.13",
            architectures=["arm64"],
            handler="backup.handler.run",
            code=archive(args.timezone),
            role=args.role_arn,
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
                "log_group": args.log_group,
            },
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _failing(function: pulumi.Input[str]) -> Watch:
    return Watch(
        "backup-errors",
        "The nightly backup ran and did not succeed; its log group says with what",
        Metric("AWS/Lambda", "Errors", {"FunctionName": function}, "Sum"),
        Limit(ABOVE, 0.0, period_s=3600, periods=1),
    )
