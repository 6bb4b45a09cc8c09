"""The code of the zones' functions, run in this process when a schedule or a topic asks for it.

`drill.year` and `holdfast simulator` give it to the simulated Lambda: the real handlers on real
boto3 clients that sign with the function's own role. Whom a zone tells something is simulated, or
hears nothing of it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from backup import handler
from cloud.clients import Clients
from cloud.door import Cloud
from incident import handler as incident_handler
from incident.channels.http import NoAnswer, Reply, Request, Wire
from simulator.invocations import NoCode, Surroundings
from simulator.world import World

T = TypeVar("T")


class Nobody:
    """A wire that leads to nobody."""

    def send(self, request: Request) -> Reply:
        """Refuse; a rehearsal tells no real people anything."""
        raise NoAnswer(f"{request.url} is not asked in a rehearsal", sent=False)


WireOf = Callable[[str], Wire]
"""By a zone's name: what reaches the services of its channels."""


def _backup(cloud: Cloud, found: Surroundings, event: Mapping[str, Any], _: WireOf) -> object:
    return handler.answer(cloud, found.environment, event)


def _incident(cloud: Cloud, found: Surroundings, event: Mapping[str, Any], wire: WireOf) -> object:
    run = f"{cloud.clock.monotonic():.3f}"
    told = wire(found.environment["HOLDFAST_ZONE"])
    return incident_handler.answer(
        cloud, incident_handler.Site(found.environment, run, told), event
    )


HANDLERS: Mapping[str, Callable[[Cloud, Surroundings, Mapping[str, Any], WireOf], object]] = {
    "backup.handler.run": _backup,
    "incident.handler.run": _incident,
}
"""What a function's declared handler is when its surroundings are given to it."""


class OneByOne:
    """Workers of a function that is in no hurry: one task after the other, in the same thread."""

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run all tasks and return their results in the order of the tasks."""
        return [task() for task in tasks]


class Functions:
    """Every function of a world; `calls` are those to AWS, by name.

    `wire` is asked by zone; where nobody gives one, nobody is told anything.
    """

    def __init__(self, world: World, wire: WireOf | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self._world = world
        self._wire = wire or (lambda _: Nobody())
        self._clients: dict[tuple[str, str], Clients] = {}

    def run(self, surroundings: Surroundings, event: Mapping[str, Any]) -> object:
        """Run a function once, as a process that was warm already.

        Raises:
            NoCode: nobody knows what this handler does.
            HoldfastError: as the function raises it.
        """
        does = HANDLERS.get(surroundings.handler)
        if does is None:
            raise NoCode(f"{surroundings.handler}: no code of this name is known here")
        cloud = Cloud(
            self._world.clock,
            OneByOne(),
            seed=self._world.seed,
            clients=self._clients_of(surroundings),
        )
        try:
            return does(cloud, surroundings, event, self._wire)
        finally:
            self.calls.update(cloud.budget.counts())

    def _clients_of(self, surroundings: Surroundings) -> Clients:
        signs = surroundings.signs
        key = surroundings.arn, signs.access_key
        if key not in self._clients:
            self._clients[key] = Clients(
                credentials=(signs.access_key, signs.secret_key, signs.token)
            )
        return self._clients[key]
