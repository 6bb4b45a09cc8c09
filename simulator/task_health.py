"""Which ECS tasks live, and which of those that run are healthy.

`bad_releases` and `lost_tasks` say what is wrong; `deployments` and `task_counts` let ECS suffer
it, `platform` and `target_health` count who answers. Like ECS, nobody here asks why a task fails.
"""

import math
from typing import Any

from simulator.per_world import PerWorld
from simulator.world import World, current

Service = Any
"""A moto ECS `Service`; moto is untyped here."""


class TaskHealth:
    """What is wrong with tasks in one world. `TaskHealth.of(world)` is the only way to one."""

    def __init__(self) -> None:
        self._fails_from: dict[str, float] = {}
        self._dead: set[str] = set()

    @staticmethod
    def of(world: World) -> "TaskHealth":
        """Return what is known in a world."""
        found = _KNOWN.of(world)
        if found is None:
            found = TaskHealth()
            _KNOWN.give(world, found)
        return found

    def spoil(self, definition: str, moment: float) -> None:
        """Let tasks of a definition fail their health checks from a second of the clock on."""
        self._fails_from[definition] = moment

    def kill(self, deployment: str) -> None:
        """Let every task of a deployment die at its start."""
        self._dead.add(deployment)

    def spare(self, deployment: str) -> None:
        """Let tasks of a deployment live again."""
        self._dead.discard(deployment)

    def fails(self, definition: str | None) -> bool:
        """Say whether tasks of a definition fail their health checks now."""
        since = self._fails_from.get(definition or "", math.inf)
        return current().clock.monotonic() >= since

    def dies(self, service: Service) -> bool:
        """Say whether tasks that the service starts now would die at once."""
        return any(one["id"] in self._dead for one in service.deployments[:1])

    def is_well(self, service: Service) -> bool:
        """Say whether the service's running tasks pass their health checks."""
        return not self.fails(running_definition(service))

    def healthy_tasks(self, service: Service) -> int:
        """Return how many tasks of a service answer."""
        counts = service.status == "ACTIVE" and self.is_well(service)
        return int(service.running_count) if counts else 0


def running_definition(service: Service) -> str:
    """Return the task definition of the tasks that run, which is not always the newest."""
    return str(getattr(service, "_holdfast_runs", None) or service.task_definition)


_KNOWN: PerWorld[TaskHealth] = PerWorld()
