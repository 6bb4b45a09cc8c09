"""Who may talk to whom in a site: one security group per tier, each rule a resource of its own.

`stacks.network` makes it. Rules stand alone so that fencing a database at run time (taking its
one door away) does not rewrite a group, and so that two groups may name each other.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place

HTTP, HTTPS, POSTGRES = 80, 443, 5432
_EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class FirewallArgs:
    """`application_port` is where tasks listen; `incarnation` is that of the site's databases."""

    place: Place
    vpc_id: pulumi.Input[str]
    application_port: int
    incarnation: int


def database_tier(incarnation: int) -> str:
    """Return what the databases' group of a site is called: each incarnation has its own.

    A failover shuts the group of the site that it leaves, and the program, which never reads that
    back, would leave it shut for what is built anew there. So new instances get a new group, and
    the old one keeps the old instances in, shut for good: the program takes its rules with it and
    leaves the group, which AWS deletes only once nothing stands in it.
    """
    return "database" if incarnation == 1 else f"database-{incarnation}"


class Firewall(pulumi.ComponentResource):
    """Produces four security groups: load balancer, application, database, endpoints.

    The load balancer admits the internet, the application only the load balancer, the database
    only the application, and the prober (`stacks.scratch_firewall`). Nothing is allowed out that is
    not written here or there.
    """

    load_balancer: pulumi.Output[str]
    application: pulumi.Output[str]
    database: pulumi.Output[str]
    endpoints: pulumi.Output[str]

    def __init__(
        self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Firewall", name, None, opts)
        self._name, self._args = name, args
        self.load_balancer = self._group("load-balancer", "Load balancers: open to the internet").id
        self.application = self._group("application", "Tasks: reached by load balancers only").id
        tier = database_tier(args.incarnation)
        databases = "Databases: reached by tasks only"
        self.database = self._group(tier, databases, retain_on_delete=True).id
        self.endpoints = self._group("endpoints", "AWS endpoints: reached by tasks only").id
        for port in (HTTP, HTTPS):
            self._internet_to_load_balancer(port)
        self._admit("load-balancer-to-application", self.load_balancer, self.application)
        self._admit(f"application-to-{tier}", self.application, self.database, POSTGRES)
        self._admit("application-to-endpoints", self.application, self.endpoints, HTTPS)
        self.register_outputs({"application": self.application, "database": self.database})

    def _group(
        self, tier: str, description: str, *, retain_on_delete: bool = False
    ) -> aws.ec2.SecurityGroup:
        place = self._args.place
        return aws.ec2.SecurityGroup(
            f"{self._name}-{tier}",
            region=place.region,
            name=place.name(tier),
            description=description,
            vpc_id=self._args.vpc_id,
            tags={**place.tags(), "Name": place.name(tier)},
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=retain_on_delete),
        )

    def _internet_to_load_balancer(self, port: int) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-internet-to-load-balancer-{port}",
            region=self._args.place.region,
            security_group_id=self.load_balancer,
            description="Clients of the zone",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=_EVERYWHERE,
            tags=self._args.place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _admit(
        self,
        rule: str,
        source: pulumi.Output[str],
        target: pulumi.Output[str],
        port: int | None = None,
    ) -> None:
        """Let one tier out to the next, and let the next take it in."""
        port = port if port is not None else self._args.application_port
        common = {
            "region": self._args.place.region,
            "description": rule.replace("-", " "),
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "tags": self._args.place.tags(),
            "opts": pulumi.ResourceOptions(parent=self),
        }
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{rule}-in",
            security_group_id=target,
            referenced_security_group_id=source,
            **common,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{rule}-out",
            security_group_id=source,
            referenced_security_group_id=target,
            **common,
        )
