"""Clients of a zone: they look up its name, go where it points, and write to every database.

The drill starts it before the first fault; `simulator.truth` tells outages and losses from what
the clients were told. Everything runs in callbacks of the clock on moto's objects, so an hour of
traffic costs little and takes no virtual time from anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.zone import SiteName
from simulator.dns import resolve_with_ttl
from simulator.outages import Outages
from simulator.platform import Platform
from simulator.world import World

CLIENTS = 3
"""Enough that their caches expire at different moments; assumption."""

Stop = Callable[[], None]


@dataclass
class Client:
    """One client with a DNS cache of its own that keeps an answer for its TTL, never longer."""

    address: str | None = None
    expires: float = 0.0
    failing: frozenset[str] = frozenset()

    def look_up(self, world: World, name: str, first_ttl_share: float = 1.0) -> str | None:
        """Return the address to go to: the remembered one until its TTL has passed."""
        now = world.clock.monotonic()
        if self.address is None or now >= self.expires:
            answer = resolve_with_ttl(world, name)
            self.address = answer.address if answer else None
            self.expires = now + (answer.ttl_s * first_ttl_share if answer else 0.0)
        return self.address


class Traffic:
    """The clients of one zone. `acknowledged` counts the rows that they were told are safe.

    What a client was told is safe is committed in an instance (`simulator.content`); nothing
    else commits there but the engine's own probes, which are told the same.
    """

    def __init__(self, world: World, manifest: Manifest, interval_s: float = 1.0) -> None:
        self.outages = Outages(world.clock)
        self.acknowledged: dict[str, int] = {one.name: 0 for one in manifest.databases}
        self.platform = Platform(world, manifest)
        self._world = world
        self._manifest = manifest
        self._interval_s = interval_s
        self._every = frozenset(self.acknowledged)
        self._clients = [Client() for _ in range(CLIENTS)]
        self._stop: Stop = lambda: None

    def start(self) -> None:
        """Let the clients come every interval from now on."""
        stream = self._world.random(f"traffic {self._manifest.zone}")
        for client in self._clients:
            client.look_up(self._world, self._manifest.traffic.name, stream.random())
        self._stop = self._world.clock.every(self._interval_s, self._tick)

    def stop(self) -> None:
        """Let no client come any more."""
        self._stop()

    def _tick(self) -> None:
        arrivals: dict[SiteName, list[Client]] = {}
        for client in self._clients:
            address = client.look_up(self._world, self._manifest.traffic.name)
            front = self.platform.front(address)
            if front is None or front.holding or not self.platform.answers(front):
                self._tell(client, self._every)
            else:
                arrivals.setdefault(front.site, []).append(client)
        for site, clients in arrivals.items():
            self._serve(site, clients)

    def _serve(self, site: SiteName, clients: list[Client]) -> None:
        """Let the clients that came to a site in this instant write to every database there."""
        door = self.platform.door(site)
        moment, count = self._world.clock.monotonic(), len(clients)
        refused = []
        for database in self._manifest.databases:
            if door.write(database, moment, count):
                refused.append(database.name)
            else:
                self.acknowledged[database.name] += count
        told = frozenset(refused)
        for client in clients:
            self._tell(client, told)

    def _tell(self, client: Client, failing: frozenset[str]) -> None:
        """Note what changed for a client; mostly nothing does."""
        if failing == client.failing:
            return
        for name in sorted(failing - client.failing):
            self.outages.fails(name)
        for name in sorted(client.failing - failing):
            self.outages.works(name)
        client.failing = failing
