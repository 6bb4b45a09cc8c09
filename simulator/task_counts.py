"""How many tasks of an ECS service run: the counts follow what is desired, in virtual time.

`corrections.ecs` calls `follow` whenever the desired count has changed and `deploy` whenever the
tasks have to be replaced. While a region is lost its services stand still (`lifecycle.after_up`).

A task that finds no room stays away; the service says so and tries again every minute.

Sources: ECS developer guide ("a scaling of the service starts no deployment": `rolloutState` stays
COMPLETED), DescribeServices (deployments, events). Assumption: tasks that are asked for together
start together; tasks to stop count as running until they have stopped.
"""

from typing import Any

from moto.moto_api._internal import mock_random

from simulator.faults import FaultKind
from simulator.lifecycle import after_up, draw
from simulator.metrics import utc
from simulator.timings import Takes
from simulator.world import current

PLACE_AGAIN_S = 60.0
_CAPACITY = (
    "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again "
    "later or in a different availability zone."
)
_QUOTA = (
    "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can "
    "run concurrently."
)
_KEY = "is unable to consistently start tasks successfully."
WITHOUT_TASKS = {
    FaultKind.CAPACITY_MISSING: _CAPACITY,
    FaultKind.QUOTA_EXCEEDED: _QUOTA,
    FaultKind.KEY_MISSING: _KEY,  # its secret, the database passwords, cannot be decrypted
}
"""Why no further task starts, and what the service's event says then."""

Service = Any
"""A moto ECS `Service`; moto is untyped here."""


def follow(service: Service) -> None:
    """Begin to start or stop tasks until as many run as are desired."""
    missing = service.desired_count - service.running_count - service.pending_count
    if missing > 0 and _starts_none(service):
        _place_again(service)
    elif missing > 0:
        _count(service, pending=missing)
        seconds = draw(service, Takes.START_TASK)
        after_up(service.region_name, seconds, lambda: _started(service, missing))
    elif missing < 0:
        _count(service, pending=-min(service.pending_count, -missing))
        if service.running_count > service.desired_count:
            seconds = draw(service, Takes.STOP_TASK)
            after_up(service.region_name, seconds, lambda: _stopped(service))
    _note(service)


def deploy(service: Service) -> None:
    """Replace the tasks by tasks of the service's task definition, a rolling deployment."""
    now = utc(current().clock.now())
    old = [dict(one, status="ACTIVE", updatedAt=now) for one in service.deployments[:1]]
    new = dict(service.deployments[0]) if service.deployments else {}
    deployment_id = f"ecs-svc/{mock_random.randint(0, 32**12)}"
    new |= {
        "id": deployment_id,
        "status": "PRIMARY",
        "createdAt": now,
        "updatedAt": now,
        "taskDefinition": service.task_definition,
        "runningCount": 0,
        "pendingCount": service.desired_count,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {deployment_id} in progress.",
    }
    service.deployments = [new, *old]
    seconds = draw(service, Takes.START_TASK)
    after_up(service.region_name, seconds, lambda: _deployed(service, deployment_id))


def stop_all(service: Service) -> None:
    """A deleted service has no tasks."""
    _count(service, pending=-service.pending_count, running=-service.running_count)
    _note(service)


def begin(service: Service) -> None:
    """Bring a service that was just created to its first state: nothing runs yet."""
    now = utc(current().clock.now())
    for deployment in service.deployments:
        deployment |= {"createdAt": now, "updatedAt": now, "rolloutState": "IN_PROGRESS"}
        deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} in progress."
    _count(service, pending=-service.pending_count, running=-service.running_count)
    follow(service)


def _starts_none(service: Service) -> bool:
    """Say whether no further task can start now, and let the service say so."""
    faults = current().faults
    for kind, reason in WITHOUT_TASKS.items():
        if faults.active(kind, region=service.region_name) is not None:
            _tell(service, f"(service {service.name}) {reason}")
            return True
    return False


def _place_again(service: Service) -> None:
    """Let ECS try again later, once for all that is missing then."""
    if getattr(service, "_holdfast_places", False):
        return
    service._holdfast_places = True

    def again() -> None:
        service._holdfast_places = False
        if service.status == "ACTIVE":
            follow(service)

    after_up(service.region_name, PLACE_AGAIN_S, again)


def _tell(service: Service, message: str) -> None:
    now = utc(current().clock.now())
    event = {"id": mock_random.uuid4(), "createdAt": now, "message": message}
    service.events = [event, *service.events]


def _started(service: Service, batch: int) -> None:
    count = min(batch, service.pending_count)
    if service.status == "ACTIVE" and count > 0:
        _count(service, pending=-count, running=count)
    _note(service)


def _stopped(service: Service) -> None:
    surplus = service.running_count - service.desired_count
    if surplus > 0:
        _count(service, running=-surplus)
    _note(service)


def _deployed(service: Service, deployment_id: str) -> None:
    if service.deployments and service.deployments[0]["id"] == deployment_id:
        service.deployments = service.deployments[:1]
        _note(service)


def _count(service: Service, *, pending: int = 0, running: int = 0) -> None:
    service.pending_count += pending
    service.running_count += running
    cluster = service._backend._get_cluster(service.cluster_name)
    service._backend.update_cluster_resources(cluster, running, task_state="RUNNING")
    service._backend.update_cluster_resources(cluster, pending, task_state="PENDING")


def _note(service: Service) -> None:
    """Let the primary deployment and the events say what the counts say."""
    now = utc(current().clock.now())
    steady = service.running_count == service.desired_count and not service.pending_count
    if service.deployments and len(service.deployments) == 1:
        primary = service.deployments[0]
        primary |= {
            "desiredCount": service.desired_count,
            "runningCount": service.running_count,
            "pendingCount": service.pending_count,
            "updatedAt": now,
        }
        if steady and primary["rolloutState"] == "IN_PROGRESS":
            primary["rolloutState"] = "COMPLETED"
            primary["rolloutStateReason"] = f"ECS deployment {primary['id']} completed."
    if steady and service.status == "ACTIVE":
        _tell(service, f"(service {service.name}) has reached a steady state.")
