"""The platform of a zone as it would answer: per load balancer, per site, per database.

Two users: `simulator.traffic` asks `Platform` directly and for nothing, many times a second;
the engine gets `SimulatedOutside`, where each request takes its time, as over HTTPS.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from continuity import addresses
from continuity.manifest import Database, Manifest
from continuity.outside import Served, Written
from continuity.zone import SiteName
from simulator import inside, loading, task_settings
from simulator.content import Content
from simulator.dns import Unanswerable, resolve
from simulator.health_checks import PROBER
from simulator.task_health import TaskHealth
from simulator.world import World

_SERVED = {SiteName.HOME: Served.HOME, SiteName.AWAY: Served.AWAY}

ANSWER_S = (0.04, 0.25)
"""A short HTTPS request between two regions of a continent; assumption."""

TIMEOUT_S = 2.0
"""How long a client tries to connect to a region that is gone, as in `cloud.outside`."""


@dataclass(frozen=True)
class Front:
    """What stands behind an address: a site's platform, or its holding page."""

    site: SiteName
    holding: bool


class Platform:
    """The fronts, applications and databases of one zone, judged by what moto holds."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.manifest = manifest
        self._world = world
        self._content = Content.of(world)
        self._task_health = TaskHealth.of(world)
        self._fronts: dict[str, Front] = {}
        for name, site in manifest.sites.items():
            self._fronts[_plain(site.hosting.load_balancer)] = Front(name, holding=False)
            self._fronts[_plain(site.hosting.holding_page)] = Front(name, holding=True)

    def front(self, address: str | None) -> Front | None:
        """Return who owns an address of the zone."""
        return self._fronts.get(_plain(address)) if address else None

    def answers(self, front: Front) -> bool:
        """Say whether a request gets an answer: an application's, or the fixed page's."""
        site = self.manifest.sites[front.site]
        hosting = site.hosting
        if self._world.faults.region_lost(site.region):
            return False
        address = hosting.holding_page if front.holding else hosting.load_balancer
        if not inside.has_load_balancer(site.region, address):
            return False
        return front.holding or self.has_tasks(front.site)

    def has_tasks(self, site: SiteName) -> bool:
        """Say whether any task of the site's application is healthy, as its region last knew."""
        chosen = self.manifest.sites[site]
        hosting = chosen.hosting
        service = inside.service(chosen.region, hosting.cluster, hosting.service)
        return service is not None and self._task_health.healthy_tasks(service) > 0

    def served_by(self, address: str | None) -> Served:
        """Say who answers at an address."""
        front = self.front(address)
        if front is None or not self.answers(front):
            return Served.NOBODY
        return Served.HOLDING_PAGE if front.holding else _SERVED[front.site]

    def door(self, site: SiteName) -> "Door":
        """Return a site's way to its databases as it is at this instant."""
        return Door(self.manifest, site, self._content)

    def refusal(self, site: SiteName, database: Database) -> str:
        """Say why a site's application cannot write to a database; empty if it can."""
        return self.door(site).refusal(database)

    def reaches(self, site: SiteName) -> bool:
        """Say whether clients at the site's own address reach its application."""
        return self.answers(Front(site, holding=False))

    def writable(self, database: Database) -> frozenset[SiteName]:
        """Return the sites where clients, if they come, can write to a database now."""
        return frozenset(
            site for site in SiteName if self.reaches(site) and not self.refusal(site, database)
        )


class Door:
    """From a site's application to its database instances, at one instant.

    Each running task goes where it was told when it started; where none runs, the question is where
    one that started now would go. Security groups are looked up once per instant: a thousand
    instances share a few.
    """

    def __init__(self, manifest: Manifest, site: SiteName, content: Content) -> None:
        self._chosen = manifest.sites[site]
        self._content = content
        self._find = inside.finder(self._chosen.region)
        self._admitted: dict[tuple[str | int, ...], bool] = {}
        hosting = self._chosen.hosting
        service = inside.service(self._chosen.region, hosting.cluster, hosting.service)
        self._told = () if service is None else task_settings.told_by_now(service)

    def instance(self, database: Database) -> Any | None:  # noqa: ANN401 - a moto DBInstance
        """Return the instance that the oldest of the site's tasks uses, if it exists."""
        return next(iter(self._instances(database)), None)

    def refusal(self, database: Database) -> str:
        """Say why a write would fail through any of the tasks; empty if it would not."""
        found = self._instances(database)
        return self._refused_by(found, database.port)

    def write(self, database: Database, moment: float, count: int = 1) -> str:
        """Commit rows to a database, or say why it refuses them; tasks take turns."""
        found = self._instances(database)
        refusal = self._refused_by(found, database.port)
        if not refusal:
            for turn, instance in enumerate(found):
                rows, share = self._content.rows(instance), _share(count, turn, len(found))
                if rows is not None and share:
                    rows.commit(moment, share)
        return refusal

    def _instances(self, database: Database) -> tuple[Any | None, ...]:
        """Return what the tasks know as a database: one instance, unless they are of two minds."""
        name = _host_variable(database.name)
        if len(self._told) == 1:
            return (self._at(self._told[0].get(name, "")),)
        return tuple(map(self._at, dict.fromkeys(told.get(name, "") for told in self._told)))

    def _at(self, host: str) -> Any | None:  # noqa: ANN401 - a moto DBInstance
        """Return the instance that answers at an address; its name is the address's first word."""
        found = self._find(host.partition(".")[0])
        return found if found is not None and found.address == host else None

    def _refused_by(self, found: tuple[Any | None, ...], port: int) -> str:
        refusals = [self._refusal(instance, port) for instance in found or (None,)]
        return next(filter(None, refusals), "")

    def _refusal(self, instance: Any | None, port: int) -> str:  # noqa: ANN401 - a moto DBInstance
        if instance is None:
            return "there is no such database instance where the tasks were told to look"
        status = instance.status
        if status not in inside.CONNECTABLE:
            return f"the instance takes no connections while it is {status}"
        if not self._admits((port, *instance.vpc_security_group_ids)):
            return "no security group of the instance admits the application"
        return _refused_inside(instance)

    def _admits(self, way: tuple[Any, ...]) -> bool:
        """Say whether a way in, a port and the groups that guard it, is open."""
        found = self._admitted.get(way)
        if found is None:
            port, *groups = way
            source = self._chosen.application_security_group
            found = inside.admits(self._chosen.region, groups, source, port)
            self._admitted[way] = found
        return found


