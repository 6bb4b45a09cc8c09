"""Rolling deployments of ECS services, and the circuit breaker that takes a bad one back.

`corrections.ecs` calls `deploy`. The old tasks go on until new ones are healthy: the program
declares a minimum of 100 % healthy tasks (fewer are not simulated). A deployment whose tasks fail
tries again and again; with the circuit breaker it is FAILED after as many failures as its
threshold, and with rollback the last completed deployment's definition is deployed again. Once a
deployment is COMPLETED no breaker watches it: a release that fails later stays.

Sources: ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures"
(threshold: half of the desired count, at least 3, at most 200; without a completed deployment
nothing is rolled back), API reference of Deployment. Assumption: `UNHEALTHY_S`.
"""

import math
from typing import Any

from moto.moto_api._internal import mock_random

from simulator import task_room, task_settings
from simulator.lifecycle import after_up, draw
from simulator.moto_time import utc
from simulator.service_events import tell
from simulator.task_health import TaskHealth
from simulator.timings import Takes
from simulator.world import current

FEWEST_FAILURES, MOST_FAILURES = 3, 200
UNHEALTHY_S = 30.0
"""How long a load balancer needs to find a target unhealthy, after the grace period: three checks
ten seconds apart, as the program declares them."""

ROLLING_BACK = "ECS deployment circuit breaker: rolling back to deploymentId {}."
TRIPPED = "ECS deployment circuit breaker: tasks failed to start."

Service = Any
"""A moto ECS `Service`; moto is untyped here."""


def deploy(service: Service, reason: str | None = None) -> None:
    """Begin to replace the tasks by tasks of the service's task definition."""
    now = utc(current().clock.now())
    old = [dict(one, status="ACTIVE", updatedAt=now) for one in service.deployments[:1]]
    new = dict(service.deployments[0]) if service.deployments else {}
    name = f"ecs-svc/{mock_random.randint(0, 32**12)}"
    new |= {
        "id": name,
        "status": "PRIMARY",
        "createdAt": now,
        "updatedAt": now,
        "taskDefinition": service.task_definition,
        "runningCount": 0,
        "pendingCount": service.desired_count,
        "failedTasks": 0,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": reason or f"ECS deployment {name} in progress.",
    }
    service.deployments = [new, *old]
    _try(service, name, 0.0)


def note(service: Service) -> None:
    """Let the primary deployment and the events say what the counts say."""
    steady = service.running_count == service.desired_count and not service.pending_count
    if service.deployments and len(service.deployments) == 1:
        primary = service.deployments[0]
        primary |= {
            "desiredCount": service.desired_count,
            "runningCount": service.running_count,
            "pendingCount": service.pending_count,
            "updatedAt": utc(current().clock.now()),
        }
        if steady and primary["rolloutState"] == "IN_PROGRESS":
            _complete(service, primary)
    if steady and service.status == "ACTIVE":
        tell(service, f"(service {service.name}) has reached a steady state.")


def _complete(service: Service, primary: dict[str, Any]) -> None:
    """Note that the only deployment is done: it is what a rollback goes back to."""
    primary["rolloutState"] = "COMPLETED"
    primary["rolloutStateReason"] = f"ECS deployment {primary['id']} completed."
    service._holdfast_completed = primary["taskDefinition"]


def _try(service: Service, name: str, after_s: float) -> None:
    """Start tasks of a deployment, and see later what becomes of them."""
    seconds = after_s + draw(service, Takes.START_TASK)
    after_up(service.region_name, seconds, lambda: _started(service, name))


def _started(service: Service, name: str) -> None:
    health = TaskHealth.of(current())
    if service.status != "ACTIVE" or service.deployments[0]["id"] != name:
        return
    if service.desired_count and task_room.is_missing(service):
        after_up(service.region_name, task_room.TRY_AGAIN_S, lambda: _started(service, name))
    elif health.fails(service.task_definition):
        grace_s = float(getattr(service, "health_check_grace_period_seconds", None) or 0.0)
        after_up(service.region_name, grace_s + UNHEALTHY_S, lambda: _failed(service, name))
    else:
        service._holdfast_runs = service.task_definition
        task_settings.renew(service)
        service.deployments = service.deployments[:1]
        note(service)


def _failed(service: Service, name: str) -> None:
    """Count the tasks that never became healthy; trip the breaker or try again."""
    primary = service.deployments[0]
    if service.status != "ACTIVE" or primary["id"] != name:
        return
    primary["failedTasks"] += service.desired_count
    primary["updatedAt"] = utc(current().clock.now())
    tell(service, f"(service {service.name}) deployment {name}: tasks failed their health checks.")
    breaker = _breaker(service)
    if breaker.get("enable") and primary["failedTasks"] >= threshold(service.desired_count):
        _trip(service, rollback=bool(breaker.get("rollback")))
    else:
        _try(service, name, 0.0)


def _trip(service: Service, *, rollback: bool) -> None:
    failed = service.deployments[0]
    failed |= {"rolloutState": "FAILED", "rolloutStateReason": TRIPPED, "pendingCount": 0}
    tell(service, f"(service {service.name}) (deployment {failed['id']}) deployment failed.")
    last_good = getattr(service, "_holdfast_completed", None)
    if rollback and last_good is not None:
        service.task_definition = last_good
        old = service.deployments[1]["id"] if len(service.deployments) > 1 else failed["id"]
        deploy(service, ROLLING_BACK.format(old))
        tell(service, f"(service {service.name}) rolling back to deployment {old}.")


def threshold(desired: int) -> int:
    """Return after how many failed tasks the circuit breaker trips."""
    return min(MOST_FAILURES, max(FEWEST_FAILURES, math.ceil(desired / 2)))


def _breaker(service: Service) -> dict[str, Any]:
    settings = getattr(service, "deployment_configuration", None) or {}
    found: dict[str, Any] = settings.get("deploymentCircuitBreaker") or {}
    return found
