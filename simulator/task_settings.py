"""What each running ECS task was told when it started: the environment of its container.

`task_counts` and `deployments` call `follow` and `renew` as tasks come and go; `platform` asks
where the tasks of a site look for a database. A task never hears of what changes later: only a task
that starts afterwards does, as on Fargate.

Sources: ECS developer guide, "Use a file to pass environment variables" (read at the start of a
task; what the task definition itself says takes precedence; of several files the first one counts).
Assumption: of tasks that have to go, the oldest go first. Simplification: without the file a real
task does not start; here it starts and knows no database, which serves its clients just as little.
"""

from collections.abc import Mapping
from typing import Any

from moto.ecs.models import ecs_backends
from moto.s3.models import s3_backends

from continuity import addresses
from simulator import inside

Told = Mapping[str, str]
Service = Any
"""A moto ECS `Service`; moto is untyped here."""


def follow(service: Service) -> None:
    """Tell tasks that have just started, and forget those that have stopped."""
    told = _told(service)
    missing = int(service.running_count) - len(told)
    if missing > 0:
        told += [at_start(service, service.task_definition)] * missing
    else:
        del told[:-missing]


def renew(service: Service) -> None:
    """Tell every running task anew: a deployment has replaced all of them."""
    _told(service).clear()
    follow(service)


def told(service: Service) -> tuple[Told, ...]:
    """Return what the running tasks were told, each different set once."""
    found: list[Told] = []
    for one in _told(service):
        if one not in found:
            found.append(one)
    return tuple(found)


def told_by_now(service: Service) -> tuple[Told, ...]:
    """Return the same; where none runs, what a task would be told that started now."""
    return told(service) or (at_start(service, service.task_definition),)


def at_start(service: Service, definition: str) -> Told:
    """Return what a task of a definition would be told if it started now."""
    region = service.region_name
    containers = ecs_backends[inside.ACCOUNT][region].describe_task_definition(definition)
    settings: dict[str, str] = {}
    for container in containers.container_definitions:
        for file in reversed(container.get("environmentFiles", [])):
            settings |= addresses.settings(_text(file["value"]))
        settings |= {row["name"]: row["value"] for row in container.get("environment", [])}
    return settings


def _told(service: Service) -> list[Told]:
    found: list[Told] | None = getattr(service, "_holdfast_told", None)
    if found is None:
        found = service._holdfast_told = []
    return found


def _text(arn: str) -> str:
    """Return the text of `arn:aws:s3:::BUCKET/KEY`; empty where there is no such object."""
    bucket, _, key = arn.rpartition(":")[2].partition("/")
    found = s3_backends[inside.ACCOUNT]["aws"].buckets.get(bucket)
    kept = found.keys.get(key) if found is not None else None
    return kept.value.decode() if kept is not None else ""