@cache
def _host_variable(database: str) -> str:
    return addresses.variable(database, addresses.HOST)


def _share(count: int, turn: int, turns: int) -> int:
    """Return how many of some rows come to a turn: the first ones take what does not divide."""
    return count // turns + (turn < count % turns)


def _refused_inside(instance: Any) -> str:  # noqa: ANN401 - a moto DBInstance
    """Say why the database itself refuses a write; empty if it does not."""
    if not inside.has_storage(instance):
        return "the instance does not answer: it has lost its storage"
    if instance.is_replica:
        return "cannot execute INSERT in a read-only transaction (SQLSTATE 25006)"
    if instance.status == "storage-full":
        return "no space left on device (SQLSTATE 53100)"
    return ""


class SimulatedOutside:
    """Keeps the promises of `continuity.outside.Outside` in the simulated world. Never raises."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self._world = world
        self._platform = Platform(world, manifest)
        self._random = world.random(f"outside {manifest.zone}")
        self._databases = {database.name: database for database in manifest.databases}
        PROBER.give(world, self._probe)

    def served_by(self, name: str) -> Served:
        """Resolve the name afresh and say who answers there."""
        served = self._platform.served_by(self._look_up(name))
        self._wait(served is not Served.NOBODY)
        return served

    def answers(self, address: str, name: str) -> bool:
        """Say whether the platform behind an address answers for the zone's name."""
        site = self._reached(address, name)
        self._wait(site is not None)
        return site is not None

    def reached(self, address: str, name: str) -> Served:
        """Say who answers behind an address for the zone's name, the holding page included."""
        front = self._platform.front(self._look_up(address))
        known = name == self._platform.manifest.traffic.name
        served = Served.NOBODY
        if front is not None and known and self._platform.answers(front):
            served = Served.HOLDING_PAGE if front.holding else _SERVED[front.site]
        self._wait(served is not Served.NOBODY)
        return served

    def write(self, address: str, name: str, database: str) -> Written:
        """Write one row of a database through the application behind an address."""
        site = self._reached(address, name)
        self._wait(site is not None)
        if site is None or self._reached(address, name) is not site:
            return Written(ok=False, newest_before=None, reason=f"{address} does not answer")
        chosen = self._databases.get(database)
        if chosen is None:
            reason = f"the platform knows no database {database}"
            return Written(ok=False, newest_before=None, reason=reason)
        return self._write(site, chosen)

    def _write(self, site: SiteName, database: Database) -> Written:
        door = self._platform.door(site)
        instance = door.instance(database)
        if instance is not None and loading.progress(instance) is not None:
            self._world.clock.sleep(self._random.uniform(*loading.SLOWER_S))
        before = Content.of(self._world).mark(instance) if instance is not None else None
        refusal = door.write(database, self._world.clock.monotonic())
        if refusal or before is None:
            return Written(ok=False, newest_before=None, reason=refusal)
        newest = before.rows.committed(before.count - 1) if before.count else None
        return Written(ok=True, newest_before=None if newest is None else self._moment(newest))

    def _reached(self, address: str, name: str) -> SiteName | None:
        """Return the site whose platform answers for the zone's name behind any host name."""
        front = self._platform.front(self._look_up(address))
        if front is None or front.holding or name != self._platform.manifest.traffic.name:
            return None
        return front.site if self._platform.answers(front) else None

    def _look_up(self, name: str) -> str | None:
        try:
            return resolve(self._world, name)
        except Unanswerable:
            return None

    def _moment(self, seconds: float) -> datetime:
        clock = self._world.clock
        return clock.now() - timedelta(seconds=clock.monotonic() - seconds)

    def _probe(self, host: str, _path: str) -> bool:
        return self._platform.served_by(host) is not Served.NOBODY

    def _wait(self, answered: bool) -> None:
        low, high = ANSWER_S
        self._world.clock.sleep(self._random.uniform(low, high) if answered else TIMEOUT_S)


def _plain(address: str) -> str:
    return address.lower().rstrip(".").removeprefix("dualstack.")
