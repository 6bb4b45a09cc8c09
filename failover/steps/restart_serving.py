"""Step: ask ECS for the serving site's tasks again, in a new deployment.

Built by `failover.in_place`. Where ECS finds no room for all of them, it settles for what runs.
"""

from dataclasses import dataclass

from continuity.manifest import Hosting, Manifest
from continuity.permissions import DESCRIBE_SERVICES, REGISTER_SCALING, UPDATE_SERVICE
from failover import room
from failover.observation import Look, Observation, Service
from failover.ports import Hands
from failover.step import Settled, Step
from failover.steps.redeploy_serving import ROLLING


@dataclass(frozen=True, kw_only=True)
class Restart(Step):
    """The floor of automatic scaling, the count, and a new deployment: once per intent."""

    target: Hosting

    def done(self, seen: Observation) -> bool:
        """Answer from tasks that run, after they were asked for."""
        service = seen.serving_hosting.value
        asked = self.name in seen.run.attempts
        return asked and service is not None and service.running >= room.wanted(self.target)

    def do(self, hands: Hands, seen: Observation) -> Settled | None:
        """Ask; where they were asked for and there is no room, be content with what runs."""
        if self._short(seen):
            return room.settle(seen.serving_hosting.value, self.target)
        hosting = self.target
        hands.restart_serving(
            hosting.serving_minimum, hosting.serving_maximum, room.wanted(hosting)
        )
        return None

    def pause_s(self, seen: Observation) -> float | None:
        """Wait once they were asked for: a second deployment would begin all over."""
        service = seen.serving_hosting.value
        asked = self.name in seen.run.attempts and service is not None and service.desired > 0
        return self.poll_s if asked and not self._short(seen) else None

    def hopeless(self, seen: Observation) -> str | None:
        """Say that no room is left before the time is up: a person can decide earlier."""
        asked = room.asked_at(seen.run, self.name)
        return room.hopeless(seen.serving_hosting.value, seen.now, asked)

    def _short(self, seen: Observation) -> bool:
        service: Service | None = seen.serving_hosting.value
        return room.short(service, self.target, seen.now, room.asked_at(seen.run, self.name))


def restart(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the serving site."""
    hosting = manifest.serving_site.hosting
    return Restart(
        name=f"restart-{manifest.active}",
        what=f"ask for {room.wanted(hosting)} tasks of {hosting.service} again",
        needs=needs,
        site=manifest.active,
        estimate=ROLLING,
        deadline_s=900,
        permissions=(DESCRIBE_SERVICES, REGISTER_SCALING, UPDATE_SERVICE),
        looks=frozenset({Look.SERVING_HOSTING}),
        target=hosting,
    )
