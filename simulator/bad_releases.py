"""A release that fails, deployed as a pipeline does it: `bad-release`.

`simulator.strikes` begins it. A new revision of the task definition is registered and the service
updated, by real ECS calls. Its tasks start and fail their health checks: at once, or `seconds`
later. At once, the old tasks go on serving and the circuit breaker takes the release back (as far
as the service has one, `simulator.deployments`). Later than the deployment takes, the deployment
is COMPLETED, nobody watches it any more, and clients get errors until somebody deploys another
definition.
"""

from typing import Any

from moto.ecs.models import ecs_backends

from simulator import backstage, inside
from simulator.fault import Fault, FaultKind
from simulator.service_events import tell
from simulator.task_health import TaskHealth
from simulator.world import World

_REGISTERED = (
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "requiresCompatibilities",
    "cpu",
    "memory",
)
"""What a pipeline carries from one revision to the next."""

Service = Any
"""A moto ECS `Service`; moto is untyped here."""


def watch(world: World) -> None:
    """Let `bad-release` strike in a world from now on."""

    def told(fault: Fault, begins: bool) -> None:
        region = fault.region or ""
        if not begins or world.faults.region_lost(region):
            return
        for service in list(ecs_backends[inside.ACCOUNT][region].services.values()):
            if service.status == "ACTIVE" and service.desired_count:
                _release(world, service, fault.seconds or 0.0)

    world.faults.on_kind(FaultKind.BAD_RELEASE, told)


def _release(world: World, service: Service, well_s: float) -> None:
    """Deploy a revision whose tasks are well for some seconds."""
    ecs = backstage.client("ecs", service.region_name)
    before = ecs.describe_task_definition(taskDefinition=service.task_definition)["taskDefinition"]
    made = ecs.register_task_definition(
        **{name: before[name] for name in _REGISTERED if before.get(name)}
    )["taskDefinition"]["taskDefinitionArn"]
    TaskHealth.of(world).spoil(made, world.clock.monotonic() + well_s)
    ecs.update_service(cluster=service.cluster_name, service=service.name, taskDefinition=made)
    world.clock.at(well_s, lambda: _notice(service, made))


def _notice(service: Service, definition: str) -> None:
    if getattr(service, "_holdfast_runs", None) == definition:
        tell(
            service,
            f"(service {service.name}) targets are unhealthy due to "
            "(reason Health checks failed with these codes: [500]).",
        )
