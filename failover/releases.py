"""Is the newest release of the platform at fault, and what ran well before it? Pure.

`failover.signals` asks `at_fault` of what ECS says, `failover.diagnose` names the `last_good` one
that `failover.steps.redeploy` deploys again.
"""

import re
from datetime import datetime

from failover.observation import Deployment, Observation, Service

RECENT_S = 3600.0
"""A release that completed is blamed for failing tasks for an hour; assumption."""

_FAILING = re.compile(
    r"health checks? failed|failed (?:container|ELB) health checks|is unhealthy in"
    r"|unable to consistently start tasks|deployment failed",
    re.IGNORECASE,
)
"""What ECS writes of tasks that start and do not stay ("Service event messages" of its guide)."""


def at_fault(service: Service, now: datetime) -> bool:
    """Say whether the newest deployment's tasks fail: the breaker tripped, or ECS says so."""
    newest = service.primary
    if newest is None:
        return False
    if newest.rollout == "FAILED" or (newest.rollout == "IN_PROGRESS" and newest.failed > 0):
        return True
    return _recent(newest, now) and any(
        _FAILING.search(event.message)
        for event in service.events
        if newest.created_at is not None and event.at >= newest.created_at
    )


def _recent(newest: Deployment, now: datetime) -> bool:
    made = newest.created_at
    return made is not None and (now - made).total_seconds() <= RECENT_S


def last_good(seen: Observation) -> str:
    """Return the task definition to go back to; empty where none is known.

    One that the service still runs beside the newest ran healthy; next comes what the program
    deployed, then the newest older revision that ECS still takes.
    """
    service = seen.serving_hosting.value
    newest = None if service is None else service.primary
    if service is None or newest is None:
        return ""
    bad = newest.task_definition
    older = [one.task_definition for one in service.deployments if not one.primary]
    older.append(seen.manifest.serving_site.hosting.task_definition)
    older += [one for one in seen.releases.value or () if revision(one) < revision(bad)]
    return next((one for one in older if one and one != bad), "")


def revision(task_definition: str) -> int:
    """Return 7 of `arn:...:task-definition/we1-home-platform:7`; 0 where there is none."""
    number = task_definition.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def short(task_definition: str) -> str:
    """Return `we1-home-platform:7` of an ARN."""
    return task_definition.rpartition("/")[2]
