"""The function that looks into databases, restored ones above all; it may do next to nothing.

`stacks.safekeeping` makes one per site; `backup.verify` sends it. It runs inside the network,
because nothing else reaches what is restored there (decision 0023). It reads the passwords of the
zone's databases, and of the controller's table it writes one item.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.proving import ScratchPlace
from stacks.application_roles import secret
from stacks.backup_code import archive
from stacks.network import Network, Tier
from stacks.place import Place
from stacks.policy_document import Statement, allow, document, trust_passed
from stacks.scratch_firewall import ScratchFirewall, ScratchFirewallArgs

ANSWERS = "answers"
"""The item of the controller table that probers write (`backup.answers`); a test compares."""

_TIMEOUT_S, _MEMORY_MB = 900, 256
_OLDEST_S = 600  # an event that Lambda could not run for so long: the next tick asks again

_LOOKS_AT_NETWORK = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")
_NETWORK_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda does in the function's name to stand inside a network. The first two AWS narrows to
nothing. The others it narrows to a region and an account, for every kind of resource: Lambda asks
for them before there is an interface (Lambda developer guide, "Required IAM permissions" of a
function in a VPC)."""


@dataclass(frozen=True)
class ProberArgs:
    """`lease_table` takes the answers, `log_group` the log."""

    place: Place
    timezone: str
    network: Network
    key_arn: pulumi.Input[str]
    lease_table: pulumi.Input[str]
    log_group: aws.cloudwatch.LogGroup


class Prober(pulumi.ComponentResource):
    """Produces the function with its role, and the groups around the scratch place."""

    entry: pulumi.Output[ScratchPlace]

    def __init__(
        self, name: str, args: ProberArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Prober", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        firewall = ScratchFirewall(
            f"{name}-firewall", ScratchFirewallArgs(args.place, args.network), self._child
        )
        function = self._function(firewall.prober)
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-failures",
            region=args.place.region,
            function_name=function.name,
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=_OLDEST_S,
            opts=self._child,
        )
        found = pulumi.Output.all(firewall.scratch, function.name)
        self.entry = found.apply(lambda names: ScratchPlace(*names))
        self.register_outputs({})

    def _function(self, group: pulumi.Output[str]) -> aws.lambda_.Function:
        args, place = self._args, self._args.place
        return aws.lambda_.Function(
            f"{self._name}-function",
            region=place.region,
            name=place.name("prober"),
            description=f"Looks into restored databases of {place.zone}",
            runtime="python3.13",
            architectures=["arm64"],
            handler="backup.prober.run",
            code=archive(args.timezone),
            role=self._runs_as(),
            timeout=_TIMEOUT_S,
            memory_size=_MEMORY_MB,
            vpc_config={
                "subnet_ids": args.network.subnets[Tier.PRIVATE],
                "security_group_ids": [group],
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
        """Declare the role; return its ARN once it has its policy, which Lambda looks at."""
        args, place = self._args, self._args.place
        full_name = naming.role(place.zone, f"{place.site}-prober")
        role = aws.iam.Role(
            f"{self._name}-role",
            name=full_name,
            description=f"Looks into restored databases: {place.zone} {place.site}",
            assume_role_policy=trust_passed("lambda.amazonaws.com"),
            tags=place.tags(),
            opts=self._child,
        )
        found = pulumi.Output.all(args.key_arn, args.lease_table, args.log_group.arn)
        granted = aws.iam.RolePolicy(
            f"{self._name}-policy",
            name=full_name,
            role=role.name,
            policy=found.apply(lambda parts: policy(place, *parts)),
            opts=self._child,
        )
        both = pulumi.Output.all(role.arn, granted.id)
        return both.apply(lambda pair: str(pair[0]))


def policy(place: Place, key_arn: str, lease_table: str, log_group_arn: str) -> str:
    """Return what a prober may: read passwords, and answer."""
    passwords = place.arn("secretsmanager", f"secret:{secret(place.zone, '*')}")
    return document(
        allow(("secretsmanager:GetSecretValue",), [passwords]),
        allow(("kms:Decrypt",), [key_arn]),
        *answering(place, lease_table, log_group_arn),
    )


def answering(place: Place, lease_table: str, log_group_arn: str) -> tuple[Statement, ...]:
    """Return what allows a function inside the network to answer in one item, and to write its log.

    `stacks.file_readers` grants it as well.
    """
    own_item = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [ANSWERS]}}
    return (
        allow(
            ("dynamodb:UpdateItem",),
            [place.arn("dynamodb", f"table/{lease_table}")],
            Condition=own_item,
        ),
        allow(("logs:CreateLogStream", "logs:PutLogEvents"), [f"{log_group_arn}:*"]),
        allow(_LOOKS_AT_NETWORK, ["*"]),
        allow(_NETWORK_INTERFACES, [place.arn("ec2", "*/*")]),
    )
