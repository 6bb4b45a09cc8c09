"""ECS tasks that die and do not come back: `tasks-lost`.

`simulator.strikes` begins it. Every task of the region's services dies, and so does whatever ECS
starts for the same deployment, until the fault ends. A new deployment, of the same definition too,
is rid of it: ECS forgets that it throttles a service when the service is deployed anew (ECS
developer guide, "Amazon ECS service throttle logic").
"""

from moto.ecs.models import ecs_backends

from simulator import inside, task_counts
from simulator.fault import Fault, FaultKind
from simulator.service_events import tell
from simulator.task_health import TaskHealth
from simulator.world import World


def watch(world: World) -> None:
    """Let `tasks-lost` strike in a world from now on."""
    health = TaskHealth.of(world)
    struck: dict[Fault, list[str]] = {}

    def told(fault: Fault, begins: bool) -> None:
        if begins:
            struck[fault] = _strike(health, fault.region or "")
        else:
            for deployment in struck.pop(fault, []):
                health.spare(deployment)

    world.faults.on_kind(FaultKind.TASKS_LOST, told)


def _strike(health: TaskHealth, region: str) -> list[str]:
    """Kill the tasks of a region's services; return the deployments that they belong to."""
    killed = []
    for service in ecs_backends[inside.ACCOUNT][region].services.values():
        if service.status == "ACTIVE" and service.deployments:
            deployment = service.deployments[0]["id"]
            health.kill(deployment)
            killed.append(deployment)
            tell(service, f"(service {service.name}) stopped {service.running_count} tasks.")
            task_counts.lose_all(service)
    return killed
