"""How many tasks of an ECS service run: the counts follow what is desired, in virtual time.

`corrections.ecs` calls `follow` whenever the desired count has changed, and `deployments.deploy`
where the tasks have to be replaced. While a region is lost its services stand still
(`lifecycle.after_up`).

A task that finds no room stays away; the service says so and tries again every minute.

Sources: ECS developer guide ("a scaling of the service starts no deployment": `rolloutState` stays
COMPLETED), DescribeServices (deployments, events). Assumption: tasks that are asked for together
start together; tasks to stop count as running until they have stopped.
"""

from typing import Any

from simulator import deployments, task_room, task_settings
from simulator.lifecycle import after_up, draw
from simulator.moto_time import utc
from simulator.timings import Takes
from simulator.world import current

Service = Any
"""A moto ECS `Service`; moto is untyped here."""


def follow(service: Service) -> None:
    """Begin to start or stop tasks until as many run as are desired."""
    missing = service.desired_count - service.running_count - service.pending_count
    if missing > 0 and task_room.is_missing(service):
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
    deployments.note(service)


def stop_all(service: Service) -> None:
    """Stop every task, those that are still starting too."""
    _count(service, pending=-service.pending_count, running=-service.running_count)
    deployments.note(service)


def lose_all(service: Service) -> None:
    """Let every task die; ECS begins to replace them."""
    stop_all(service)
    follow(service)


def begin(service: Service) -> None:
    """Bring a service that was just created to its first state: nothing runs yet."""
    now = utc(current().clock.now())
    for deployment in service.deployments:
        deployment |= {"createdAt": now, "updatedAt": now, "rolloutState": "IN_PROGRESS"}
        deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} in progress."
    _count(service, pending=-service.pending_count, running=-service.running_count)
    follow(service)


def _place_again(service: Service) -> None:
    """Let ECS try again later, once for all that is missing then."""
    if getattr(service, "_holdfast_places", False):
        return
    service._holdfast_places = True

    def again() -> None:
        service._holdfast_places = False
        if service.status == "ACTIVE":
            follow(service)

    after_up(service.region_name, task_room.TRY_AGAIN_S, again)


def _started(service: Service, batch: int) -> None:
    count = min(batch, service.pending_count)
    if service.status == "ACTIVE" and count > 0:
        _count(service, pending=-count, running=count)
        if len(service.deployments) == 1:
            service._holdfast_runs = service.task_definition
    deployments.note(service)


def _stopped(service: Service) -> None:
    surplus = service.running_count - service.desired_count
    if surplus > 0:
        _count(service, running=-surplus)
    deployments.note(service)


def _count(service: Service, *, pending: int = 0, running: int = 0) -> None:
    service.pending_count += pending
    service.running_count += running
    task_settings.follow(service)
    cluster = service._backend._get_cluster(service.cluster_name)
    service._backend.update_cluster_resources(cluster, running, task_state="RUNNING")
    service._backend.update_cluster_resources(cluster, pending, task_state="PENDING")
