"""The rows inside every database instance of a world, and how they reach the replicas.

`simulator.platform` writes here, `simulator.traffic` many times a second; `metrics.LAG` reads
the lag, `truth` and `invariants` read everything. moto knows instances, not what is in them: this
room watches its objects (`is_replica`, the source) and the calls that succeeded.

Assumptions: a replica is 0.5 to 3 s behind, steadily, drawn from the seed per replica (RDS guide:
"typically" seconds in one region; no figure between regions); there is always a write within
seconds, so that PostgreSQL's saw-tooth of up to 5 minutes on an idle source does not show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from continuity import naming
from simulator import inside
from simulator.call_log import Call
from simulator.faults import FaultKind
from simulator.metrics import LAG, SILENT, Metric, tell_steady
from simulator.moto_time import utc
from simulator.per_world import PerWorld
from simulator.replication import Circumstances, Replication
from simulator.rows import Mark, Rows
from simulator.world import World

SHORTEST_LAG_S, LONGEST_LAG_S = 0.5, 3.0

Handler = Callable[[Call], None]
Instance = Any
"""A moto `DBInstance`, the identity of which stands for the storage behind it."""


@dataclass(frozen=True)
class Promotion:
    """What a promotion met: the seconds that were missing, and the most that was knowable."""

    region: str
    identifier: str
    missing_s: float
    provable_s: float | None


class Content:
    """The rows of one world. `Content.of(world)` is the only way to one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: dict[Instance, Rows | Replication] = {}
        self._written: dict[tuple[str | None, str | None], list[Rows]] = {}
        self._lags: dict[Instance, float] = {}
        self._marks: dict[tuple[str, str], Mark] = {}
        self.promotions: list[Promotion] = []
        self._at_call: dict[str, Handler] = {
            "PromoteReadReplica": self._freeze,
            "CreateDBInstanceReadReplica": self._notice,
            "CreateDBSnapshot": self._remember,
            "CopyDBSnapshot": self._copy,
            "RestoreDBInstanceFromDBSnapshot": self._restore,
            "RestoreDBInstanceToPointInTime": self._rewind,
        }
        world.faults.on_change(self.look)
        world.on_effect(self._saw)
        LAG.give(world, self.lag)
        tell_steady(world, self.steady_lag)
        self.look()

    @staticmethod
    def of(world: World) -> "Content":
        """Return the world's content, begun at the first question."""
        found = _CONTENTS.of(world)
        if found is None:
            found = Content(world)
            _CONTENTS.give(world, found)
        return found

    def look(self) -> None:
        """Notice every instance, and let the replicas meet the circumstances of now."""
        now = self._world.clock.monotonic()
        for instance in inside.all_instances():
            held = self._of(instance)
            if isinstance(held, Replication):
                held.meet(self._circumstances(instance), now)

    def rows(self, instance: Instance) -> Rows | None:
        """Return the rows that an instance writes to; None for a replica, which has a view."""
        held = self._held.get(instance)
        if not isinstance(held, Rows):
            held = self._of(instance)
        return held if isinstance(held, Rows) else None

    def mark(self, instance: Instance) -> Mark:
        """Return what could be read from an instance now."""
        held = self._of(instance)
        if isinstance(held, Rows):
            return held.mark()
        return held.applied(self._world.clock.monotonic())

    def at(self, instance: Instance, moment: datetime) -> Mark:
        """Return what an instance had committed, or a replica had applied, at a past moment."""
        clock = self._world.clock
        seconds = clock.monotonic() - (utc(clock.now()) - utc(moment)).total_seconds()
        held = self._of(instance)
        if isinstance(held, Rows):
            return Mark(held, held.count_until(seconds))
        return held.applied(seconds)

    def remember(self, region: str, snapshot: str, mark: Mark) -> None:
        """Note what a snapshot of the zone's past holds."""
        self._marks[region, snapshot] = mark

    def snapshot(self, region: str, name: str) -> Mark | None:
        """Return the rows in a snapshot; None where it was never taken."""
        return self._marks.get((region, name))

    def written(self, zone: str, database: str) -> list[Rows]:
        """Return all that was ever written to a database of a zone, wherever."""
        return self._written.get((zone, database), [])

    def promotion(self, region: str, identifier: str) -> Promotion | None:
        """Return the latest promotion of an instance of this name, if there was one."""
        found = (one for one in reversed(self.promotions) if one.region == region)
        return next((one for one in found if one.identifier == identifier), None)

    def lag(self, region: str, identifier: str, moment: datetime) -> float | None:
        """Return the ReplicaLag of a moment up to now, as RDS publishes it.

        None where none is measured (no replica, its region is lost); -1 where replication is
        broken.
        """
        found = inside.instance(region, identifier)
        held = self._of(found) if found is not None else None
        if not isinstance(held, Replication):
            return None
        passed = (self._world.clock.now() - moment).total_seconds()
        return held.published(self._world.clock.monotonic() - passed)

    def steady_lag(self, region: str, metric: Metric, since: datetime) -> float | None:
        """Return the ReplicaLag of every minute since a moment, if it is always the same."""
        rows = dict(metric.dimensions)
        if metric.name != "ReplicaLag" or set(rows) != {"DBInstanceIdentifier"}:
            return None
        found = inside.instance(region, rows["DBInstanceIdentifier"])
        held = self._of(found) if found is not None else None
        if not isinstance(held, Replication):
            promoted = self.promotion(region, rows["DBInstanceIdentifier"])
            return None if held is None or promoted else SILENT
        passed = (self._world.clock.now() - since).total_seconds()
        return held.steady(self._world.clock.monotonic() - passed)

    def _of(self, instance: Instance) -> Rows | Replication:
        held = self._held.get(instance)
        if held is None:
            return self._begin(instance)
        if isinstance(held, Replication) and not instance.is_replica:
            return self._promote(instance, held)
        return held

    def _begin(self, instance: Instance) -> Rows | Replication:
        source = inside.source_of(instance) if instance.is_replica else None
        if source is None:
            return self._keep(instance, Rows())
        held = self._of(source)
        followed = held.source if isinstance(held, Replication) else held
        now = self._world.clock.monotonic()
        replication = Replication(followed, self._circumstances(instance), now)
        self._held[instance] = replication
        return replication

    def _circumstances(self, replica: Instance) -> Circumstances:
        faults, source = self._world.faults, inside.source_of(replica)
        here_lost = faults.region_lost(replica.region)
        broken = source is None or self._suffers(FaultKind.REPLICA_BROKEN, replica) is not None
        gone = source is not None and faults.region_lost(source.region)
        cut_off = gone or (source is not None and not inside.has_storage(source))
        slow = self._suffers(FaultKind.REPLICA_LAG, replica)
        return Circumstances(
            flowing=not (here_lost or broken or cut_off),
            lag_s=slow if slow is not None else self._usual_lag(replica),
            broken=broken,
            measured=not here_lost and self._suffers(FaultKind.LAG_UNKNOWN, replica) is None,
        )

    def _suffers(self, kind: FaultKind, replica: Instance) -> float | None:
        """Return the seconds of the fault that strikes a replica (0 where it has none)."""
        for name in (inside.database_of(replica), replica.db_instance_identifier):
            fault = self._world.faults.active(kind, region=replica.region, database=name)
            if fault is not None:
                return fault.seconds or 0.0
        return None

    def _usual_lag(self, replica: Instance) -> float:
        if replica not in self._lags:
            stream = self._world.random(f"lag {replica.region} {replica.db_instance_identifier}")
            self._lags[replica] = stream.uniform(SHORTEST_LAG_S, LONGEST_LAG_S)
        return self._lags[replica]

    def _promote(self, instance: Instance, held: Replication) -> Rows:
        """Keep exactly what was applied; from here on the instance has a history of its own."""
        now = self._world.clock.monotonic()
        self.promotions.append(
            Promotion(
                region=instance.region,
                identifier=instance.db_instance_identifier,
                missing_s=held.behind(now),
                provable_s=held.provable(now),
            )
        )
        return self._keep(instance, Rows(held.applied(now)))

    def _keep(self, instance: Instance, rows: Rows) -> Rows:
        self._held[instance] = rows
        self._written.setdefault(_database(instance), []).append(rows)
        return rows

    def _saw(self, call: Call) -> None:
        if call.service == "rds" and call.operation in self._at_call:
            self._at_call[call.operation](call)

    def _named(self, call: Call, parameter: str = "DBInstanceIdentifier") -> Instance | None:
        return inside.instance(call.region, str(call.parameters.get(parameter)))

    def _notice(self, call: Call) -> None:
        found = self._named(call)
        if found is not None:
            self._of(found)

    def _freeze(self, call: Call) -> None:
        """Stop replication when a promotion is accepted, which is before it is complete."""
        found = self._named(call)
        held = self._of(found) if found is not None else None
        if found is not None and isinstance(held, Replication):
            self._promote(found, held)

    def _remember(self, call: Call) -> None:
        found = self._named(call)
        if found is not None:
            name = str(call.parameters.get("DBSnapshotIdentifier"))
            self._marks[call.region, name] = self.mark(found)

    def _copy(self, call: Call) -> None:
        mark = self._marked(call, "SourceDBSnapshotIdentifier")
        if mark is not None:
            name = str(call.parameters.get("TargetDBSnapshotIdentifier"))
            self._marks[call.region, name] = mark

    def _restore(self, call: Call) -> None:
        found, mark = self._named(call), self._marked(call, "DBSnapshotIdentifier")
        if found is not None and mark is not None:
            self._keep(found, Rows(mark))

    def _rewind(self, call: Call) -> None:
        """Give a restored instance the rows up to the moment that the restore was allowed."""
        found = self._named(call, "TargetDBInstanceIdentifier")
        if found is not None:
            origin = found._holdfast_restored_from
            self._keep(found, Rows(self.at(origin.instance, origin.moment)))

    def _marked(self, call: Call, parameter: str) -> Mark | None:
        """Return the rows of a snapshot that is named by identifier, or by ARN in any region."""
        named = str(call.parameters.get(parameter))
        if not named.startswith("arn:"):
            return self.snapshot(call.region, named)
        _, _, _, region, _, _, name = named.split(":", 6)
        return self.snapshot(region, name)


def _database(instance: Instance) -> tuple[str | None, str | None]:
    """Return the zone and the logical database that an instance's tags name."""
    tags = inside.tags_of(instance)
    return tags.get(naming.TAG_ZONE), tags.get(naming.TAG_DATABASE)


_CONTENTS: PerWorld[Content] = PerWorld()
