"""Step: make one database's replica its own primary. It cannot be undone.

Built by `failover.region_loss`, one for each database; `failover.gate` may refuse it, people must
approve it. `protect` and `verify` come next.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Entry, Fact
from continuity.manifest import Database, Manifest
from continuity.permissions import (
    DESCRIBE_BACKUPS,
    DESCRIBE_DATABASES,
    DESCRIBE_KEY,
    DESCRIBE_SNAPSHOTS,
    PROMOTE_REPLICA,
    READ_METRICS,
)
from continuity.wording import seconds_text
from failover import estimates, gate, sources, whereabouts
from failover.case import SourceKind
from failover.fallback import source_name
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.statuses import TERMINAL, WRITABLE
from failover.step import Step
from failover.steps import fence

NOTICE_S = 30.0
"""How long after the call an instance may still look untouched: asking again would be refused and
spend a request that the next promotion needs. A call that never went out is made again then."""

ASK_S = 300.0
"""How long people are asked about lag that nobody measured, before a restore is taken instead: the
replica may well be whole. Assumption: who has just approved the plan answers in five minutes."""


REFUSED_S = 600.0
"""How long RDS may refuse a promotion for good before a restore is taken that the objectives allow.
Assumption: a person who is at hand grants a right in ten minutes; a restore begins with losing more
data, so that it is not taken in the first few. Without such a restore the deadline holds."""


@dataclass(frozen=True, kw_only=True)
class Promote(Step):
    """Promote the standby's instance of one database, with its backups in the same call.

    A replica that the gate refuses gives way to a restore within the objective: at once where it
    is known to be worse, after `ASK_S` where nobody knows. Without one it waits for a person.
    """

    target: Database
    identifier: str
    retention_days: int
    backup_window: str
    proof: str = ""
    """The step that proved that the replica lacks nothing; empty where lag is what is known."""

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Drop the lag once the promotion was decided; look for others once it was refused."""
        if self.name in seen.intents or self.proof:
            return self.looks - {Look.LAGS}
        refused = seen.refusals.get(self.target.name)
        if refused is None or refused.step != self.name or self.target.name in seen.consents:
            return self.looks
        return self.looks | {Look.RECOVERY_POINTS}

    def done(self, seen: Observation) -> bool:
        """Answer from the replication source, not the status alone.

        The status stays `available` for a moment after the call; the source goes at the end.
        """
        instance = seen.instance(self.identifier)
        return instance is not None and instance.source is None and instance.status in WRITABLE

    def do(self, hands: Hands, seen: Observation) -> None:
        """Promote; AWS refuses a second time and that is well."""
        del seen
        hands.promote(self.identifier, self.retention_days, self.backup_window)

    def pause_s(self, seen: Observation) -> float | None:
        """Wait while the instance is busy, or may be without saying so yet."""
        instance = seen.instance(self.identifier)
        busy = instance is not None and instance.status != "available"
        return self.poll_s if busy or self._just_asked(seen) else None

    def _just_asked(self, seen: Observation) -> bool:
        intents = seen.run.attempts.get(self.name, ())
        return any((seen.now - intent.at).total_seconds() < NOTICE_S for intent in intents)

    def hopeless(self, seen: Observation) -> str | None:
        """Recognise what waiting does not heal."""
        instance = seen.instance(self.identifier)
        if instance is None:
            return f"{self.identifier} does not exist"
        if instance.status in TERMINAL:
            return f"{self.identifier} is {instance.status}"
        if instance.source is not None and self.name not in seen.run.intents:
            why = sources.follows(seen, self.target, instance.source)
            if why:
                return f"{self.identifier}: {why}"
        return self._worse(seen)

    def gives_way(self, seen: Observation) -> bool:
        """Leave a promotion that AWS refuses for a restore, where one is within the objectives."""
        return not self.proof and self._better(seen) is not None

    def _worse(self, seen: Observation) -> str | None:
        """Return why a refused replica is left for a restore that the objectives allow."""
        refused = seen.run.refusals.get(self.target.name)
        if not seen.recovery_points.asked or refused is None or self.refusal(seen) is None:
            return None
        loss, better = gate.bound(seen, self.identifier), self._better(seen)
        asked_s = (seen.now - refused.at).total_seconds()
        if better is None or (loss.seconds is None and not loss.broken and asked_s < ASK_S):
            return None
        why = loss.because or f"it could lose {seconds_text(loss.seconds or 0.0)}"
        return f"{why}, and the {better.kind} loses {seconds_text(better.loss_s or 0.0)} only"

    def _better(self, seen: Observation) -> sources.Source | None:
        return sources.better_than_replica(seen, self.target)

    def refusal(self, seen: Observation) -> str | None:
        """Ask the gate, until the promotion was decided."""
        if self.name in seen.run.intents or self._proven(seen) is not None:
            return None
        if self.proof and self.target.name not in seen.run.consents:
            return (
                f"The proof that the replica of {self.target.name} lacks nothing is too old, and "
                f"nobody fenced the site since. Accept it with --accept-data-loss "
                f"{self.target.name}, or have the zone moved with --move."
            )
        return gate.refusal(seen, self.target.name, self.identifier)

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record what the promotion may lose, as known before it."""
        proven = self._proven(seen)
        if proven is not None:
            return {"database": self.database, "source": str(SourceKind.REPLICA), **proven.data}
        loss = gate.bound(seen, self.identifier)
        moment = None if loss.measured_at is None else loss.measured_at.isoformat()
        return {
            "database": self.database,
            "source": str(SourceKind.REPLICA),
            "loss_bound_s": loss.seconds,
            "lag_s": loss.lag_s,
            "lag_at": moment,
        }

    def _proven(self, seen: Observation) -> Entry | None:
        """Return the proof that the replica lacks nothing, while it holds."""
        return seen.run.done.get(self.proof) if fence.holds(seen, self.proof) else None

    def results(self, seen: Observation) -> Mapping[str, Fact]:
        """Record the instance that is a primary now."""
        made = seen.instance(self.identifier)
        return {"database": self.database, **whereabouts.facts(self.identifier, made)}


def name(database: str) -> str:
    """Return the step's name, `promote-orders`."""
    return source_name(database, SourceKind.REPLICA)


def promote(
    manifest: Manifest, database: Database, needs: frozenset[str], *, proof: str = ""
) -> Step:
    """Return the step for one database."""
    identifier = database.members[manifest.standby].identifier
    return Promote(
        name=name(database.name),
        what=f"promote {identifier}",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.PROMOTE,
        deadline_s=1800,
        permissions=(
            DESCRIBE_DATABASES,
            READ_METRICS,
            PROMOTE_REPLICA,
            DESCRIBE_BACKUPS,
            DESCRIBE_SNAPSHOTS,
            DESCRIBE_KEY,
        ),
        looks=frozenset({Look.INSTANCES, Look.LAGS}),
        refused_s=REFUSED_S,
        refused_looks=frozenset({Look.RECOVERY_POINTS}),
        database=database.name,
        irreversible=True,
        target=database,
        identifier=identifier,
        # 0 would switch backups off, and RDS's own default is 1 whatever the old primary had.
        retention_days=max(1, database.backup_retention_days),
        backup_window=database.backup_window,
        proof=proof,
    )
