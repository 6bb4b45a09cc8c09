"""Step: give the serving site's platform the release again that ran well before the newest one.

Built by `failover.in_place`. `verify_served` comes next: clients decide whether it helped.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_SERVICES,
    LIST_DEFINITIONS,
    PASS_PLATFORM_ROLES,
    UPDATE_SERVICE,
)
from failover import releases
from failover.estimates import Estimate
from failover.observation import Deployment, Look, Observation
from failover.ports import Hands
from failover.step import Step

ROLLING = Estimate(180, "assumption: ECS starts tasks, two health checks, old tasks drain")


@dataclass(frozen=True, kw_only=True)
class Redeploy(Step):
    """One UpdateService with the last good task definition; ECS does the rest."""

    task_definition: str

    def done(self, seen: Observation) -> bool:
        """Answer from the service: the good release is its newest deployment, and it runs."""
        newest = self._newest(seen)
        return newest is not None and self._is_good(newest) and newest.running > 0

    def do(self, hands: Hands, seen: Observation) -> None:
        """Deploy; a service that has it as its newest keeps it."""
        del seen
        hands.redeploy(self.task_definition)

    def pause_s(self, seen: Observation) -> float | None:
        """Wait for the tasks once it is the newest deployment."""
        newest = self._newest(seen)
        return self.poll_s if newest is not None and self._is_good(newest) else None

    def hopeless(self, seen: Observation) -> str | None:
        """Recognise that the good release fails, too: then it is not the release."""
        newest = self._newest(seen)
        if newest is None or not self._is_good(newest) or newest.rollout != "FAILED":
            return None
        return f"{releases.short(self.task_definition)} fails, too: it is not the release"

    def _newest(self, seen: Observation) -> Deployment | None:
        service = seen.serving_hosting.value
        return None if service is None else service.primary

    def _is_good(self, newest: Deployment) -> bool:
        return newest.task_definition == self.task_definition


def redeploy(manifest: Manifest, task_definition: str, needs: frozenset[str]) -> Step:
    """Return the step for the serving site."""
    return Redeploy(
        name=f"redeploy-{manifest.active}",
        what=f"deploy {releases.short(task_definition)} in the {manifest.active} site again",
        needs=needs,
        site=manifest.active,
        estimate=ROLLING,
        deadline_s=900,
        permissions=(DESCRIBE_SERVICES, LIST_DEFINITIONS, UPDATE_SERVICE, PASS_PLATFORM_ROLES),
        looks=frozenset({Look.SERVING_HOSTING}),
        task_definition=task_definition,
    )
