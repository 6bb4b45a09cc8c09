"""Whether another ECS task can start in a service now, and what the service's events say if not.

`task_counts` and `deployments` ask. ECS itself tries again, about every `TRY_AGAIN_S`; assumption.
"""

from typing import Any

from simulator.fault import FaultKind
from simulator.service_events import tell
from simulator.task_health import TaskHealth
from simulator.world import current

TRY_AGAIN_S = 60.0
_CAPACITY = (
    "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again "
    "later or in a different availability zone."
)
_QUOTA = (
    "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can "
    "run concurrently."
)
_DIES = "is unable to consistently start tasks successfully."
WITHOUT_TASKS = {
    FaultKind.CAPACITY_MISSING: _CAPACITY,
    FaultKind.QUOTA_EXCEEDED: _QUOTA,
    FaultKind.KEY_MISSING: _DIES,  # its secret, the database passwords, cannot be decrypted
}
"""Why no further task starts, and what the service's event says then."""


def is_missing(service: Any) -> bool:  # noqa: ANN401 - a moto ECS Service
    """Say whether no further task can start now, and let the service say so."""
    reason = _reason(service)
    if reason is not None:
        tell(service, f"(service {service.name}) {reason}")
    return reason is not None


def _reason(service: Any) -> str | None:  # noqa: ANN401 - as above
    world = current()
    for kind, reason in WITHOUT_TASKS.items():
        if world.faults.active(kind, region=service.region_name) is not None:
            return reason
    return _DIES if TaskHealth.of(world).dies(service) else None
