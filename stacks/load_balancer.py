"""A load balancer that clients may reach: HTTPS with one answer, and HTTP sent to HTTPS.

`stacks.hosting` forwards with one, `stacks.holding_page` answers by itself with another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.firewall import HTTP, HTTPS
from stacks.place import Place

_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # TLS 1.2 and 1.3 only


@dataclass(frozen=True)
class LoadBalancerArgs:
    """`purpose` names it within the site; `action` is what HTTPS answers by default."""

    place: Place
    purpose: str
    security_group: pulumi.Input[str]
    subnets: Sequence[pulumi.Input[str]]
    certificate_arn: pulumi.Input[str]
    action: Mapping[str, object]


class LoadBalancer(pulumi.ComponentResource):
    """Produces the load balancer and its two listeners."""

    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    https: pulumi.Resource

    def __init__(
        self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:LoadBalancer", name, None, opts)
        self._name, self._args, place = name, args, args.place
        balancer = aws.lb.LoadBalancer(
            f"{name}-balancer",
            region=place.region,
            name=place.name(args.purpose),
            load_balancer_type="application",
            internal=False,
            security_groups=[args.security_group],
            subnets=args.subnets,
            drop_invalid_header_fields=True,
            enable_deletion_protection=True,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.dns_name, self.zone_id = balancer.dns_name, balancer.zone_id
        self.arn_suffix = balancer.arn_suffix
        self._redirect(balancer.arn)
        self.https = self._secure(balancer.arn)
        self.register_outputs({"dns_name": self.dns_name})

    def _redirect(self, balancer_arn: pulumi.Output[str]) -> None:
        redirect = {"port": str(HTTPS), "protocol": "HTTPS", "status_code": "HTTP_301"}
        aws.lb.Listener(
            f"{self._name}-http",
            region=self._args.place.region,
            load_balancer_arn=balancer_arn,
            port=HTTP,
            protocol="HTTP",
            default_actions=[{"type": "redirect", "redirect": redirect}],
            tags=self._args.place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _secure(self, balancer_arn: pulumi.Output[str]) -> aws.lb.Listener:
        return aws.lb.Listener(
            f"{self._name}-https",
            region=self._args.place.region,
            load_balancer_arn=balancer_arn,
            port=HTTPS,
            protocol="HTTPS",
            ssl_policy=_TLS_POLICY,
            certificate_arn=self._args.certificate_arn,
            default_actions=[self._args.action],
            tags=self._args.place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
