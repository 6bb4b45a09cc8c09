"""Step: make one database's replica its own primary. It cannot be undone.

Built by `failover.region_loss`, one for each database; `failover.gate` may refuse it, people must
approve it. `protect` and `verify` come next.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from continuity.journal import Fact
from continuity.manifest import Database, Manifest
from continuity.permissions import DESCRIBE_DATABASES, PROMOTE_REPLICA, READ_METRICS
from failover import estimates, gate
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Step

WRITABLE = frozenset({"available", "backing-up", "storage-optimization"})
TERMINAL = frozenset(
    {
        "failed",
        "storage-full",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",  # a person enables the key and starts it
        "deleting",
    }
)
"""Statuses that no waiting heals. A waiter of boto3 does not know all of them."""

NOTICE_S = 30.0
"""How long after the call an instance may still look untouched: asking again would be refused and
spend a request that the next promotion needs. A call that never went out is made again then."""


@dataclass(frozen=True, kw_only=True)
class Promote(Step):
    """Promote the standby's instance of one database, with its backups in the same call."""

    identifier: str
    retention_days: int
    backup_window: str

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Drop the lag once the promotion was decided: the gate is not asked again."""
        return self.looks - {Look.LAGS} if self.name in seen.intents else self.looks

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
        return None

    def refusal(self, seen: Observation) -> str | None:
        """Ask the gate, until the promotion was decided."""
        if self.name in seen.run.intents:
            return None
        return gate.refusal(seen, str(self.database), self.identifier)

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record what the promotion may lose, as known before it."""
        loss = gate.bound(seen, self.identifier)
        moment = None if loss.measured_at is None else loss.measured_at.isoformat()
        return {
            "database": self.database,
            "source": "replica",
            "loss_bound_s": loss.seconds,
            "lag_s": loss.lag_s,
            "lag_at": moment,
        }


def name(database: str) -> str:
    """Return the step's name, `promote-orders`."""
    return f"promote-{database}"


def promote(manifest: Manifest, database: Database, needs: frozenset[str]) -> Step:
    """Return the step for one database."""
    identifier = database.members[manifest.standby].identifier
    return Promote(
        name=name(database.name),
        what=f"promote {identifier}",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.PROMOTE,
        deadline_s=1800,
        permissions=(DESCRIBE_DATABASES, READ_METRICS, PROMOTE_REPLICA),
        looks=frozenset({Look.INSTANCES, Look.LAGS}),
        database=database.name,
        irreversible=True,
        identifier=identifier,
        # 0 would switch backups off, and RDS's own default is 1 whatever the old primary had.
        retention_days=max(1, database.backup_retention_days),
        backup_window=database.backup_window,
    )
