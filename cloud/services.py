"""The platform's containers in one region: how many run, how many should.

The failover scales the standby site up, and `cloud.fences` the old one down.
"""

from dataclasses import dataclass

from cloud.door import Door
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.permissions import (
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    REGISTER_SCALING,
    UPDATE_SERVICE,
)

_SCALING: dict[str, object] = {
    "ServiceNamespace": "ecs",
    "ScalableDimension": "ecs:service:DesiredCount",
}


@dataclass(frozen=True)
class ServiceState:
    """One ECS service. Counts are tasks."""

    status: str
    desired: int
    running: int
    pending: int
    task_definition: str


@dataclass(frozen=True)
class Scaling:
    """Between how many tasks autoscaling keeps a service."""

    minimum: int
    maximum: int


@permitted(DESCRIBE_SERVICES)
def describe(door: Door, cluster: str, service: str) -> ServiceState | None:
    """Return the service, or None if the cluster has none of that name."""
    reply = door.read("ecs", "DescribeServices", cluster=cluster, services=[service])
    for found in reply["services"]:
        return ServiceState(
            status=found["status"],
            desired=found["desiredCount"],
            running=found["runningCount"],
            pending=found["pendingCount"],
            task_definition=found.get("taskDefinition", ""),
        )
    return None


@permitted(UPDATE_SERVICE)
def scale(door: Door, cluster: str, service: str, desired: int) -> Effect:
    """Set how many tasks should run. Repeating it changes nothing.

    Autoscaling undoes what lies outside its bounds: set those first.
    """
    door.change("ecs", "UpdateService", cluster=cluster, service=service, desiredCount=desired)
    return Effect.MADE


@permitted(DESCRIBE_SCALING)
def scaling(door: Door, resource: str) -> Scaling | None:
    """Return the bounds of `service/CLUSTER/SERVICE`, or None if it does not scale by itself."""
    reply = door.read(
        "application-autoscaling", "DescribeScalableTargets", **_SCALING, ResourceIds=[resource]
    )
    for found in reply["ScalableTargets"]:
        return Scaling(found["MinCapacity"], found["MaxCapacity"])
    return None


@permitted(REGISTER_SCALING)
def set_scaling(door: Door, resource: str, wanted: Scaling) -> Effect:
    """Set the bounds. Repeating it changes nothing."""
    door.change(
        "application-autoscaling",
        "RegisterScalableTarget",
        **_SCALING,
        ResourceId=resource,
        MinCapacity=wanted.minimum,
        MaxCapacity=wanted.maximum,
    )
    return Effect.MADE
