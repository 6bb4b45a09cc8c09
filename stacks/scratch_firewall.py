"""Where the prober may look: into what is restored, which nobody else reaches, and into databases.

`stacks.prober` makes it beside the site's own groups (`stacks.firewall`). The application has no
way to what is restored, nor has that any way out: a copy of last month's subscribers must not send
last month's mail. The databases themselves are asked how far their log goes when a zone is moved as
planned (decision 0034); a fence takes the application's way there, and leaves this one.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.firewall import HTTPS, POSTGRES
from stacks.network import Network
from stacks.place import Place


@dataclass(frozen=True)
class ScratchFirewallArgs:
    """The site, and its network."""

    place: Place
    network: Network


class ScratchFirewall(pulumi.ComponentResource):
    """Produces two groups: `prober`, and `scratch`, which admits it and has no way out."""

    prober: pulumi.Output[str]
    scratch: pulumi.Output[str]

    def __init__(
        self, name: str, args: ScratchFirewallArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:ScratchFirewall", name, None, opts)
        self._name, self._args = name, args
        self.prober = self._group("prober", "Looks into restored databases").id
        self.scratch = self._group("scratch", "Restored to be looked at: reached by the prober").id
        endpoints = args.network.firewall.endpoints
        for rule, target, port in (
            ("prober-to-scratch", self.scratch, POSTGRES),
            ("prober-to-database", args.network.firewall.database, POSTGRES),
            ("prober-to-endpoints", endpoints, HTTPS),
        ):
            self._admit(rule, target, port)
        self._way_to_answers()
        self.register_outputs({"prober": self.prober, "scratch": self.scratch})

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

    def _admit(self, rule: str, target: pulumi.Output[str], port: int) -> None:
        """Let the prober out to a group, and let that group take it in."""
        place = self._args.place
        both = {
            "region": place.region,
            "description": rule.replace("-", " "),
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "tags": place.tags(),
            "opts": pulumi.ResourceOptions(parent=self),
        }
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{rule}-in",
            security_group_id=target,
            referenced_security_group_id=self.prober,
            **both,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{rule}-out",
            security_group_id=self.prober,
            referenced_security_group_id=target,
            **both,
        )

    def _way_to_answers(self) -> None:
        place = self._args.place
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-prober-to-dynamodb",
            region=place.region,
            security_group_id=self.prober,
            description="prober to dynamodb",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            prefix_list_id=self._args.network.endpoints.prefix_lists["dynamodb"],
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
