"""Steps: stop the platform of the serving site once nobody is led to it, and start it again.

Built by `failover.graceful`. Stopping tasks is all that a planned move does before every replica
is proven to be equal, because starting them again is all that it takes to be as before: nothing
that the program declares was taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Fact
from continuity.manifest import Hosting, Manifest
from continuity.permissions import DESCRIBE_SERVICES, REGISTER_SCALING, UPDATE_SERVICE
from failover import estimates
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Step

TASKS = "tasks"
"""A fact of the intent: how many tasks the platform was to run before."""

_PERMISSIONS = (DESCRIBE_SERVICES, REGISTER_SCALING, UPDATE_SERVICE)


@dataclass(frozen=True, kw_only=True)
class Quiet(Step):
    """No task runs, and automatic scaling may start none."""

    def done(self, seen: Observation) -> bool:
        """Answer from ECS: what is stopped has ended, and with it what it had open."""
        service = seen.serving_hosting.value
        stopped = service is not None and service.running == 0 and service.desired == 0
        return stopped and self.name in seen.run.intents

    def do(self, hands: Hands, seen: Observation) -> None:
        """Set limits and count to nothing; a second time changes nothing."""
        del seen
        hands.quiet_serving()

    def pause_s(self, seen: Observation) -> float | None:
        """Wait for tasks that are being stopped."""
        service = seen.serving_hosting.value
        asked = self.name in seen.run.intents and service is not None and service.desired == 0
        return self.poll_s if asked else None

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record how many there were, to have them back."""
        service = seen.serving_hosting.value
        return {TASKS: 0 if service is None else service.desired}


@dataclass(frozen=True, kw_only=True)
class Wake(Step):
    """As many tasks as before, behind the holding page."""

    target: Hosting
    quieted: str

    def done(self, seen: Observation) -> bool:
        """Answer from tasks that run."""
        service, tasks = seen.serving_hosting.value, self._tasks(seen.run)
        return service is not None and service.desired >= tasks and service.running >= tasks

    def do(self, hands: Hands, seen: Observation) -> None:
        """Set limits and count again."""
        target = self.target
        hands.wake_serving(target.serving_minimum, target.serving_maximum, self._tasks(seen.run))

    def pause_s(self, seen: Observation) -> float | None:
        """Wait for the tasks once they are asked for."""
        service = seen.serving_hosting.value
        asked = service is not None and service.desired >= self._tasks(seen.run)
        return self.poll_s if asked and self.name in seen.run.intents else None

    def _tasks(self, run: Run) -> int:
        """Return how many there were, within today's limits."""
        begun = run.intents.get(self.quieted)
        before = 0 if begun is None else int(begun.data.get(TASKS) or 0)
        most = self.target.serving_maximum
        return min(most, max(before, self.target.serving_desired))


def name(manifest: Manifest) -> str:
    """Return the step's name, `quiet-home`."""
    return f"quiet-{manifest.active}"


def quiet(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the serving site."""
    return Quiet(
        name=name(manifest),
        what=f"stop the platform of the {manifest.active} site",
        needs=needs,
        site=manifest.active,
        estimate=estimates.QUIET,
        deadline_s=300,
        permissions=_PERMISSIONS,
        looks=frozenset({Look.SERVING_HOSTING}),
        poll_s=5.0,
    )


def wake(manifest: Manifest) -> Step:
    """Return the step that starts it again."""
    hosting = manifest.serving_site.hosting
    return Wake(
        name=f"wake-{manifest.active}",
        what=f"start the platform of the {manifest.active} site again",
        needs=frozenset(),
        site=manifest.active,
        estimate=estimates.SCALE,
        deadline_s=900,
        permissions=_PERMISSIONS,
        looks=frozenset({Look.SERVING_HOSTING}),
        poll_s=5.0,
        target=hosting,
        quieted=name(manifest),
    )
