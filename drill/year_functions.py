"""The code of the zone's functions, run in this process when a schedule or a topic asks for it.

`drill.year` gives it to the simulated Lambda: the real handlers on real boto3 clients that sign
with the function's own role. Whom a zone would tell something hears nothing of a rehearsal.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from backup import handler
from cloud.clients import Clients
from cloud.door import Cloud
from incident import handler as incident_handler
from incident.channels.http import NoAnswer, Reply, Request
from simulator.attempt import NotSimulated
from simulator.invocations import Surroundings
from simulator.world import World

T = TypeVar("T")


class Nobody:
    """A wire that leads to nobody."""

    def send(self, request: Request) -> Reply:
        """Refuse; a rehearsal tells no real people anything."""
        raise NoAnswer(f"{request.url} is not asked in a rehearsal", sent=False)


def _incident(cloud: Cloud, environment: Mapping[str, str], event: Mapping[str, Any]) -> object:
    run = f"{cloud.clock.monotonic():.3f}"
    return incident_handler.answer(cloud, incident_handler.Site(environment, run, Nobody()), event)


HANDLERS: Mapping[str, Callable[[Cloud, Mapping[str, str], Mapping[str, Any]], object]] = {
    "backup.handler.run": handler.answer,
    "incident.handler.run": _incident,
}
"""What a function's declared handler is when its surroundings are given to it."""


class OneByOne:
    """Workers of a function that is in no hurry: one task after the other, in the same thread."""

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run all tasks and return their results in the order of the tasks."""
        return [task() for task in tasks]


class Functions:
    """Every function of a world; `calls` are those to AWS, by name."""

    def __init__(self, world: World) -> None:
        self.calls: Counter[str] = Counter()
        self._world = world
        self._clients: dict[str, Clients] = {}

    def run(self, surroundings: Surroundings, event: Mapping[str, Any]) -> object:
        """Run a function once, as a process that was warm already."""
        does = HANDLERS.get(surroundings.handler)
        if does is None:
            raise NotSimulated(f"{surroundings.handler}: no code of this name is known here")
        cloud = Cloud(
            self._world.clock,
            OneByOne(),
            seed=self._world.seed,
            clients=self._clients_of(surroundings),
        )
        try:
            return does(cloud, surroundings.environment, event)
        finally:
            self.calls.update(cloud.budget.counts())

    def _clients_of(self, surroundings: Surroundings) -> Clients:
        signs = surroundings.signs
        if surroundings.arn not in self._clients:
            self._clients[surroundings.arn] = Clients(
                credentials=(signs.access_key, signs.secret_key, signs.token)
            )
        return self._clients[surroundings.arn]
