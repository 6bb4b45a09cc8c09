"""The way to AWS from inside a site, so that private subnets need no NAT and no internet.

`stacks.network` makes it. Fewer things stand between a standby task and its start: a NAT gateway
that failed, or that nobody paid for in the standby, would otherwise show on the worst day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.firewall import HTTPS, Firewall
from stacks.place import Place

_GATEWAYS = ("s3", "dynamodb")  # image layers lie in S3
# Each one is billed by the hour in every availability zone, whether or not a task runs there.
_INTERFACES = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms")


@dataclass(frozen=True)
class EndpointsArgs:
    """Interface endpoints stand in `subnets`, gateway endpoints in `route_tables`."""

    place: Place
    vpc_id: pulumi.Input[str]
    subnets: Sequence[pulumi.Input[str]]
    route_tables: Sequence[pulumi.Input[str]]
    firewall: Firewall


class Endpoints(pulumi.ComponentResource):
    """Produces what a Fargate task calls before and while it runs.

    Gateways for S3 and DynamoDB with the rule that lets tasks out to them; interfaces for
    ECR, logs, secrets and keys. `prefix_lists` are the addresses behind the gateways, by service.
    """

    prefix_lists: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Endpoints", name, None, opts)
        self._name, self._args = name, args
        self.prefix_lists = {service: self._gateway(service) for service in _GATEWAYS}
        for service in _INTERFACES:
            self._interface(service)
        self.register_outputs({})

    def _gateway(self, service: str) -> pulumi.Output[str]:
        args, place = self._args, self._args.place
        endpoint = aws.ec2.VpcEndpoint(
            f"{self._name}-{service}",
            region=place.region,
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{place.region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=args.route_tables,
            tags={**place.tags(), "Name": place.name(service)},
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-application-to-{service}",
            region=place.region,
            security_group_id=args.firewall.application,
            description=f"application to {service}",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            prefix_list_id=endpoint.prefix_list_id,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        prefix_list: pulumi.Output[str] = endpoint.prefix_list_id
        return prefix_list

    def _interface(self, service: str) -> None:
        args, place = self._args, self._args.place
        aws.ec2.VpcEndpoint(
            f"{self._name}-{service}",
            region=place.region,
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{place.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=args.subnets,
            security_group_ids=[args.firewall.endpoints],
            private_dns_enabled=True,
            tags={**place.tags(), "Name": place.name(service)},
            opts=pulumi.ResourceOptions(parent=self),
        )
