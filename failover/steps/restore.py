"""Step: bring one database back from its replicated backups or from a copied snapshot.

Built by `failover.region_loss`, for each database one of either kind, each `instead_of` the source
before it. The address that the application knows comes from the instance's name, so whatever bears
the name is moved aside first, with all its data. Where RDS does not do that
(`failover.taken_names`) the restore takes a name beside it, and `point` and `renew` tell the tasks.
`protect` and `verify` come next.
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
from failover import estimates, sources, whereabouts
from failover.case import SourceKind
from failover.fallback import BESIDE, source_name
from failover.observation import Instance, Look, Observation
from failover.ports import Hands, Origin
from failover.run import Run
from failover.sources import Source
from failover.statuses import TERMINAL, WRITABLE
from failover.step import Step
from failover.taken_names import Bearer, Taken, taken
from failover.whereabouts import IDENTIFIER

LEAST_DEADLINE_S, PATIENCE = 7200.0, 4
"""A restore may take `PATIENCE` times its estimate: the estimates are assumptions."""

POLL_S = 30.0

REFUSED_S = 300.0
"""How long RDS may refuse a restore for good (a quota, no capacity, a missing right) before the
next source is tried. Assumption: somebody who is at hand lifts it within minutes."""


@dataclass(frozen=True, kw_only=True)
class Restore(Step):
    """Free the name or do without it, restore, and wait until the instance takes writes.

    Which backups and which moment is decided once: the first intent holds both, and every driver
    that comes later restores exactly that. Under which name the newest intent says; from the
    manifest's it may change to the one beside it, never back. The instance bears a tag of the run
    and the step.
    """

    target: Database
    identifier: str
    kind: SourceKind
    tells_tasks: bool
    last_good: datetime | None = None

    def looks_now(self, seen: Run) -> frozenset[Look]:
        """Look for recovery points until one was chosen."""
        return self.looks - {Look.RECOVERY_POINTS} if self.name in seen.intents else self.looks

    def named(self, seen: Run) -> frozenset[str]:
        """Look at both names: what bears the own one, and what stands beside it."""
        return frozenset({self.identifier, self._beside(seen)})

    def done(self, seen: Observation) -> bool:
        """Answer from the instance that this step made: it takes writes, and where is known."""
        identifier, instance = self._restored(seen)
        if instance is None or instance.status not in WRITABLE:
            return False
        return identifier == self.identifier or bool(instance.address)

    def do(self, hands: Hands, seen: Observation) -> None:
        """Move aside what is in the way, or leave it there and restore beside it."""
        wanted = self._wanted(seen)
        if wanted == self.identifier and seen.instance(wanted) is not None:
            if self._state(seen).bearer is Bearer.MOVABLE:
                hands.rename(wanted, self._aside(seen.run))
        elif seen.instance(wanted) is None:
            hands.restore(self.target, wanted, self._origin(seen))

    def pause_s(self, seen: Observation) -> float | None:
        """Wait while the instance is made, or the name may still become free.

        Not before the source is chosen: what is chosen is not looked for again.
        """
        if self.name not in seen.run.intents or self.decides_anew(seen):
            return None
        ours = self._restored(seen)[1] is not None
        return self.poll_s if ours or self._waits(seen) else None

    def decides_anew(self, seen: Observation) -> bool:
        """Say whether the name that is taken now is not the one that the newest intent says."""
        if self.name not in seen.run.intents or self._restored(seen)[1] is not None:
            return False
        return self._wanted(seen) != self._decided(seen.run)

    def hopeless(self, seen: Observation) -> str | None:
        """Recognise a restore that failed, and that there is nothing to restore from."""
        identifier, instance = self._restored(seen)
        if instance is not None and instance.status in TERMINAL:
            return f"{identifier} was restored, but it is {instance.status}"
        if instance is not None or self.name in seen.run.intents:
            return None
        return self._source(seen).obstacle or None

    def refusal(self, seen: Observation) -> str | None:
        """Ask for consent to what is lost, and for help where there is no way but the own name."""
        if self._restored(seen)[1] is not None:
            return None
        return self._too_much(seen) or self._in_the_way(seen)

    def announce(self, seen: Observation) -> str:
        """Say what keeps the name, where it is done without."""
        wanted = self._wanted(seen)
        if wanted == self.identifier:
            return super().announce(seen)
        return (
            f"{self._why_beside(seen)}: about to restore {self.target.name} beside it, as {wanted}."
        )

    def report(self, seen: Observation) -> str:
        """Say that storage is still read from S3, where it is: the first queries are slow."""
        identifier, instance = self._restored(seen)
        still = "" if instance is None else instance.storage_operation
        told = f" ({still})" if still else ""
        apart = "" if identifier == self.identifier else f" {self._told_beside(identifier)}"
        return (
            f"Done: {self.what}.{apart} Its storage is read from S3 on first touch{told}: "
            "the first queries are slow."
        )

    def facts(self, seen: Observation) -> Mapping[str, Fact]:
        """Record exactly what is restored and as what, and what that loses, as known before it."""
        wanted = self._wanted(seen)
        beside = "" if wanted == self.identifier else self.identifier
        return {**self._chosen(seen), IDENTIFIER: wanted, BESIDE: beside}

    def results(self, seen: Observation) -> Mapping[str, Fact]:
        """Record the instance that was made."""
        identifier, instance = self._restored(seen)
        beside = "" if identifier == self.identifier else self.identifier
        return {
            "database": self.target.name,
            "source": str(self.kind),
            **whereabouts.facts(identifier, instance, beside),
        }

    def _chosen(self, seen: Observation) -> Mapping[str, Fact]:
        """Return what the first intent says, or what it is about to say."""
        intent: Entry | None = seen.run.intents.get(self.name)
        if intent is not None:
            return intent.data
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
        decided = self._chosen(seen)
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

    def _decided(self, run: Run) -> str | None:
        """Return the name that the newest intent says; None before there is one."""
        attempts = run.attempts.get(self.name, ())
        return str(attempts[-1].data.get(IDENTIFIER, self.identifier)) if attempts else None

    def goes_beside(self, seen: Observation) -> bool:
        """Say whether this restore, as things are, takes another name than its own."""
        return self._wanted(seen) != self.identifier

    def _wanted(self, seen: Observation) -> str:
        """Return the name to restore under: the own one, unless it is not to be had."""
        beside = self._beside(seen.run)
        if self._decided(seen.run) == beside:
            return beside
        gone = self._state(seen).bearer is Bearer.STAYS
        return beside if gone and self.tells_tasks else self.identifier

    def _restored(self, seen: Observation) -> tuple[str, Instance | None]:
        """Return the instance that this step made, and its name; None while there is none."""
        for identifier in (self.identifier, self._beside(seen.run)):
            instance = seen.instance(identifier)
            if instance is not None and instance.restored_by == self._mark(seen.run):
                return identifier, instance
        return self.identifier, None

    def _state(self, seen: Observation) -> Taken:
        return taken(seen, self, self.identifier)

    def _waits(self, seen: Observation) -> bool:
        own = self._wanted(seen) == self.identifier
        return own and self._state(seen).bearer is Bearer.MAY_GO

    def _mark(self, run: Run) -> str:
        """Return what the instance bears; one that turned out to be damaged bears another."""
        again = run.begun_before(self.name)
        return f"{run.name}/{self.name}" + (f"/{again + 1}" if again else "")

    def _aside(self, run: Run) -> str:
        """Name what is moved: deterministic, so that a late second call finds the name taken."""
        return naming.aside(self.identifier, run.name, self._ending(run))

    def _beside(self, run: Run) -> str:
        return naming.beside(self.identifier, run.name, self._ending(run))

    def _ending(self, run: Run) -> str:
        again = run.begun_before(self.name)
        return _ENDINGS[self.kind] + (f"-again-{again}" if again else "")

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
        """Ask a person to free the name, where tasks cannot be told another address."""
        if self.tells_tasks or self.name not in seen.run.intents:
            return None
        state = self._state(seen)
        if state.bearer is not Bearer.STAYS:
            return None
        return (
            f"{state.sentence}, and the manifest is too old to say how tasks are told another "
            f"address. Free the name (delete {self.identifier}, or let AWS Support repair it): the "
            "restore then begins by itself."
        )

    def _why_beside(self, seen: Observation) -> str:
        return self._state(seen).sentence or f"{self.identifier} kept its name"

    def _told_beside(self, identifier: str) -> str:
        """Say what a person finds afterwards, and what to do with it then."""
        return (
            f"{self.target.name} is {identifier} now. {self.identifier} was left as it is: once "
            "the zone is well and nobody needs it for a post-mortem, let AWS Support repair it or "
            "delete it, and reconcile the zone."
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
        tells_tasks=bool(manifest.standby_site.hosting.addresses_key),
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
