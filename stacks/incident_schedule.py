"""Once a minute, in each site of a zone that has channels: what the record owes people is told.

`stacks.incident_function` makes it. Both sites' schedules are on: whoever delivers claims a message
first, so that two never say the same, and the loss of either region silences nobody. A minute that
was missed is not made up for; the next one finds the same owed.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.policy_document import allow, document, trust

EXPRESSION = "rate(1 minute)"
_OLDEST_S = 60  # the least that EventBridge Scheduler takes


@dataclass(frozen=True)
class IncidentScheduleArgs:
    """`function` is the ARN of what is called."""

    place: Place
    function: pulumi.Output[str]


class IncidentSchedule(pulumi.ComponentResource):
    """Produces the schedule, its group, and the role that calls the function."""

    def __init__(
        self, name: str, args: IncidentScheduleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:IncidentSchedule", name, None, opts)
        self._name, self._args, place = name, args, args.place
        self._child = pulumi.ResourceOptions(parent=self)
        group = aws.scheduler.ScheduleGroup(
            f"{name}-group",
            region=place.region,
            name=place.name("incident"),
            tags=place.tags(),
            opts=self._child,
        )
        aws.scheduler.Schedule(
            f"{name}-schedule",
            region=place.region,
            name=place.name("incident"),
            group_name=group.name,
            description=f"Tells people of incidents of {place.zone}",
            schedule_expression=EXPRESSION,
            schedule_expression_timezone="UTC",
            flexible_time_window={"mode": "OFF"},
            state="ENABLED",
            target={
                "arn": args.function,
                "role_arn": self._caller(),
                "input": "{}",
                "retry_policy": {
                    "maximum_event_age_in_seconds": _OLDEST_S,
                    "maximum_retry_attempts": 0,
                },
            },
            opts=self._child,
        )
        self.register_outputs({})

    def _caller(self) -> pulumi.Output[str]:
        """Declare the role of the schedule; return its ARN once it may call the function."""
        place = self._args.place
        full_name = naming.role(place.zone, f"{place.site}-incident-schedule")
        role = aws.iam.Role(
            f"{self._name}-caller",
            name=full_name,
            description=f"Calls who tells of incidents: {place.zone} {place.site}",
            assume_role_policy=trust("scheduler.amazonaws.com", place.account),
            tags=place.tags(),
            opts=self._child,
        )
        granted = aws.iam.RolePolicy(
            f"{self._name}-caller-policy",
            name=full_name,
            role=role.name,
            policy=self._args.function.apply(
                lambda arn: document(allow(("lambda:InvokeFunction",), [arn]))
            ),
            opts=self._child,
        )
        both = pulumi.Output.all(role.arn, granted.id)
        return both.apply(lambda pair: str(pair[0]))
