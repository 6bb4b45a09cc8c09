"""What each database can come back from, which source is taken, and why the others are not. Pure.

`failover.steps.promote` and `failover.steps.restore` ask it on the day, `failover.outlook` before.

The rule. The replica comes first: it is up in minutes and is usually seconds behind. It is taken
if what it may lose is known and within the objective. A restore takes its place where one is
within the objective; of a point in time and a snapshot the one that loses less. Where nothing is
within the objective, a person must accept the loss. A corrupted database never takes its replica,
and nothing from after its last good moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from continuity import naming
from continuity.manifest import Database
from continuity.restorable import (
    BEFORE_LATEST,
    RecoveryPoints,
    Restorable,
    RestorableKind,
    unusable,
)
from continuity.wording import seconds_text
from failover import gate
from failover.case import SourceKind
from failover.observation import Observation
from failover.statuses import TERMINAL

KINDS = tuple(SourceKind)
"""In the order in which they are tried unless a run's case says otherwise."""


@dataclass(frozen=True)
class Source:
    """One thing that a database could come back from.

    `obstacle` says why it cannot, `objection` why it may not without a person's consent; both are
    empty where nothing stands against it. `moment` is that of its data, `loss_s` what is missing
    up to the suspicion; None where nobody knows.
    """

    kind: SourceKind
    name: str
    moment: datetime | None = None
    loss_s: float | None = None
    obstacle: str = ""
    objection: str = ""
    origin: Restorable | None = None

    @property
    def possible(self) -> bool:
        """Say whether it can be taken, with or without consent."""
        return not self.obstacle

    @property
    def allowed(self) -> bool:
        """Say whether the objectives allow it without a person's consent."""
        return not self.obstacle and not self.objection


@dataclass(frozen=True)
class Choice:
    """What a database comes back from: `taken` (None: from nothing), and why not from the rest."""

    database: str
    taken: Source | None
    losers: tuple[tuple[Source, str], ...]

    @property
    def ranking(self) -> tuple[SourceKind, ...]:
        """Return the kinds in the order in which they would be tried."""
        first = () if self.taken is None else (self.taken.kind,)
        return (*first, *(source.kind for source, _ in self.losers if source.possible))


def choose(seen: Observation, database: Database, last_good: datetime | None = None) -> Choice:
    """Choose by one picture; `last_good` is given for a corrupted database."""
    found = (replica(seen, database, last_good), *restores(seen, database, last_good))
    taken = _best([one for one in found if one.allowed]) or _best(
        [one for one in found if one.possible]
    )
    losers = tuple((one, _why_not(one, taken)) for one in found if one is not taken)
    return Choice(database.name, taken, losers)


def replica(seen: Observation, database: Database, last_good: datetime | None = None) -> Source:
    """Return what the replica is worth, as far as the picture shows it."""
    identifier = database.members[seen.manifest.standby].identifier
    instance = seen.instance(identifier)
    loss = gate.bound(seen, identifier)
    obstacle = ""
    if last_good is not None:
        obstacle = "corrupted: the replica holds the same damage"
    elif seen.instances.value is not None and instance is None:
        obstacle = "it does not exist"
    elif instance is not None and instance.status in TERMINAL:
        obstacle = f"it is {instance.status}"
    elif instance is not None:
        obstacle = follows(seen, database, instance.source)
    objection = f"its lag is unknown: {loss.because}" if loss.seconds is None else ""
    objection = objection or _too_old(seen, loss.seconds)
    return Source(
        SourceKind.REPLICA, identifier, loss.measured_at, loss.seconds, obstacle, objection
    )


def follows(seen: Observation, database: Database, source: str | None) -> str:
    """Say what is wrong with what a replica follows; a swap of names leaves it with the old one."""
    if source is None:
        return "it replicates from nothing"
    name, primary = source.rpartition(":")[2], database.members[seen.manifest.active].identifier
    return f"it follows {name}, which was set aside" if naming.is_aside(name, primary) else ""


def restores(
    seen: Observation, database: Database, last_good: datetime | None = None
) -> tuple[Source, Source]:
    """Return the best point in time and the best snapshot, each with what stands against it."""
    return (
        _restore(seen, database, SourceKind.POINT_IN_TIME, last_good),
        _restore(seen, database, SourceKind.SNAPSHOT, last_good),
    )


