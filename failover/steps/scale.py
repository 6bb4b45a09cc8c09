"""Step: make the standby's platform as large as the serving one was.

Built by `failover.region_loss`; runs beside the drain and the promotions.
"""

from dataclasses import dataclass

from continuity.manifest import Hosting, Manifest
from continuity.permissions import (
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    REGISTER_SCALING,
    UPDATE_SERVICE,
)
from failover import estimates, room
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.step import Settled, Step


@dataclass(frozen=True, kw_only=True)
class Scale(Step):
    """The floor of automatic scaling first, or scaling in would undo it.

    Where AWS has no room for all tasks it settles for those that run, and says so: the zone
    opens with them, while ECS goes on trying for the rest.
    """

    target: Hosting

    def done(self, seen: Observation) -> bool:
        """Answer from tasks that run, not from tasks that are asked for."""
        hosting = seen.hosting.value
        return hosting is not None and self._asked(seen) and hosting.running >= self._tasks

    def do(self, hands: Hands, seen: Observation) -> Settled | None:
        """Raise what is too low; a number that is already right is left alone."""
        hosting = seen.hosting.value
        if self._short(seen):
            return room.settle(hosting, self.target)
        if hosting is None or hosting.minimum < self.target.serving_minimum:
            hands.widen_scaling(self.target.serving_minimum, self.target.serving_maximum)
        if hosting is None or hosting.desired < self._tasks:
            hands.run_tasks(self._tasks)
        return None

    def pause_s(self, seen: Observation) -> float | None:
        """Wait for the tasks once they are asked for."""
        return self.poll_s if self._asked(seen) and not self._short(seen) else None

    @property
    def _tasks(self) -> int:
        return room.wanted(self.target)

    def _short(self, seen: Observation) -> bool:
        asked = room.asked_at(seen.run, self.name)
        return self._asked(seen) and room.short(seen.hosting.value, self.target, seen.now, asked)

    def _asked(self, seen: Observation) -> bool:
        hosting = seen.hosting.value
        return (
            hosting is not None
            and hosting.minimum >= self.target.serving_minimum
            and hosting.desired >= self._tasks
        )


def scale(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the standby site."""
    hosting = manifest.standby_site.hosting
    return Scale(
        name=f"scale-{manifest.standby}",
        what=f"run {hosting.serving_desired} tasks of {hosting.service}",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.SCALE,
        deadline_s=1800,
        permissions=(DESCRIBE_SCALING, REGISTER_SCALING, DESCRIBE_SERVICES, UPDATE_SERVICE),
        looks=frozenset({Look.HOSTING}),
        target=hosting,
    )
