"""Application Auto Scaling on ECS services: what it does to a count outside its bounds.

`corrections.applicationautoscaling` calls `hold` at each registration, `corrections.ecs` calls
`notice` after each change of a service.

Sources: RegisterScalableTarget (registering changes an active resource's capacity "to a value that
is inside of this range", at each update too); ECS developer guide, "Automatically scale your
service" (a count above the maximum is cut when an alarm scales in, one below the minimum is left
to the next scale-out). Assumption: a service with a policy scales in after the 15 quiet minutes of
a target tracking policy's low alarm; load never scales anything out here.
"""

from typing import Any

from moto.applicationautoscaling.models import applicationautoscaling_backends

from simulator import inside, task_counts
from simulator.lifecycle import after_up
from simulator.world import current

SCALES_IN_AFTER_S = 900.0

_DIMENSION = "ecs:service:DesiredCount"


def hold(target: Any) -> None:  # noqa: ANN401 - a moto FakeScalableTarget
    """Bring an active service inside the bounds of its target."""
    _, cluster, name = target.resource_id.split("/")
    backend = target.applicationautoscaling_backend.ecs_backend
    service = backend.services.get(f"{cluster}:{name}")
    if service is None or service.status != "ACTIVE":
        return
    wanted = max(target.min_capacity, min(target.max_capacity, service.desired_count))
    if wanted != service.desired_count:
        service.desired_count = wanted
        task_counts.follow(service)


def notice(service: Any) -> None:  # noqa: ANN401 - a moto ECS Service
    """Cut a count above its target's maximum at the next scale-in, if anything scales in."""
    if current().instant or not _above(service):
        return

    def scale_in() -> None:
        target = _above(service)
        if target is not None:
            hold(target)

    after_up(service.region_name, SCALES_IN_AFTER_S, scale_in)


def _above(service: Any) -> Any | None:  # noqa: ANN401 - moto's objects
    """Return the target whose maximum a service exceeds while a policy may scale it in."""
    backend = applicationautoscaling_backends[inside.ACCOUNT][service.region_name]
    resource = f"service/{service.cluster_name}/{service.name}"
    target = backend.targets.get(_DIMENSION, {}).get(resource)
    if target is None or service.desired_count <= target.max_capacity:
        return None
    if (target.suspended_state or {}).get("DynamicScalingInSuspended"):
        return None
    scaled = any(policy.resource_id == resource for policy in backend.policies.values())
    return target if scaled else None
