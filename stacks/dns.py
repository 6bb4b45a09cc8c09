"""How clients find the serving site, and how latches move them, with records that never change.

    NAME          primary    the serving site, while nobody closed it and somebody warrants it
    NAME          secondary  standby.NAME
    standby.NAME  primary    the standby site, once `open/<standby>` is in its own latch
    standby.NAME  secondary  the holding page in the standby region, always

`stacks.zone` makes it once. During a disaster nothing here is touched: Route 53's health checkers
keep looking at the latches, from everywhere, without the control plane in us-east-1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity.zone import SiteName
from stacks.latch_checks import LatchChecks, LatchChecksArgs, SiteChecks

ALIAS_TTL_S = 60  # what Route 53 answers for an alias to a load balancer; it cannot be set


@dataclass(frozen=True)
class Address:
    """What an alias points at: a load balancer's name and the hosted zone of that name."""

    name: pulumi.Input[str]
    zone_id: pulumi.Input[str]


@dataclass(frozen=True)
class DnsSite:
    """One site: the host name of its latch, and where its two load balancers answer."""

    latch_host: str
    platform: Address
    holding_page: Address


@dataclass(frozen=True)
class DnsArgs:
    """`name` is what clients call; `active` the site that serves; `witness_host` a latch's."""

    zone: str
    name: str
    hosted_zone_id: pulumi.Input[str]
    active: SiteName
    sites: Mapping[SiteName, DnsSite]
    witness_host: str


class Dns(pulumi.ComponentResource):
    """Produces the health checks of both sites, and four records, named by role.

    Swapping roles moves records in place, the outer one first: clients leave the old site before
    the way to it changes.
    """

    checks: dict[SiteName, SiteChecks]

    def __init__(
        self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Dns", name, None, opts)
        self._name, self._args = name, args
        hosts = {site: found.latch_host for site, found in args.sites.items()}
        self.checks = LatchChecks(
            name,
            LatchChecksArgs(args.zone, hosts, args.witness_host),
            pulumi.ResourceOptions(parent=self),
        ).checks
        serving, standby = args.sites[args.active], args.sites[args.active.other]
        inner = f"standby.{args.name}"
        serves, opened = self.checks[args.active].serves, self.checks[args.active.other].open
        outer = self._record("serving", args.name, serving.platform, serves)
        ways = [
            self._record("standby", inner, standby.platform, opened, [outer]),
            self._record("holding", inner, standby.holding_page, None, [outer]),
        ]
        self._record("elsewhere", args.name, Address(inner, args.hosted_zone_id), None, ways)
        self.register_outputs({})

    def _record(
        self,
        role: str,
        name: str,
        address: Address,
        check: pulumi.Output[str] | None,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.route53.Record:
        """Declare one failover alias: primary where a check decides, else what is left.

        An alias never asks its target's health: the latches alone decide.
        """
        alias = {
            "name": address.name,
            "zone_id": address.zone_id,
            "evaluate_target_health": False,
        }
        return aws.route53.Record(
            f"{self._name}-{role}",
            zone_id=self._args.hosted_zone_id,
            name=name,
            type="A",
            set_identifier=role,
            failover_routing_policies=[{"type": "SECONDARY" if check is None else "PRIMARY"}],
            health_check_id=check,
            aliases=[alias],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