def restore(
    seen: Observation, database: Database, kind: SourceKind, last_good: datetime | None
) -> Source:
    """Return what is restored for one kind. A point in time is left for a newer snapshot."""
    point, snapshot = restores(seen, database, last_good)
    if kind is SourceKind.SNAPSHOT:
        return snapshot
    if point.possible and snapshot.possible and _loss(snapshot) < _loss(point):
        newer = f"the snapshot {snapshot.name} holds newer data"
        return Source(kind, point.name, point.moment, point.loss_s, newer, origin=point.origin)
    return point


def better_than_replica(seen: Observation, database: Database) -> Source | None:
    """Return the restore that the objectives allow, if there is one."""
    return _best([one for one in restores(seen, database) if one.allowed])


def _restore(
    seen: Observation, database: Database, kind: SourceKind, last_good: datetime | None
) -> Source:
    points = seen.recovery_points.value
    if points is None:
        why = f"recovery points cannot be read ({seen.recovery_points.error})"
        return Source(kind, "", obstacle=why)
    mine = [_source(seen, one, points, last_good) for one in _of(points, seen, database, kind)]
    usable = [one for one in mine if one.possible]
    if usable:
        return min(usable, key=lambda one: (_is_refuted(one), _loss(one), one.name))
    said = "; ".join(f"{one.name} {one.obstacle}" for one in mine)
    return Source(kind, mine[0].name if mine else "", obstacle=said or _NONE[kind])


_NONE = {
    SourceKind.POINT_IN_TIME: "no automated backups are replicated",
    SourceKind.SNAPSHOT: "no copy completed",
}
_KIND = {
    SourceKind.POINT_IN_TIME: RestorableKind.BACKUPS,
    SourceKind.SNAPSHOT: RestorableKind.SNAPSHOT,
}


def _of(
    points: RecoveryPoints, seen: Observation, database: Database, kind: SourceKind
) -> Iterator[Restorable]:
    """Yield the database's own: its tag outlives the instances that it was taken of."""
    names = {member.identifier for member in database.members.values()}
    zone = seen.manifest.zone
    for one in points.found:
        mine = one.instance in names or (
            one.database == database.name and one.instance.startswith(f"{zone}-")
        )
        if one.kind is _KIND[kind] and mine:
            yield one


def _source(
    seen: Observation, one: Restorable, points: RecoveryPoints, last_good: datetime | None
) -> Source:
    kind = next(kind for kind, found in _KIND.items() if found is one.kind)
    moment = _moment(one, last_good)
    since = last_good or seen.run.suspected_at or seen.now
    obstacle = _obstacle(one, points, last_good)
    loss_s = None if moment is None else max(0.0, (since - moment).total_seconds())
    objection = _refuted(one) or _too_old(seen, loss_s)
    return Source(kind, one.name, moment, loss_s, obstacle, objection, one)


def _is_refuted(source: Source) -> bool:
    """Say whether a trial found the content wrong: it is taken where nothing else is left."""
    return source.origin is not None and bool(source.origin.refuted)


def _refuted(one: Restorable) -> str:
    return f"it was tried and its content is wrong ({one.refuted})" if one.refuted else ""


def _moment(one: Restorable, last_good: datetime | None) -> datetime | None:
    """Return the newest moment of the data that may be taken."""
    if one.newest is None:
        return None
    window = one.kind is RestorableKind.BACKUPS
    newest = one.newest - BEFORE_LATEST if window else one.newest
    return min(newest, last_good) if window and last_good is not None else newest


def _obstacle(one: Restorable, points: RecoveryPoints, last_good: datetime | None) -> str:
    why = unusable(one, points.keys)
    if not why and last_good is not None and (one.oldest is None or one.oldest > last_good):
        return f"begins only after the last good moment, {last_good:%Y-%m-%d %H:%M:%S} UTC"
    return why


def _too_old(seen: Observation, loss_s: float | None) -> str:
    rpo = seen.manifest.objectives.rpo.total_seconds()
    if loss_s is None or loss_s <= rpo:
        return ""
    return f"older than the RPO by {seconds_text(loss_s - rpo)}"


def _best(found: list[Source]) -> Source | None:
    """Return the replica where it is among them, else what loses least."""
    return min(
        found, key=lambda one: (one.kind is not SourceKind.REPLICA, _loss(one)), default=None
    )


def _loss(source: Source) -> float:
    return float("inf") if source.loss_s is None else source.loss_s


def _why_not(source: Source, taken: Source | None) -> str:
    against = source.obstacle or source.objection
    if against or taken is None:
        return against
    if taken.kind is SourceKind.REPLICA:
        return "takes longer than the replica, which is within the objective"
    return (
        f"would lose {seconds_text(_loss(source))}, the {taken.kind} {seconds_text(_loss(taken))}"
    )
