"""Whether anything healthy stands behind a load balancer: ECS tasks, or registered targets.

`corrections.elbv2` answers DescribeTargetHealth from it, `dns` evaluates alias targets with it.

Source: Elastic Load Balancing guide and Route 53's "evaluate target health" (a load balancer is
healthy if every target group that has targets has a healthy one, and unhealthy without targets).
Assumption: a running task is registered, and healthy unless its release fails; ECS counts it as
running only then.
"""

from typing import TYPE_CHECKING, Any

from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends

from simulator import inside
from simulator.task_health import TaskHealth
from simulator.world import current

if TYPE_CHECKING:
    from simulator.world import World


def is_healthy(world: "World", dns_name: str) -> bool:
    """Say what Route 53 makes of a load balancer as the target of an alias."""
    region = dns_name.split(".")[-4]
    if world.faults.region_lost(region):
        return False
    backend = elbv2_backends[inside.ACCOUNT][region]
    arn = next(
        (arn for arn, one in backend.load_balancers.items() if one.dns_name.lower() == dns_name),
        None,
    )
    answering = [
        any(healthy for _, healthy in targets(region, group))
        for group in backend.target_groups.values()
        if arn is not None and arn in group.load_balancer_arns
    ]
    return any(answering)


def targets(region: str, group: Any) -> list[tuple[str, bool]]:  # noqa: ANN401 - a moto FakeTargetGroup
    """Return what is registered in a group, and whether it passes its health check.

    That is the tasks that ECS keeps there, or what somebody registered.
    """
    found = [(str(target), True) for target in group.targets]
    for service in ecs_backends[inside.ACCOUNT][region].services.values():
        if service.status == "ACTIVE" and _uses(service, group.arn):
            well = TaskHealth.of(current()).is_well(service)
            found += [(_address(number), well) for number in range(int(service.running_count))]
    return found


def is_kept_by_ecs(region: str, group: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether a service registers its tasks in this group."""
    services = ecs_backends[inside.ACCOUNT][region].services.values()
    return any(_uses(service, group.arn) for service in services)


def _uses(service: Any, group_arn: str) -> bool:  # noqa: ANN401 - a moto Service
    return any(row.get("targetGroupArn") == group_arn for row in service.load_balancers)


def _address(number: int) -> str:
    """Return an address for the n-th task: task addresses are nobody's business but must differ."""
    return f"10.0.{number // 250}.{number % 250 + 4}"
