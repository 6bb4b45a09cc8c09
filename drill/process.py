"""One running controller as a process: it can die, freeze, and have its clock off.

`drill.controllers` starts one for each engine. Everything by which an engine reaches the world
passes here: its clock, its calls to AWS, its requests from outside.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from botocore.client import BaseClient

from cloud.clients import Clients, Reach
from continuity.outside import Outside, Served, Written
from simulator.faults import FaultKind
from simulator.world import World

T = TypeVar("T")

_KILLED = frozenset({FaultKind.CONTROLLER_KILLED})
_PAUSED = frozenset({FaultKind.CONTROLLER_PAUSED})


class Killed(BaseException):
    """The process is gone: nothing in it may catch this, clean up or write a last word."""


class Process:
    """A process in a world, from its start until it ends or is killed.

    `struck` says whether the scenario's faults concern it. After a kill `down_s` is how long it
    stays away; None means for ever. What is on the wire already reaches AWS all the same.
    """

    def __init__(self, world: World, *, struck: bool) -> None:
        self.down_s: float | None = None
        self._world = world
        self._struck = struck
        self._dead = False
        self._frozen_until = 0.0

    def now(self) -> datetime:
        """Return what the clock of its machine shows."""
        fault = self._world.faults.active(FaultKind.CLOCK_SKEW) if self._struck else None
        return self._world.clock.now() + timedelta(seconds=(fault.seconds or 0.0) if fault else 0.0)

    def monotonic(self) -> float:
        """Return seconds that no wrong time of day disturbs."""
        return self._world.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep, and longer if the process is frozen; a dead one does not wake up."""
        self._world.clock.sleep(seconds)
        self.live()

    def live(self) -> None:
        """Go on only if the process does: every thread of it passes here again and again."""
        while not self._dead and self._frozen_until > self.monotonic():
            self._world.clock.sleep(self._frozen_until - self.monotonic())
        if self._dead:
            raise Killed

    def call(
        self, region: str, service: str, operation: str, send: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """Make a call, unless the process stops before it; hear of it, unless it stops then."""
        self.live()
        if self._struck:
            self._strike(region, service, operation, after=False)
        reply = send()
        if self._struck:
            self._strike(region, service, operation, after=True)
        self.live()
        return reply

    def _strike(self, region: str, service: str, operation: str, *, after: bool) -> None:
        faults = self._world.faults
        paused = faults.pick(region, service, operation, _PAUSED, after=after)
        if paused is not None:
            self._frozen_until = self.monotonic() + (paused.lasts_s or 0.0)
        killed = faults.pick(region, service, operation, _KILLED, after=after)
        if killed is not None:
            self.down_s = killed.lasts_s
            self._dead = True
        self.live()


class ProcessClients(Clients):
    """AWS clients of a process. The real ones are shared: making them is what costs."""

    def __init__(self, clients: Clients, process: Process) -> None:
        self._clients = clients
        self._process = process

    def of(self, service: str, region: str, reach: Reach = Reach.HEALTHY) -> BaseClient:
        """Return a client whose calls pass through the process."""
        made: Any = _Client(self._clients.of(service, region, reach), self._process)
        stand_in: BaseClient = made
        return stand_in


class _Client:
    """A boto3 client, as far as `cloud.door` uses one: its methods are calls."""

    def __init__(self, client: BaseClient, process: Process) -> None:
        self._client = client
        self._process = process

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        client, process = self._client, self._process
        meta = client.meta
        operation = meta.method_to_api_mapping[name]
        service = meta.service_model.service_name

        def call(**arguments: object) -> dict[str, Any]:
            return process.call(
                meta.region_name, service, operation, lambda: getattr(client, name)(**arguments)
            )

        return call


class ProcessOutside:
    """Requests of a process from outside the zone; keeps the promises of `Outside`."""

    def __init__(self, outside: Outside, process: Process) -> None:
        self._outside = outside
        self._process = process

    def served_by(self, name: str) -> Served:
        """Ask who answers, as long as the process lives."""
        return self._living(lambda: self._outside.served_by(name))

    def answers(self, address: str, name: str) -> bool:
        """Ask whether a platform answers, as long as the process lives."""
        return self._living(lambda: self._outside.answers(address, name))

    def write(self, address: str, name: str, database: str) -> Written:
        """Write a row, as long as the process lives."""
        return self._living(lambda: self._outside.write(address, name, database))

    def _living(self, ask: Callable[[], T]) -> T:
        self._process.live()
        found = ask()
        self._process.live()
        return found
