"""Step: let no task serve that was started before it could know where the databases are.

Built by `failover.region_loss`, after `point`. Where nothing was written since the tasks were
deployed, one look ends this step. Otherwise it is one deployment for all databases that moved, and
it ends when the last old task is gone: `open` and the proof of those databases wait for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Fact
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_SCALING,
    DESCRIBE_SERVICES,
    READ_ADDRESSES,
    UPDATE_SERVICE,
)
from failover import estimates, whereabouts
from failover.fallback import RENEWED
from failover.observation import Deployment, Look, Observation
from failover.ports import Hands
from failover.retold import OPEN
from failover.step import Step

NOTICE_S = 30.0
"""How long after the call ECS may still show what was: asking again would begin all over."""

NO_ROOM = (
    "If ECS says that it has no room for as many tasks again, set the service's "
    "minimumHealthyPercent to 50 until the zone is open: half of the old tasks then make room."
)
"""Only a person may: tasks that were stopped for room may find none, and then nothing is left."""

_PERMISSIONS = (READ_ADDRESSES, DESCRIBE_SERVICES, DESCRIBE_SCALING, UPDATE_SERVICE)


@dataclass(frozen=True, kw_only=True)
class Renew(Step):
    """A deployment of what is deployed. AWS's own moments tell whether it came after the file."""

    def done(self, seen: Observation) -> bool:
        """Answer from the deployments that still have tasks."""
        if seen.addresses.value is None:
            return not whereabouts.moved(seen.run)
        service = seen.hosting.value
        if service is None or any(self._is_old(one, seen) for one in service.deployments):
            return False
        return service.running > 0 or not whereabouts.moved(seen.run)

    def do(self, hands: Hands, seen: Observation) -> None:
        """Begin it; ECS starts new tasks first and stops the old ones then."""
        file = seen.addresses.value
        if file is not None and file.at is not None:
            hands.renew_tasks(file.at)

    def pause_s(self, seen: Observation) -> float | None:
        """Wait for the tasks once it has begun, or may have without saying so yet."""
        service = seen.hosting.value
        newest = None if service is None else service.primary
        begun = newest is not None and not self._precedes(newest, seen)
        return self.poll_s if begun or self._just_asked(seen) else None

    def announce(self, seen: Observation) -> str:
        """Say which databases ask for it, and what to do where AWS has no room for it."""
        moved = ", ".join(whereabouts.moved(seen.run)) or "a database"
        told = f"About to {self.what}: they look for {moved} where it is no more."
        if any(name.startswith(OPEN) for name in seen.run.done):
            return f"{told} Clients are served meanwhile: an old task goes when a new one answers."
        return f"{told} {NO_ROOM}"

    def report(self, seen: Observation) -> str:
        """Say whether any had to be replaced."""
        if self.name in seen.run.intents:
            return f"Done: {self.what}. The last old one is gone."
        return "No task is older than what tasks are told."

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record for which databases."""
        return {"databases": ",".join(whereabouts.moved(seen.run))}

    def _just_asked(self, seen: Observation) -> bool:
        intents = seen.run.attempts.get(self.name, ())
        return any((seen.now - intent.at).total_seconds() < NOTICE_S for intent in intents)

    def _is_old(self, one: Deployment, seen: Observation) -> bool:
        return (one.primary or one.running > 0) and self._precedes(one, seen)

    def _precedes(self, one: Deployment, seen: Observation) -> bool:
        """Say whether a deployment is older than the file. S3 counts whole seconds."""
        file = seen.addresses.value
        if file is None or file.at is None or one.created_at is None:
            return False
        return one.created_at < file.at


def renew(manifest: Manifest, needs: frozenset[str]) -> Step:
    """Return the step for the standby site."""
    hosting = manifest.standby_site.hosting
    told = bool(hosting.addresses_key)
    looks = frozenset({Look.ADDRESSES, Look.HOSTING})
    return Renew(
        name=RENEWED,
        what=f"replace the tasks of {hosting.service}",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.RENEW,
        deadline_s=1800,
        permissions=(READ_ADDRESSES, DESCRIBE_SERVICES, DESCRIBE_SCALING, UPDATE_SERVICE)
        if told
        else (),
        looks=looks if told else frozenset(),
        poll_s=5.0,
    )
