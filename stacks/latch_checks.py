"""The health checks that watch the latches: who may serve, as far as anybody can still tell.

`stacks.dns` makes them once per zone and gives them to its records. A site serves while

    nobody closed it      `closed/<site>` is absent from the standby's latch; counted twice
    somebody warrants it  the standby's latch or the witness's says that it may

that is, while three of four hold. So one closing object is enough to end it, and one lost region
is not. What ends it for good is that both warrants are revoked: a lost region can only take
warrants away, never give one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName

CHECK_INTERVAL_S, FAILURE_THRESHOLD = 10, 3
NEEDED = 3  # of twice "nobody closed it" and two warrants: all but one
_HTTPS = 443


@dataclass(frozen=True)
class LatchChecksArgs:
    """`hosts` are the host names of the sites' latches."""

    zone: str
    hosts: Mapping[SiteName, str]
    witness_host: str


@dataclass(frozen=True)
class SiteChecks:
    """One site's checks by identifier; records ask `serves` and `open`."""

    not_closed: pulumi.Output[str]
    open: pulumi.Output[str]
    warrant: pulumi.Output[str]
    witness: pulumi.Output[str]
    serves: pulumi.Output[str]


class LatchChecks(pulumi.ComponentResource):
    """Produces six health checks for each site, named by it; `checks` has their identifiers."""

    checks: dict[SiteName, SiteChecks]

    def __init__(
        self, name: str, args: LatchChecksArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:LatchChecks", name, None, opts)
        self._name, self._args = name, args
        self.checks = {site: self._site(site) for site in SiteName}
        self.register_outputs({})

    def _site(self, site: SiteName) -> SiteChecks:
        watcher, own = self._args.hosts[site.other], self._args.hosts[site]
        # The same question twice: Route 53 counts children, it does not weigh them.
        not_closed = [
            self._object(f"{site}-not-closed{again}", watcher, naming.closed_key(site), absent=True)
            for again in ("", "-again")
        ]
        warrants = [
            self._warrant(f"{site}-warranted-by-{who}", host, site)
            for who, host in (("standby", watcher), ("witness", self._args.witness_host))
        ]
        return SiteChecks(
            not_closed=not_closed[0],
            open=self._object(f"{site}-open", own, naming.open_key(site), absent=False),
            warrant=warrants[0],
            witness=warrants[1],
            serves=self._enough(f"{site}-serves", [*not_closed, *warrants]),
        )

    def _object(self, name: str, host: str, key: str, *, absent: bool) -> pulumi.Output[str]:
        """Watch an object. Inverted: healthy while it is absent, or nobody can tell."""
        return self._check(
            name,
            type="HTTPS",
            **_watching(host, key),
            invert_healthcheck=absent,
        )

    def _warrant(self, name: str, host: str, site: SiteName) -> pulumi.Output[str]:
        """Watch what an object says: healthy only while it can be read and warrants the site."""
        return self._check(
            name,
            type="HTTPS_STR_MATCH",
            **_watching(host, naming.warrant_key(site)),
            search_string=naming.WARRANTED,
            invert_healthcheck=False,
        )

    def _enough(self, name: str, children: list[pulumi.Output[str]]) -> pulumi.Output[str]:
        return self._check(
            name,
            type="CALCULATED",
            child_healthchecks=children,
            child_health_threshold=NEEDED,
        )

    def _check(self, name: str, **settings: object) -> pulumi.Output[str]:
        check = aws.route53.HealthCheck(
            f"{self._name}-{name}",
            tags={**naming.tags(self._args.zone), "Name": f"{self._args.zone}-{name}"},
            opts=pulumi.ResourceOptions(parent=self),
            **settings,
        )
        identity: pulumi.Output[str] = check.id
        return identity


def _watching(host: str, key: str) -> dict[str, object]:
    """Return what all checks of an object have in common."""
    return {
        "fqdn": host,
        "port": _HTTPS,
        "resource_path": f"/{key}",
        "request_interval": CHECK_INTERVAL_S,
        "failure_threshold": FAILURE_THRESHOLD,
        "enable_sni": True,
    }
