"""What the invariants ask of restores, and of data that a person has declared damaged.

`simulator.effect_rules` judges with these beside its own. A restore is no promotion: it may be
done again and nothing is lost by it that was there, so it needs no approval of its own; but what
it does not bring back counts against the RPO like a replica's lag.
"""

from collections.abc import Iterator

from continuity.journal import EntryKind
from continuity.manifest import Database
from simulator import inside
from simulator.call_log import Call
from simulator.records import Record
from simulator.scene import Scene, instance_named
from simulator.truth import lost, total

RESTORES = frozenset({"rds.RestoreDBInstanceToPointInTime", "rds.RestoreDBInstanceFromDBSnapshot"})


def consented_restore(scene: Scene, call: Call) -> Iterator[str]:
    """2: what a restore does not bring back is within the RPO, or a person accepted it."""
    database = scene.database(call)
    if database is None:
        return
    seconds = _missing_s(scene, database, call)
    rpo = scene.manifest.objectives.rpo.total_seconds()
    consented = _named(scene, EntryKind.CONSENTED)
    if seconds > rpo and database.name not in consented:
        yield (
            f"{database.name} was restored {seconds:.0f} s behind and without consent "
            f"(RPO {rpo:.0f} s)"
        )


def clean(scene: Scene, call: Call) -> Iterator[str]:
    """13: a site is never opened with data that a person has declared damaged."""
    if scene.latch(call) != scene.standby.latch.open_key:
        return
    damaged = _named(scene, EntryKind.DECLARED, what="corrupted")
    site = scene.manifest.standby
    door = scene.platform.door(site)
    for database in scene.manifest.databases:
        instance = door.instance(database) if database.name in damaged else None
        if instance is not None and scene.content.mark(instance).damaged:
            yield f"{site} was opened although the rows of {database.name} are damaged"


def _missing_s(scene: Scene, database: Database, call: Call) -> float:
    """Return the seconds of good rows that the instance does not have that is restored."""
    instance = inside.instance(call.region, str(instance_named(call)))
    marks = [scene.content.mark(instance)] if instance is not None else []
    written = scene.content.written(scene.manifest.zone, database.name)
    return total([lost(rows, marks) for rows in written]).seconds


def _named(scene: Scene, kind: EntryKind, **wanted: str) -> set[str]:
    """Return the databases that the newest run's entries of a kind name."""

    def fits(record: Record) -> bool:
        return all(record.data.get(key) == value for key, value in wanted.items())

    records = [one for one in scene.journal.newest_run() if one.kind == kind and fits(one)]
    return {str(record.data.get("database")) for record in records}
