"""Who talked to whom in a site: flow logs of its network, in one of the site's log groups.

`stacks.network` makes it. After an incident they say what still reached the old primary.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.policy_document import allow, document, trust


@dataclass(frozen=True)
class FlowLogsArgs:
    """`group_arn` is the log group that receives them."""

    place: Place
    vpc_id: pulumi.Input[str]
    group_arn: pulumi.Input[str]


class FlowLogs(pulumi.ComponentResource):
    """Produces the flow log, and the role that may write it into its group."""

    def __init__(
        self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:FlowLogs", name, None, opts)
        place = args.place
        role, policy = self._role(name, place)
        aws.ec2.FlowLog(
            f"{name}-log",
            region=place.region,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=args.group_arn,
            iam_role_arn=role.arn,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})

    def _role(self, name: str, place: Place) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        full_name = naming.role(place.zone, f"{place.site}-flow-logs")
        role = aws.iam.Role(
            f"{name}-role",
            name=full_name,
            description=f"Writes the flow logs of {place.zone} {place.site}",
            assume_role_policy=trust("vpc-flow-logs.amazonaws.com", place.account),
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        group = place.arn("logs", f"log-group:{place.log_groups}/flow-logs")
        any_group = place.arn("logs", "log-group:*")  # listing groups cannot be narrowed to one
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name=full_name,
            role=role.name,
            policy=document(
                allow(
                    ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
                    [group, f"{group}:*"],
                ),
                allow(("logs:DescribeLogGroups",), [any_group]),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy
