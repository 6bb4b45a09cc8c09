"""What really happened in a world: outages, losses, and who can be reached. No API was asked.

The drill's verdict rests on `Truth.report()` and on nothing that the engine says of itself.
"""

from dataclasses import dataclass
from datetime import datetime

from continuity import naming
from continuity.manifest import Database
from continuity.outside import Served
from continuity.zone import SiteName
from simulator import inside
from simulator.content import Content
from simulator.dns import resolve
from simulator.outages import Outage
from simulator.rows import Mark, Rows
from simulator.traffic import Traffic
from simulator.world import World


@dataclass(frozen=True)
class Loss:
    """Acknowledged rows that cannot be read any more.

    `seconds` runs from the commit of the newest row that survived to the newest that was lost.
    """

    rows: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class DatabaseReport:
    """One database: what clients went through, and where they could write now."""

    name: str
    outages: tuple[Outage, ...]
    outage_s: float
    acknowledged: int
    lost: Loss
    writable: frozenset[SiteName]


@dataclass(frozen=True)
class Report:
    """A zone at one moment. `outages` are moments when any database failed anybody."""

    at: datetime
    served_by: Served
    outages: tuple[Outage, ...]
    outage_s: float
    databases: tuple[DatabaseReport, ...]

    @property
    def recovered(self) -> bool:
        """Say whether clients arrive at a site where every database takes writes."""
        arrived = {Served.HOME: SiteName.HOME, Served.AWAY: SiteName.AWAY}.get(self.served_by)
        return all(arrived in database.writable for database in self.databases)


class Truth:
    """Tells the truth about one zone of a world, from the traffic that went through it."""

    def __init__(self, world: World, traffic: Traffic) -> None:
        self._world = world
        self._traffic = traffic
        self._platform = traffic.platform
        self._manifest = traffic.platform.manifest
        self._content = Content.of(world)

    def report(self) -> Report:
        """Return what is true now."""
        now = self._world.clock.now()
        zone = self._traffic.outages.zone
        return Report(
            at=now,
            served_by=self._platform.served_by(self._address()),
            outages=zone,
            outage_s=sum(outage.seconds(now) for outage in zone),
            databases=tuple(self._database(one, now) for one in self._manifest.databases),
        )

    def loss(self, database: Database) -> Loss:
        """Return what clients were told is safe and is not in what can be read now."""
        marks = [self._content.mark(one) for one in self._readable(database)]
        return total(
            [
                lost(rows, marks)
                for rows in self._content.written(self._manifest.zone, database.name)
            ]
        )

    def _database(self, database: Database, now: datetime) -> DatabaseReport:
        outages = self._traffic.outages.of(database.name)
        return DatabaseReport(
            name=database.name,
            outages=outages,
            outage_s=sum(outage.seconds(now) for outage in outages),
            acknowledged=self._traffic.acknowledged[database.name],
            lost=self.loss(database),
            writable=self._platform.writable(database),
        )

    def _readable(self, database: Database) -> list[object]:
        """Return the instance that serves; where none does, every copy in a region that is up."""
        front = self._platform.front(self._address())
        if front is not None and not front.holding and self._platform.answers(front):
            served = self._platform.door(front.site).instance(database)
            return [served] if served is not None else []
        return [
            instance
            for site in self._manifest.sites.values()
            if not self._world.faults.region_lost(site.region)
            for instance in inside.instances(site.region).values()
            if self._holds(instance, database)
        ]

    def _holds(self, instance: object, database: Database) -> bool:
        """Say whether an instance is one of a database, whatever it is called."""
        tags = inside.tags_of(instance)
        named = tags.get(naming.TAG_ZONE), tags.get(naming.TAG_DATABASE)
        return named == (self._manifest.zone, database.name)

    def _address(self) -> str | None:
        return resolve(self._world, self._manifest.traffic.name)


def lost(rows: Rows, readable: list[Mark]) -> Loss:
    """Return which of the good rows written here are in none of the readable copies.

    Rows that were damaged where they are read are lost; what was written into damaged data after
    the damage was never good, unless somebody mended it all.
    """
    damage = rows.mark().first_damage
    good = rows.count if damage is None else damage
    survives = max((_shared(rows, mark) for mark in readable if not mark.damaged), default=0)
    first = max(survives, min(rows.inherited, good))
    if first >= good:
        return Loss()
    newest = rows.committed(good - 1)
    return Loss(good - first, newest - rows.committed(max(0, first - 1)))


def total(losses: list[Loss]) -> Loss:
    """Return the losses of several branches: rows add up, of seconds the longest counts."""
    return Loss(sum(one.rows for one in losses), max((one.seconds for one in losses), default=0.0))


def _shared(rows: Rows, mark: Mark) -> int:
    return min(mark.count, mark.rows.in_common(rows))
