"""The platform in one site: a load balancer, and tasks on Fargate that it forwards to.

`stacks.zone` makes one per site, alike but for their counts: the serving site runs what the zone
needs, the standby a few that prove it could. A failover raises the standby's counts at run time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.addresses import Addresses, AddressesArgs
from stacks.autoscaling import Autoscaling, AutoscalingArgs
from stacks.containers import CONTAINER, Container, DatabaseAccess, definitions
from stacks.files import PURPOSES
from stacks.load_balancer import LoadBalancer, LoadBalancerArgs
from stacks.network import Network, Tier
from stacks.place import Place
from stacks.settings_hosting import Counts, HostingSettings

HEALTH_PATH = "/continuity/health"  # the platform's promise, see continuity.outside
_START_GRACE_S = 120
_DRAIN_S = 30


@dataclass(frozen=True)
class HostingArgs:
    """`counts` are those of the site's role; `databases` the site's own instances.

    `log_group` is the name of where tasks write.
    """

    place: Place
    settings: HostingSettings
    counts: Counts
    network: Network
    certificate_arn: pulumi.Input[str]
    repository: pulumi.Input[str]
    log_group: pulumi.Input[str]
    task_role: pulumi.Input[str]
    execution_role: pulumi.Input[str]
    databases: Sequence[pulumi.Output[DatabaseAccess]]


class Hosting(pulumi.ComponentResource):
    """Produces a cluster, and a service with its load balancer and autoscaling."""

    image: pulumi.Output[str]
    cluster: pulumi.Output[str]
    service: pulumi.Output[str]
    task_definition: pulumi.Output[str]
    scalable_target: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    balancer_suffix: pulumi.Output[str]
    targets_suffix: pulumi.Output[str]

    def __init__(
        self, name: str, args: HostingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Hosting", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.image = pulumi.Output.concat(args.repository, "@", args.settings.image)
        self.task_definition = self._task_definition().arn
        target_group = self._target_group()
        balancer = self._load_balancer(target_group)
        self.dns_name, self.zone_id = balancer.dns_name, balancer.zone_id
        self.balancer_suffix, self.targets_suffix = balancer.arn_suffix, target_group.arn_suffix
        cluster = self._cluster()
        service = self._service(cluster, target_group, balancer)
        self.cluster, self.service = cluster.name, service.name
        scaling = Autoscaling(
            f"{name}-scaling",
            AutoscalingArgs(args.place, cluster.name, service.name, args.counts),
            self._child,
        )
        self.scalable_target = scaling.resource_id
        self.register_outputs({"cluster": self.cluster, "service": self.service})

    def _task_definition(self) -> aws.ecs.TaskDefinition:
        """Declare the release. Those before it stay in AWS when it is replaced.

        A failover goes back to one, and ECS starts no deployment of what is deregistered.
        """
        args, place = self._args, self._args.place
        told = Addresses(
            f"{self._name}-addresses", AddressesArgs(place, args.databases), self._child
        )
        found = pulumi.Output.all(
            self.image, args.log_group, told.arn, told.digest, pulumi.Output.all(*args.databases)
        )
        return aws.ecs.TaskDefinition(
            f"{self._name}-task",
            region=place.region,
            family=place.name("platform"),
            cpu=str(args.settings.cpu),
            memory=str(args.settings.memory),
            network_mode="awsvpc",
            requires_compatibilities=["FARGATE"],
            task_role_arn=args.task_role,
            execution_role_arn=args.execution_role,
            container_definitions=found.apply(lambda parts: definitions(self._container(*parts))),
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )

    def _container(
        self,
        image: str,
        log_group: str,
        addresses: str,
        addressed: str,
        databases: Sequence[DatabaseAccess],
    ) -> Container:
        place = self._args.place
        return Container(
            image=image,
            port=self._args.settings.port,
            zone=place.zone,
            site=place.site,
            region=place.region,
            log_group=log_group,
            databases=tuple(databases),
            addresses=addresses,
            addressed=addressed,
            buckets={purpose: place.bucket(purpose) for purpose in PURPOSES},
        )

    def _target_group(self) -> aws.lb.TargetGroup:
        """Declare where tasks listen. Another port is another group, made before the old one goes.

        Under one name for all ports Pulumi would delete the old one first, which AWS refuses while
        a listener forwards to it (pulumi-aws, issue 4220).
        """
        place, port = self._args.place, self._args.settings.port
        return aws.lb.TargetGroup(
            f"{self._name}-targets",
            region=place.region,
            name=place.name("platform", str(port)),
            port=port,
            protocol="HTTP",
            target_type="ip",
            vpc_id=self._args.network.vpc_id,
            deregistration_delay=_DRAIN_S,
            health_check={
                "path": HEALTH_PATH,
                "matcher": "200",
                "interval": 10,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 3,
            },
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=False),
        )

    def _load_balancer(self, target_group: aws.lb.TargetGroup) -> LoadBalancer:
        network = self._args.network
        return LoadBalancer(
            f"{self._name}-load-balancer",
            LoadBalancerArgs(
                place=self._args.place,
                purpose="platform",
                security_group=network.firewall.load_balancer,
                subnets=network.subnets[Tier.PUBLIC],
                certificate_arn=self._args.certificate_arn,
                action={"type": "forward", "target_group_arn": target_group.arn},
            ),
            self._child,
        )

    def _cluster(self) -> aws.ecs.Cluster:
        place = self._args.place
        return aws.ecs.Cluster(
            f"{self._name}-cluster",
            region=place.region,
            name=place.name("platform"),
            settings=[{"name": "containerInsights", "value": "enabled"}],
            tags=place.tags(),
            opts=self._child,
        )

    def _service(
        self, cluster: aws.ecs.Cluster, target_group: aws.lb.TargetGroup, balancer: LoadBalancer
    ) -> aws.ecs.Service:
        """Declare the service; `up` does not wait until it is healthy.

        ECS takes back a release that fails. How many tasks run is autoscaling's affair, and a
        failover's: what the program says of it holds at creation only, or `up` would undo both.
        """
        args, place = self._args, self._args.place
        return aws.ecs.Service(
            f"{self._name}-service",
            region=place.region,
            name=place.name("platform"),
            cluster=cluster.arn,
            task_definition=self.task_definition,
            desired_count=args.counts.desired,
            launch_type="FARGATE",
            network_configuration={
                "subnets": args.network.subnets[Tier.PRIVATE],
                "security_groups": [args.network.firewall.application],
                "assign_public_ip": False,
            },
            load_balancers=[
                {
                    "target_group_arn": target_group.arn,
                    "container_name": CONTAINER,
                    "container_port": args.settings.port,
                }
            ],
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            health_check_grace_period_seconds=_START_GRACE_S,
            propagate_tags="SERVICE",
            enable_execute_command=False,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[balancer.https], ignore_changes=["desired_count"]
            ),
        )
