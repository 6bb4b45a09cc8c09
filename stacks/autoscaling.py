"""How many tasks a service runs: within the counts of its site's role, by their load.

`stacks.hosting` makes it. The minimum is what keeps a standby warm, and what a failover raises
first: autoscaling would otherwise take the added tasks away again.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.settings_hosting import Counts

_DIMENSION = "ecs:service:DesiredCount"
_TARGET_CPU_PERCENT = 60


@dataclass(frozen=True)
class AutoscalingArgs:
    """`cluster` and `service` are names."""

    place: Place
    cluster: pulumi.Input[str]
    service: pulumi.Input[str]
    counts: Counts


class Autoscaling(pulumi.ComponentResource):
    """Produces the scalable target of a service, and a policy that follows its CPU."""

    resource_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: AutoscalingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Autoscaling", name, None, opts)
        place = args.place
        target = aws.appautoscaling.Target(
            f"{name}-target",
            region=place.region,
            service_namespace="ecs",
            scalable_dimension=_DIMENSION,
            resource_id=pulumi.Output.concat("service/", args.cluster, "/", args.service),
            min_capacity=args.counts.minimum,
            max_capacity=args.counts.maximum,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.resource_id = target.resource_id
        aws.appautoscaling.Policy(
            f"{name}-policy",
            region=place.region,
            name=place.name("platform", "cpu"),
            policy_type="TargetTrackingScaling",
            service_namespace="ecs",
            scalable_dimension=_DIMENSION,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "target_value": _TARGET_CPU_PERCENT,
                "predefined_metric_specification": {
                    "predefined_metric_type": "ECSServiceAverageCPUUtilization"
                },
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"resource_id": self.resource_id})
