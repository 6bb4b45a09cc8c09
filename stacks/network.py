"""The network of one site: three tiers of subnets, a security group per tier, flow logs, endpoints.

`stacks.foundation` makes one per site, alike in both. Private tasks need no way out to the
internet: everything that they call has an endpoint inside (`stacks.endpoints`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from stacks.endpoints import Endpoints, EndpointsArgs
from stacks.firewall import Firewall, FirewallArgs
from stacks.flow_logs import FlowLogs, FlowLogsArgs
from stacks.place import Place

_PARTS = 4  # more bits: sixteen parts, four for the zones of each tier


class Tier(StrEnum):
    """What a subnet may reach: the internet, endpoints only, or nothing at all."""

    PUBLIC = "public"
    PRIVATE = "private"
    ISOLATED = "isolated"


@dataclass(frozen=True)
class NetworkArgs:
    """`application_port` is where tasks listen; `flow_log_group_arn` receives the flow logs.

    `incarnation` is that of the site's databases.
    """

    place: Place
    cidr: IPv4Network
    availability_zones: Sequence[str]
    application_port: int
    incarnation: int
    flow_log_group_arn: pulumi.Input[str]


class Network(pulumi.ComponentResource):
    """Produces a VPC with public, private and isolated subnets in every availability zone.

    Public subnets hold load balancers, private ones tasks, isolated ones databases.
    """

    vpc_id: pulumi.Output[str]
    subnets: dict[Tier, list[pulumi.Output[str]]]
    subnet_group: pulumi.Output[str]
    firewall: Firewall
    endpoints: Endpoints

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._name, self._args, place = name, args, args.place
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            region=place.region,
            cidr_block=str(args.cidr),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={**place.tags(), "Name": place.name()},
            opts=child,
        )
        self.vpc_id = vpc.id
        tables = {tier: self._route_table(tier) for tier in Tier}
        way = self._open_to_internet(tables[Tier.PUBLIC])
        self.subnets = {
            tier: self._subnets(tier, tables[tier], [way] if tier is Tier.PUBLIC else [])
            for tier in Tier
        }
        self.subnet_group = self._subnet_group().name
        private, isolated = tables[Tier.PRIVATE].id, tables[Tier.ISOLATED].id
        self.firewall = Firewall(
            f"{name}-firewall",
            FirewallArgs(place, vpc.id, args.application_port, args.incarnation),
            child,
        )
        self.endpoints = Endpoints(
            f"{name}-endpoints",
            EndpointsArgs(
                place, vpc.id, self.subnets[Tier.PRIVATE], [private, isolated], self.firewall
            ),
            child,
        )
        FlowLogs(f"{name}-flow-logs", FlowLogsArgs(place, vpc.id, args.flow_log_group_arn), child)
        self.register_outputs({"vpc_id": self.vpc_id, "subnet_group": self.subnet_group})

    def _route_table(self, tier: Tier) -> aws.ec2.RouteTable:
        place = self._args.place
        return aws.ec2.RouteTable(
            f"{self._name}-{tier}-routes",
            region=place.region,
            vpc_id=self.vpc_id,
            tags={**place.tags(), "Name": place.name(tier)},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _open_to_internet(self, table: aws.ec2.RouteTable) -> aws.ec2.Route:
        place = self._args.place
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet",
            region=place.region,
            vpc_id=self.vpc_id,
            tags={**place.tags(), "Name": place.name()},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return aws.ec2.Route(
            f"{self._name}-internet-route",
            region=place.region,
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _subnets(
        self, tier: Tier, table: aws.ec2.RouteTable, after: list[pulumi.Resource]
    ) -> list[pulumi.Output[str]]:
        """Declare a tier's subnets, the public ones `after` the way to the internet.

        Whatever stands in those waits for it that way: AWS makes no load balancer for the internet
        where none is attached yet (`InvalidSubnet`: "has no internet gateway"), and lets no gateway
        go while somebody holds a public address.
        """
        place, args = self._args.place, self._args
        subnets = []
        for zone, block in zip(args.availability_zones, blocks(args.cidr, tier), strict=False):
            name = f"{self._name}-{tier}-{zone.removeprefix(place.region)}"
            subnet = aws.ec2.Subnet(
                name,
                region=place.region,
                vpc_id=self.vpc_id,
                cidr_block=str(block),
                availability_zone=zone,
                tags={**place.tags(), "Name": place.name(tier, zone)},
                opts=pulumi.ResourceOptions(parent=self, depends_on=after),
            )
            aws.ec2.RouteTableAssociation(
                f"{name}-routes",
                region=place.region,
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=pulumi.ResourceOptions(parent=self),
            )
            subnets.append(subnet.id)
        return subnets

    def _subnet_group(self) -> aws.rds.SubnetGroup:
        place = self._args.place
        return aws.rds.SubnetGroup(
            f"{self._name}-databases",
            region=place.region,
            name=place.name("databases"),
            description=f"Isolated subnets of {place.zone} {place.site}",
            subnet_ids=self.subnets[Tier.ISOLATED],
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )


def blocks(cidr: IPv4Network, tier: Tier) -> list[IPv4Network]:
    """Return the four parts of a network that belong to a tier, one per availability zone.

    The last four parts of sixteen belong to nobody: room for what is not known yet.
    """
    parts = list(cidr.subnets(prefixlen_diff=_PARTS))
    first = list(Tier).index(tier) * _PARTS
    return parts[first : first + _PARTS]
