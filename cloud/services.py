"""The platform's containers in one region: how many run, how many should, and what ECS says of it.

The failover scales the standby site up and mends the serving one in place; `cloud.fences` scales
the old one down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.effects import Effect
from cloud.permitted import permitted
from continuity.permissions import (
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    LIST_DEFINITIONS,
    PASS_PLATFORM_ROLES,
    REGISTER_SCALING,
    UPDATE_SERVICE,
)

NEWEST = 10
"""How many events and task definitions of a service are looked at: the newest."""

_SCALING: dict[str, object] = {
    "ServiceNamespace": "ecs",
    "ScalableDimension": "ecs:service:DesiredCount",
}


@dataclass(frozen=True)
class DeploymentState:
    """One deployment of a service: PRIMARY is the newest, ACTIVE one that is being replaced.

    `rollout` is COMPLETED, FAILED (the circuit breaker tripped) or IN_PROGRESS; `failed` counts
    tasks that did not come to run.
    """

    task_definition: str
    status: str
    rollout: str
    running: int
    failed: int
    created_at: datetime | None


@dataclass(frozen=True)
class ServiceEvent:
    """What ECS says of a service at a moment."""

    at: datetime
    message: str


@dataclass(frozen=True)
class ServiceState:
    """One ECS service. Counts are tasks; deployments and events newest first."""

    status: str
    desired: int
    running: int
    pending: int
    task_definition: str
    deployments: tuple[DeploymentState, ...] = ()
    events: tuple[ServiceEvent, ...] = ()


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
            deployments=tuple(map(_deployment, found.get("deployments", ()))),
            events=tuple(map(_event, found.get("events", ())[:NEWEST])),
        )
    return None


@permitted(LIST_DEFINITIONS)
def definitions(door: Door, family: str) -> tuple[str, ...]:
    """Return the newest task definitions of a family that can still be deployed, newest first."""
    reply = door.read(
        "ecs",
        "ListTaskDefinitions",
        familyPrefix=family,
        status="ACTIVE",
        sort="DESC",
        maxResults=NEWEST,
    )
    return tuple(reply["taskDefinitionArns"])


@permitted(UPDATE_SERVICE, PASS_PLATFORM_ROLES)
def deploy(door: Door, cluster: str, service: str, task_definition: str) -> Effect:
    """Deploy a task definition. Repeating it changes nothing: the service has it then.

    Whoever names one passes its roles on to ECS, and IAM asks whether they may.
    """
    door.change(
        "ecs",
        "UpdateService",
        cluster=cluster,
        service=service,
        taskDefinition=task_definition,
    )
    return Effect.MADE


@permitted(UPDATE_SERVICE)
def restart(door: Door, cluster: str, service: str, desired: int) -> Effect:
    """Ask for so many tasks and begin a new deployment, which replaces every one of them."""
    door.change(
        "ecs",
        "UpdateService",
        cluster=cluster,
        service=service,
        desiredCount=desired,
        forceNewDeployment=True,
    )
    return Effect.MADE


@permitted(DESCRIBE_SERVICES, UPDATE_SERVICE)
def renew(door: Door, cluster: str, service: str, since: datetime) -> Effect:
    """Begin a new deployment of what is deployed, which replaces every task.

    Not where one began at `since` or later: it looks first, because a second one begins all over.
    """
    found = describe(door, cluster, service)
    made = () if found is None else (one.created_at for one in found.deployments)
    if any(moment is not None and moment >= since for moment in made):
        return Effect.ALREADY
    door.change("ecs", "UpdateService", cluster=cluster, service=service, forceNewDeployment=True)
    return Effect.MADE


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


def _deployment(found: Mapping[str, Any]) -> DeploymentState:
    return DeploymentState(
        task_definition=found.get("taskDefinition", ""),
        status=found.get("status", ""),
        rollout=found.get("rolloutState", ""),
        running=found.get("runningCount", 0),
        failed=found.get("failedTasks", 0),
        created_at=found.get("createdAt"),
    )


def _event(found: Mapping[str, Any]) -> ServiceEvent:
    return ServiceEvent(found["createdAt"], found["message"])
