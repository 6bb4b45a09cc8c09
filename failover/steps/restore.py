"""Step: bring one database back from its replicated backups or from a copied snapshot.

Built by `failover.region_loss`, for each database one of either kind, each `instead_of` the source
before it. The address that the application knows comes from the instance's name, so whatever bears
the name is moved aside first, with all its data. `protect` and `verify` come next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from continuity import naming
from continuity.journal import Entry, Fact
from continuity.manifest import Database, Manifest
from continuity.permissions import (
    DESCRIBE_BACKUPS,
    DESCRIBE_DATABASES,
    DESCRIBE_KEY,
    DESCRIBE_SNAPSHOTS,
    GRANT_KEY,
    MODIFY_DATABASE,
    RESTORE_SNAPSHOT,
    RESTORE_TO_TIME,
    TAG_DATABASE,
)
from continuity.restorable import Storage
from continuity.wording import seconds_text
from failover import estimates, sources
from failover.case import SourceKind
from failover.fallback import source_name
from failover.observation import Instance, Look, Observation
from failover.ports import Hands, Origin
from failover.run import Run
from failover.sources import Source
from failover.statuses import PASSING, RENAMABLE, TERMINAL, WRITABLE
from failover.step import Step

LEAST_DEADLINE_S, PATIENCE = 7200.0, 4
"""A restore may take `PATIENCE` times its estimate: the estimates are assumptions."""

POLL_S = 30.0

REFUSED_S = 300.0
"""How long RDS may refuse a restore for good (a quota, no capacity, a missing right) before the
next source is tried. Assumption: somebody who is at hand lifts it within minutes."""


@dataclass(frozen=True, kw_only=True)
class Restore(Step):
    """Move aside what bears the name, restore under it, and wait until it takes writes.

    Which backups and which moment is decided once: the intent holds both, and every driver that
    comes later restores exactly that. The instance bears a tag of the run and the step.
    """

    target: Database
    identifier: str
    kind: SourceKind
    last_good: datetime | None = None

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Look for recovery points until one was chosen."""
        return self.looks - {Look.RECOVERY_POINTS} if self.name in seen.intents else self.looks

    def done(self, seen: Observation) -> bool:
        """Answer from the instance that this step made: it is there and takes writes."""
        instance = self._restored(seen)
        return instance is not None and instance.status in WRITABLE

    def do(self, hands: Hands, seen: Observation) -> None:
        """Move aside what is in the way; once the name is free, restore."""
        if seen.instance(self.identifier) is not None:
            hands.rename(self.identifier, self._aside(seen.run))
        else:
            hands.restore(self.target, self._origin(seen))

    def pause_s(self, seen: Observation) -> float | None:
        """Wait while the instance is made, or what is in the way is just about to go."""
        instance = seen.instance(self.identifier)
        ours = self._restored(seen) is not None
        going = instance is not None and instance.status in PASSING
        return self.poll_s if ours or going else None

    def hopeless(self, seen: Observation) -> str | None:
        """Recognise a restore that failed, and that there is nothing to restore from."""
        instance = self._restored(seen)
        if instance is not None and instance.status in TERMINAL:
            return f"{self.identifier} was restored, but it is {instance.status}"
        if instance is not None or self.name in seen.run.intents:
            return None
        return self._source(seen).obstacle or None

    def refusal(self, seen: Observation) -> str | None:
        """Ask for consent to what is lost, and for help where the name cannot be freed."""
        if self._restored(seen) is not None:
            return None
        return self._too_much(seen) or self._in_the_way(seen)

    def report(self, seen: Observation) -> str:
        """Say that storage is still read from S3, where it is: the first queries are slow."""
        instance = seen.instance(self.identifier)
        still = "" if instance is None else instance.storage_operation
        told = f" ({still})" if still else ""
        return (
            f"Done: {self.what}. Its storage is read from S3 on first touch{told}: "
            "the first queries are slow."
        )

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record exactly what is restored, and what that loses, as known before it."""
        source = self._source(seen)
        until = self.last_good or seen.run.suspected_at
        moment, origin = source.moment, source.origin
        lost = None if until is None or moment is None else until - moment
        storage = origin.storage if origin is not None else Storage(self.target.storage_gb)
        return {
            "database": self.target.name,
            "source": str(self.kind),
            "restored_from": source.name,
            "moment": None if moment is None else moment.isoformat(),
            "loss_bound_s": None if lost is None else max(0.0, lost.total_seconds()),
            "storage_gb": storage.size_gb,
            "storage_type": storage.kind,
            "iops": storage.iops,
            "throughput": storage.throughput,
        }

    def _source(self, seen: Observation) -> Source:
        return sources.restore(seen, self.target, self.kind, self.last_good)

    def _origin(self, seen: Observation) -> Origin:
        """Return what the intent says, or what it is about to say."""
        intent: Entry | None = seen.run.intents.get(self.name)
        decided = self.facts(seen) if intent is None else intent.data
        moment = datetime.fromisoformat(str(decided["moment"]))
        return Origin(
            name=str(decided["restored_from"]),
            moment=moment if self.kind is SourceKind.POINT_IN_TIME else None,
            storage=Storage(
                int(decided["storage_gb"] or 0),
                str(decided["storage_type"]),
                _whole(decided["iops"]),
                _whole(decided["throughput"]),
            ),
            restored_by=self._mark(seen.run),
        )

    def _restored(self, seen: Observation) -> Instance | None:
        instance = seen.instance(self.identifier)
        mine = instance is not None and instance.restored_by == self._mark(seen.run)
        return instance if mine else None

    def _mark(self, run: Run) -> str:
        """Return what the instance bears; one that turned out to be damaged bears another."""
        again = run.begun_before(self.name)
        return f"{run.name}/{self.name}" + (f"/{again + 1}" if again else "")

    def _aside(self, run: Run) -> str:
        """Name what is moved: deterministic, so that a late second call finds the name taken."""
        again = run.begun_before(self.name)
        ending = f"-again-{again}" if again else ""
        return naming.aside(self.identifier, run.name, f"{_ENDINGS[self.kind]}{ending}")

    def _too_much(self, seen: Observation) -> str | None:
        database = self.target.name
        if self.name in seen.run.intents or database in seen.run.consents:
            return None
        source = self._source(seen)
        if source.moment is None or not source.objection:
            return None
        return (
            f"Restoring {database} to {source.moment:%Y-%m-%d %H:%M:%S} UTC loses "
            f"{seconds_text(source.loss_s or 0.0)} of data: {source.objection}. "
            f"Accept it with --accept-data-loss {database}."
        )

    def _in_the_way(self, seen: Observation) -> str | None:
        instance = seen.instance(self.identifier)
        if instance is None or instance.status in RENAMABLE | PASSING:
            return None
        return (
            f"{self.identifier} is {instance.status}, in which RDS renames nothing, and "
            f"{self.target.name} must come back under its name. Free the name (delete "
            f"{self.identifier}, or let AWS Support repair it): the restore then begins by itself."
        )


_ENDINGS = {SourceKind.POINT_IN_TIME: "", SourceKind.SNAPSHOT: "-2"}
"""A second restore may find what the first one left: it needs another name to move that to."""


def _whole(fact: Fact) -> int | None:
    return int(fact) if isinstance(fact, int | float) else None


@dataclass(frozen=True)
class Turn:
    """When a restore's turn comes: after `needs`, and `instead_of` the source before it."""

    needs: frozenset[str]
    instead_of: str | None = None
    last_good: datetime | None = None


