"""When the backup function runs in a site: every night, inside the zone's window, in its time.

`stacks.safekeeping` makes one per site. A capture is asked for every hour while the window is open,
by the two sites in turn: RDS may be busy with its own backup or maintenance, a copy can only begin
once its snapshot is there, and the standby makes up for a night on which the serving site does not
ask at all. An hour that the clocks skip is skipped, and the next one comes (see decision 0025).
Points are given up once a night, from the standby: what deletes must not depend on the site that
may be lost. There they are tried too, once a week: that is where they would be needed.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import backup_metrics, naming
from continuity.window import MaintenanceWindow
from stacks import hold_alarms
from stacks.alarm import ABOVE, BELOW, Limit, Metric, Watch, alarm
from stacks.backup_function import BackupFunction, BackupFunctionArgs
from stacks.place import Place
from stacks.policy_document import allow, document, trust
from stacks.window_schedule import every_quarter_on, in_turn, near_the_end

_DUTIES = ("capture", "prune", "verify")
_KEPT_S = 14 * 24 * 3600  # the longest that a queue keeps a run that failed
_RETRIES, _OLDEST_S = 3, 600
_TRIED_ON, _TRIED_LATER_MIN = "SUN,MON", 11
"""Monday is for what Sunday left, or did not begin."""
_DAY_AND_TWO_HOURS = 26
"""Hours in which a night must have come: one day, one more when clocks go back, one to spare."""


@dataclass(frozen=True)
class BackupRunsArgs:
    """`serves` is the site's role; `role` is the name of the zone's backup role."""

    place: Place
    serves: bool
    window: MaintenanceWindow
    key_arn: pulumi.Input[str]
    role: pulumi.Output[str]
    log_group: aws.cloudwatch.LogGroup
    topic: pulumi.Input[str]


class BackupRuns(pulumi.ComponentResource):
    """Produces the function, its schedules, and the queue and alarms of runs that were missed."""

    schedules: tuple[str, ...]
    dead_letters: pulumi.Output[str]
    dead_letters_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupRunsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:BackupRuns", name, None, opts)
        self._name, self._args, place = name, args, args.place
        self._child = pulumi.ResourceOptions(parent=self)
        queue = self._queue()
        self.dead_letters, self.dead_letters_arn = queue.url, queue.arn
        function = BackupFunction(
            f"{name}-nightly",
            BackupFunctionArgs(
                place,
                args.window.timezone,
                self._runs_as(queue),
                args.log_group.name,
                queue.arn,
                args.topic,
            ),
            self._child,
        )
        self._group = self._schedule_group()
        caller = self._caller(function, queue)
        turn = 0 if args.serves else 1
        self._schedule("capture", in_turn(args.window, turn), function, caller)
        self._schedule("prune", near_the_end(args.window), function, caller, on=not args.serves)
        tried = every_quarter_on(_TRIED_ON, args.window, _TRIED_LATER_MIN)
        self._schedule("verify", tried, function, caller, on=not args.serves)
        self.schedules = tuple(place.name("backup", duty) for duty in _DUTIES)
        for watch in (*self._watches(), *hold_alarms.watches(place.zone)):
            alarm(place, args.topic, watch, self._child)
        self.register_outputs({"dead_letters": self.dead_letters})

    def _queue(self) -> aws.sqs.Queue:
        place = self._args.place
        return aws.sqs.Queue(
            f"{self._name}-dead-letters",
            region=place.region,
            name=place.name("backup-dead-letters"),
            message_retention_seconds=_KEPT_S,
            kms_master_key_id=self._args.key_arn,
            tags=place.tags(),
            opts=self._child,
        )

    def _runs_as(self, queue: aws.sqs.Queue) -> pulumi.Output[str]:
        """Let the backup role write its log and report failures here; return its ARN afterwards.

        Lambda checks the second one before it takes the queue as a destination.
        """
        place = self._args.place
        found = pulumi.Output.all(self._args.log_group.arn, queue.arn)
        granted = aws.iam.RolePolicy(
            f"{self._name}-function-policy",
            name=naming.role(place.zone, f"{place.site}-backup-function"),
            role=self._args.role,
            policy=found.apply(
                lambda arns: document(
                    allow(("logs:CreateLogStream", "logs:PutLogEvents"), [f"{arns[0]}:*"]),
                    allow(("sqs:SendMessage",), [arns[1]]),
                )
            ),
            opts=self._child,
        )
        both = pulumi.Output.all(self._args.role, granted.id)
        return both.apply(lambda pair: f"arn:aws:iam::{place.account}:role/{pair[0]}")

    def _schedule_group(self) -> aws.scheduler.ScheduleGroup:
        place = self._args.place
        return aws.scheduler.ScheduleGroup(
            f"{self._name}-group",
            region=place.region,
            name=place.name("backup"),
            tags=place.tags(),
            opts=self._child,
        )

    def _caller(self, function: BackupFunction, queue: aws.sqs.Queue) -> pulumi.Output[str]:
        """Declare the role of the schedules: it calls the function and writes to the queue."""
        place = self._args.place
        full_name = naming.role(place.zone, f"{place.site}-backup-schedule")
        role = aws.iam.Role(
            f"{self._name}-caller",
            name=full_name,
            description=f"Starts the backups of {place.zone} {place.site}",
            assume_role_policy=trust("scheduler.amazonaws.com", place.account),
            tags=place.tags(),
            opts=self._child,
        )
        found = pulumi.Output.all(function.arn, queue.arn, self._args.key_arn)
        granted = aws.iam.RolePolicy(
            f"{self._name}-caller-policy",
            name=full_name,
            role=role.name,
            policy=found.apply(
                lambda arns: document(
                    allow(("lambda:InvokeFunction",), [arns[0]]),
                    allow(("sqs:SendMessage",), [arns[1]]),
                    allow(("kms:Decrypt", "kms:GenerateDataKey"), [arns[2]]),
                )
            ),
            opts=self._child,
        )
        both = pulumi.Output.all(role.arn, granted.id)
        return both.apply(lambda pair: str(pair[0]))

    def _schedule(
        self,
        duty: str,
        expression: str,
        function: BackupFunction,
        caller: pulumi.Output[str],
        *,
        on: bool = True,
    ) -> None:
        place = self._args.place
        target: dict[str, object] = {
            "arn": function.arn,
            "role_arn": caller,
            "input": json.dumps({"duty": duty}),
            "retry_policy": {
                "maximum_event_age_in_seconds": _OLDEST_S,
                "maximum_retry_attempts": _RETRIES,
            },
            "dead_letter_config": {"arn": self.dead_letters_arn},
        }
        aws.scheduler.Schedule(
            f"{self._name}-{duty}",
            region=place.region,
            name=place.name("backup", duty),
            group_name=self._group.name,
            description=f"{duty}: recovery points of {place.zone}",
            schedule_expression=expression,
            schedule_expression_timezone=self._args.window.timezone,
            flexible_time_window={"mode": "OFF"},
            state="ENABLED" if on else "DISABLED",
            target=target,
            opts=self._child,
        )

    def _watches(self) -> tuple[Watch, ...]:
        group, queue = self._group.name, self._args.place.name("backup-dead-letters")
        zone = {backup_metrics.ZONE: self._args.place.zone}
        return (
            Watch(
                "restore-test-failed",
                "A recovery point was tried and is not proven; `holdfast backup list` says which",
                Metric(backup_metrics.NAMESPACE, backup_metrics.REFUTED, zone, "Maximum"),
                Limit(ABOVE, 0.0, 3600, 1),
            ),
            Watch(
                "backup-missed",
                "No backup was even started for more than a day",
                Metric("AWS/Scheduler", "InvocationAttemptCount", {"ScheduleGroup": group}, "Sum"),
                Limit(BELOW, 1.0, 3600, _DAY_AND_TWO_HOURS, "breaching"),
            ),
            Watch(
                "backup-dead-letters",
                "A backup run was given up; the message in the queue says which and why",
                Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue}),
                Limit(ABOVE, 0.0, 300, 1),
            ),
        )
