"""Where the readers of file systems may go: to the site's own, to what trials restored, and answer.

`stacks.file_readers` makes it. What is restored admits its reader and nobody else, and has no way
out.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.file_system import NFS
from stacks.firewall import HTTPS
from stacks.network import Network
from stacks.place import Place


@dataclass(frozen=True)
class ReaderFirewallArgs:
    """The site and its network; `door` is the group of the site's own file system."""

    place: Place
    network: Network
    door: pulumi.Input[str]


class ReaderFirewall(pulumi.ComponentResource):
    """Produces two groups: `reader`, and `restored`, which admits it and has no way out."""

    reader: pulumi.Output[str]
    restored: pulumi.Output[str]

    def __init__(
        self, name: str, args: ReaderFirewallArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:ReaderFirewall", name, None, opts)
        self._name, self._args = name, args
        self.reader = self._group("reader", "Reads file systems").id
        self.restored = self._group("scratch-files", "Restored files: reached by their reader").id
        self._admit("reader-to-restored", self.restored)
        self._admit("reader-to-files", args.door)
        self._way_to_answers()
        self.register_outputs({"reader": self.reader, "restored": self.restored})

    def _group(self, tier: str, description: str) -> aws.ec2.SecurityGroup:
        place = self._args.place
        return aws.ec2.SecurityGroup(
            f"{self._name}-{tier}",
            region=place.region,
            name=place.name(tier),
            description=description,
            vpc_id=self._args.network.vpc_id,
            tags={**place.tags(), "Name": place.name(tier)},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _admit(self, rule: str, target: pulumi.Input[str]) -> None:
        """Let the readers out to a group, and let that group take them in."""
        place = self._args.place
        both = {
            "region": place.region,
            "description": rule.replace("-", " "),
            "ip_protocol": "tcp",
            "from_port": NFS,
            "to_port": NFS,
            "tags": place.tags(),
            "opts": pulumi.ResourceOptions(parent=self),
        }
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{rule}-in",
            security_group_id=target,
            referenced_security_group_id=self.reader,
            **both,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{rule}-out",
            security_group_id=self.reader,
            referenced_security_group_id=target,
            **both,
        )

    def _way_to_answers(self) -> None:
        place = self._args.place
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-reader-to-dynamodb",
            region=place.region,
            security_group_id=self.reader,
            description="reader to dynamodb",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            prefix_list_id=self._args.network.endpoints.prefix_lists["dynamodb"],
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
