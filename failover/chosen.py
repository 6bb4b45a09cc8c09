"""What a database comes back from where that is not its replica, decided before people approve.

`failover.beginning` asks when a recovery that moves the zone begins and journals the drafts beside
the plan that follows from them, so that what people approve is what is done. `failover.decide`
reads them whenever the run goes on. Pure.
"""

from collections.abc import Iterator
from datetime import datetime

from continuity.journal import Entry, EntryKind, Fact
from continuity.manifest import Database
from continuity.wording import seconds_text
from failover import gate
from failover.case import SourceKind
from failover.draft import Draft
from failover.fallback import source_name
from failover.observation import Look, Observation, Wanted
from failover.run import CORRUPTED, Run
from failover.sources import Choice, Source, choose
from failover.statuses import TERMINAL

_RESTORES = (SourceKind.POINT_IN_TIME, SourceKind.SNAPSHOT)
_OTHERWISE = "otherwise"
"""Says how to have a replica that could be taken after all; empty where it could not."""


def first_looks(seen: Observation) -> Wanted:
    """Return what tells whether a replica is unfit: two sweeps of the standby's region."""
    manifest = seen.manifest
    names = tuple(each.members[manifest.standby].identifier for each in manifest.databases)
    return Wanted(frozenset({Look.INSTANCES, Look.LAGS}), identifiers=names)


def doubtful(seen: Observation) -> bool:
    """Say whether any database may need a restore, so that recovery points must be looked at."""
    damaged = corrupted(seen.run)
    return any(each.name in damaged or _unfit(seen, each) for each in _undecided(seen))


def choices(seen: Observation) -> list[Draft]:
    """Return an entry for each database that does not begin with its replica.

    A replica that may be whole is left to `failover.steps.promote`, which asks people first; so is
    one that is worse than promised where no restore is better. A corrupted database never takes it.
    """
    if seen.recovery_points.value is None:
        return []
    damaged = corrupted(seen.run)
    return [
        draft for each in _undecided(seen) for draft in _chosen(seen, each, damaged.get(each.name))
    ]


def corrupted(run: Run) -> dict[str, datetime]:
    """Return the databases that people declared corrupted, each with its last good moment."""
    return {
        str(entry.data["database"]): datetime.fromisoformat(str(entry.data["moment"]))
        for entry in run.of(EntryKind.DECLARED)
        if entry.data.get("what") == CORRUPTED
    }


def ranking(run: Run) -> dict[str, tuple[SourceKind, ...]]:
    """Return the orders of sources that were chosen since the last diagnosis, by database.

    Whoever accepts what a replica loses that could be taken wants the replica: then the usual order
    holds again, unless a restore had begun by then.
    """
    diagnosed = run.of(EntryKind.DIAGNOSED)
    since = diagnosed[-1].sequence if diagnosed else 0
    return {
        str(entry.data["database"]): tuple(
            SourceKind(kind) for kind in str(entry.data["sources"]).split(",") if kind
        )
        for entry in _newest(run).values()
        if entry.sequence > since and not _overruled(run, entry)
    }


def told(run: Run) -> tuple[str, ...]:
    """Return what was chosen and still holds, with what a person can still do about it."""
    kept = ranking(run)
    return tuple(
        f"{entry.sentence}{_otherwise(run, entry)}"
        for name, entry in _newest(run).items()
        if name in kept
    )


def _newest(run: Run) -> dict[str, Entry]:
    return {str(entry.data["database"]): entry for entry in run.of(EntryKind.CHOSEN)}


def _otherwise(run: Run, chosen: Entry) -> str:
    """Say how to have the replica all the same, as long as that is possible."""
    database = str(chosen.data["database"])
    over = run.end is not None or _begun(run, database) or database in corrupted(run)
    return "" if over or not chosen.data.get(_OTHERWISE) else f" {chosen.data[_OTHERWISE]}"


def _begun(run: Run, database: str) -> list[int]:
    """Return at which entries restores of a database began, or gave up."""
    names = [source_name(database, kind) for kind in _RESTORES]
    known = (run.intents, run.failed)
    return [found[name].sequence for found in known for name in names if name in found]


def _overruled(run: Run, chosen: Entry) -> bool:
    """Say whether a person accepted the replica's loss after the choice and before a restore."""
    database = str(chosen.data["database"])
    begun = _begun(run, database)
    return bool(chosen.data.get(_OTHERWISE)) and any(
        chosen.sequence < entry.sequence and all(entry.sequence < each for each in begun)
        for entry in run.of(EntryKind.CONSENTED)
        if entry.data["database"] == database
    )


def _undecided(seen: Observation) -> Iterator[Database]:
    """Yield the databases of which nobody accepted what they lose: there people have chosen."""
    for each in seen.manifest.databases:
        if each.name not in seen.run.consents:
            yield each


def _unfit(seen: Observation, database: Database) -> bool:
    """Say whether the replica is known not to do; one that has become a primary is taken as is."""
    identifier = database.members[seen.manifest.standby].identifier
    instance = seen.instance(identifier)
    if seen.instances.value is None:
        return False
    if instance is None or instance.status in TERMINAL:
        return True
    loss = gate.bound(seen, identifier)
    rpo_s = seen.manifest.objectives.rpo.total_seconds()
    worse = loss.broken if loss.seconds is None else loss.seconds > rpo_s
    return instance.source is not None and worse


def _chosen(seen: Observation, database: Database, last_good: datetime | None) -> Iterator[Draft]:
    """Yield the entry for one database, if it takes a restore first."""
    if last_good is None and not _unfit(seen, database):
        return
    choice = choose(seen, database, last_good)
    taken = choice.taken
    if taken is None or taken.kind is SourceKind.REPLICA:
        return
    preferable = any(one.kind is SourceKind.REPLICA and one.possible for one, _ in choice.losers)
    if preferable and not taken.allowed:
        return
    order = (taken.kind, *(kind for kind in _RESTORES if kind is not taken.kind))
    data: dict[str, Fact] = {
        "database": database.name,
        "sources": ",".join(order),
        "restored_from": taken.name,
        "loss_s": taken.loss_s,
        _OTHERWISE: _faster(seen, database) if preferable else "",
    }
    yield Draft(EntryKind.CHOSEN, _taken(choice, taken), None, data)


def _taken(choice: Choice, taken: Source) -> str:
    """Say what is taken and why the others lost."""
    until = "" if taken.moment is None else f", until {taken.moment:%Y-%m-%d %H:%M:%S} UTC"
    loss = "" if taken.loss_s is None else f": {seconds_text(taken.loss_s)} are lost"
    waits = f" ({taken.objection}, so a person must accept it)" if taken.objection else ""
    lost = "".join(f"; not from {_named(one)}: {why}" for one, why in choice.losers)
    return f"{choice.database} comes back from {_named(taken)}{until}{loss}{waits}{lost}."


def _named(source: Source) -> str:
    if source.kind is SourceKind.POINT_IN_TIME:
        return "its replicated backups"
    if source.kind is SourceKind.REPLICA:
        return f"its replica {source.name}"
    return f"snapshot {source.name}" if source.name else "a snapshot"


def _faster(seen: Observation, database: Database) -> str:
    accept = f"--accept-data-loss {database.name} --reason TEXT"
    return (
        f"The replica would be back in minutes: `holdfast failover approve {seen.manifest.zone} "
        f"{accept}` takes it and its loss, and the plan is approved anew."
    )
