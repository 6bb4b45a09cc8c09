"""How clients find the serving site, and how latches move them, with records that never change.

    NAME          primary    the serving site, unless `closed/<serving>` is in the standby's latch
    NAME          secondary  standby.NAME
    standby.NAME  primary    the standby site, once `open/<standby>` is in its own latch
    standby.NAME  secondary  the holding page in the standby region, always

`__main__.py` makes it once per zone. During a disaster nothing here is touched: Route 53's health
checkers keep looking at the latches, from everywhere, without the control plane in us-east-1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName

CHECK_INTERVAL_S, FAILURE_THRESHOLD = 10, 3
ALIAS_TTL_S = 60  # what Route 53 answers for an alias to a load balancer; it cannot be set
_HTTPS = 443


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
    """`name` is what clients call; `active` the site that serves."""

    zone: str
    name: str
    hosted_zone_id: pulumi.Input[str]
    active: SiteName
    sites: Mapping[SiteName, DnsSite]


class Dns(pulumi.ComponentResource):
    """Produces four health checks, named by site, and four records, named by role.

    `checks` are identifiers by site: that nobody closed it, and that it was opened. Swapping
    roles moves records in place, the outer one first: clients leave the old site before the way
    to it changes.
    """

    checks: dict[SiteName, tuple[pulumi.Output[str], pulumi.Output[str]]]

    def __init__(
        self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Dns", name, None, opts)
        self._name, self._args = name, args
        checks = {site: (self._not_closed(site), self._open(site)) for site in SiteName}
        self.checks = {site: (closed.id, opened.id) for site, (closed, opened) in checks.items()}
        serving, standby = args.sites[args.active], args.sites[args.active.other]
        inner = f"standby.{args.name}"
        outer = self._record("serving", args.name, serving.platform, checks[args.active][0])
        ways = [
            self._record("standby", inner, standby.platform, checks[args.active.other][1], [outer]),
            self._record("holding", inner, standby.holding_page, None, [outer]),
        ]
        self._record("elsewhere", args.name, Address(inner, args.hosted_zone_id), None, ways)
        self.register_outputs({})

    def _not_closed(self, site: SiteName) -> aws.route53.HealthCheck:
        """Watch that nobody closed a site. Inverted: healthy while the object is absent.

        A lost or unreadable standby region therefore changes nothing for the serving site.
        """
        watcher = self._args.sites[site.other].latch_host
        return self._check(f"{site}-not-closed", watcher, naming.closed_key(site), inverted=True)

    def _open(self, site: SiteName) -> aws.route53.HealthCheck:
        watcher = self._args.sites[site].latch_host
        return self._check(f"{site}-open", watcher, naming.open_key(site), inverted=False)

    def _check(self, name: str, host: str, key: str, *, inverted: bool) -> aws.route53.HealthCheck:
        return aws.route53.HealthCheck(
            f"{self._name}-{name}",
            type="HTTPS",
            fqdn=host,
            port=_HTTPS,
            resource_path=f"/{key}",
            request_interval=CHECK_INTERVAL_S,
            failure_threshold=FAILURE_THRESHOLD,
            invert_healthcheck=inverted,
            enable_sni=True,
            tags={**naming.tags(self._args.zone), "Name": f"{self._args.zone}-{name}"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _record(
        self,
        role: str,
        name: str,
        address: Address,
        check: aws.route53.HealthCheck | None,
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
            health_check_id=None if check is None else check.id,
            aliases=[alias],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
