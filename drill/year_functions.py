"""The code of the zone's functions, run in this process when a schedule asks for it.

`drill.year` gives it to the simulated Lambda: the real handler on real boto3 clients that sign with
the function's own role.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from backup import handler
from cloud.clients import Clients
from cloud.door import Cloud
from simulator.attempt import NotSimulated
from simulator.invocations import Surroundings
from simulator.world import World

T = TypeVar("T")

HANDLERS: Mapping[str, Callable[[Cloud, Mapping[str, str], Mapping[str, str]], object]] = {
    "backup.handler.run": handler.answer,
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

    def run(self, surroundings: Surroundings, event: Mapping[str, str]) -> object:
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