def restore(manifest: Manifest, database: Database, kind: SourceKind, turn: Turn) -> Step:
    """Return the step for one database and one kind of recovery point."""
    identifier = database.members[manifest.standby].identifier
    estimate = _ESTIMATES[kind](database.storage_gb)
    until = "" if turn.last_good is None else f", nothing after {turn.last_good:%F %T} UTC"
    return Restore(
        name=source_name(database.name, kind),
        what=f"restore {identifier} from {_WHAT[kind]}{until}",
        needs=turn.needs,
        instead_of=turn.instead_of,
        site=manifest.standby,
        estimate=estimate,
        deadline_s=max(LEAST_DEADLINE_S, PATIENCE * estimate.seconds),
        permissions=(
            DESCRIBE_DATABASES,
            DESCRIBE_BACKUPS,
            DESCRIBE_SNAPSHOTS,
            DESCRIBE_KEY,
            MODIFY_DATABASE,
            RESTORE_TO_TIME if kind is SourceKind.POINT_IN_TIME else RESTORE_SNAPSHOT,
            TAG_DATABASE,
            GRANT_KEY,
        ),
        looks=frozenset({Look.INSTANCES, Look.RECOVERY_POINTS}),
        database=database.name,
        irreversible=True,
        poll_s=POLL_S,
        refused_s=REFUSED_S,
        target=database,
        identifier=identifier,
        kind=kind,
        last_good=turn.last_good,
    )


_ESTIMATES = {
    SourceKind.POINT_IN_TIME: estimates.restore_to_time,
    SourceKind.SNAPSHOT: estimates.restore_snapshot,
}
_WHAT = {
    SourceKind.POINT_IN_TIME: "the newest moment in its replicated backups",
    SourceKind.SNAPSHOT: "its newest usable snapshot",
}
