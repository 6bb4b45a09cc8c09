"""The door itself: every call to AWS is limited, counted, retried and translated here.

`failover` and `backup` hold one `Cloud`; a tick takes `cloud.within(seconds)` and asks the sweeps
of this room with `cloud.at(region)`. No other module of run time makes a call.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

from botocore import xform_name

from cloud.aws_time import AwsTime
from cloud.budget import CallBudget
from cloud.clients import Clients, Reach
from cloud.failures import FAMILIES, Call, NotStarted, Temporary, Throttled, translate
from cloud.limiter import Limiters
from cloud.retrying import persistent
from continuity.clock import Clock, Workers
from continuity.errors import HoldfastError

K = TypeVar("K")
T = TypeVar("T")


class OutcomeState(StrEnum):
    """How one task of `Door.each` ended."""

    DONE = "done"
    FAILED = "failed"
    NOT_STARTED = "not started"


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of one task: a value if done, otherwise the error."""

    state: OutcomeState
    value: T | None = None
    error: HoldfastError | None = None


class Cloud:
    """AWS, as run time sees it. `seed` decides the jitter, `ceiling` the most calls ever made."""

    def __init__(
        self,
        clock: Clock,
        workers: Workers,
        *,
        seed: int = 0,
        ceiling: int | None = None,
        clients: Clients | None = None,
    ) -> None:
        self.clock = AwsTime(clock)
        self.workers = workers
        self.budget = CallBudget(ceiling)
        self.clients = clients or Clients()
        self.limiters = Limiters(self.clock)
        self.random = Random(seed)
        self.until = float("inf")

    def within(self, seconds: float) -> "Cloud":
        """Return the same door with a bound: nothing starts later than so many seconds from now."""
        bounded = copy.copy(self)
        bounded.until = min(self.until, self.clock.monotonic() + seconds)
        return bounded

    def at(self, region: str, reach: Reach = Reach.HEALTHY) -> "Door":
        """Return the door to one region; IMPAIRED for anything that may be dead."""
        return Door(self, region, reach)


class Door:
    """One region at one reach. `operation` is written as AWS does: `DescribeDBInstances`."""

    def __init__(self, cloud: Cloud, region: str, reach: Reach) -> None:
        self.cloud = cloud
        self.region = region
        self.reach = reach
        self.clock = cloud.clock

    def read(self, service: str, operation: str, /, **arguments: object) -> dict[str, Any]:
        """Make a call that changes nothing; raises the errors of `cloud.failures`."""
        return self._call(Call(service, self.region, operation), arguments, changing=False)

    def change(self, service: str, operation: str, /, **arguments: object) -> dict[str, Any]:
        """Make a call that changes something and is safe to repeat: it may be sent twice."""
        return self._call(Call(service, self.region, operation), arguments, changing=True)

    def each(
        self, tasks: Mapping[K, Callable[["Door"], T]], budget_s: float = 20.0
    ) -> dict[K, Outcome[T]]:
        """Run tasks side by side, none starting after `budget_s`: the rest is for the next tick.

        Each task gets a door with that bound and makes one changing call. Only errors of ours
        become outcomes; a bug is raised.
        """
        door = self.cloud.within(budget_s).at(self.region, self.reach)
        outcomes = self.cloud.workers.run(
            [partial(_outcome, task, door) for task in tasks.values()]
        )
        return dict(zip(tasks, outcomes, strict=True))

    def _call(
        self, call: Call, arguments: Mapping[str, object], *, changing: bool
    ) -> dict[str, Any]:
        attempt = _Attempt(self, call, arguments, changing=changing)
        if not self.reach.patience_s:
            return attempt()
        return persistent(attempt, self.clock, attempt.until, self.cloud.random)


class _Attempt:
    """One call, tried once each time it is called."""

    def __init__(
        self, door: Door, call: Call, arguments: Mapping[str, object], *, changing: bool
    ) -> None:
        cloud, reach = door.cloud, door.reach
        patience = reach.patience_s or reach.connect_s + reach.read_s
        self.until = min(cloud.until, cloud.clock.monotonic() + patience)
        self._cloud = cloud
        self._call = call
        self._arguments = arguments
        self._limiter = cloud.limiters.of(call.service, call.region, changing=changing)
        self._client = partial(cloud.clients.of, call.service, call.region, reach)
        self._last: Temporary | None = None

    def __call__(self) -> dict[str, Any]:
        if not self._limiter.wait(self.until):
            # After an ambiguous first attempt "not started" would be a lie.
            raise self._last or NotStarted(
                self._call, f"{self._call} was not started: no time was left. It is next."
            )
        self._cloud.budget.spend(self._call.service, self._call.operation)
        try:
            reply = self._send()
        except FAMILIES as error:
            raise self._judge(translate(self._call, error)) from error
        self._limiter.succeeded()
        return reply

    def _send(self) -> dict[str, Any]:
        method = getattr(self._client(), xform_name(self._call.operation))
        asked = self._cloud.clock.monotonic()
        reply: dict[str, Any] = method(**self._arguments)
        self._cloud.clock.learn(reply, asked)
        if hasattr(reply.get("Body"), "read"):
            # A body that stops half-way must fail here, where it can be tried again.
            reply["Body"] = reply["Body"].read()
        return reply

    def _judge(self, failure: HoldfastError) -> HoldfastError:
        if isinstance(failure, Throttled):
            self._limiter.throttled()
            self._cloud.budget.throttle()
        if isinstance(failure, Temporary):
            self._last = failure
        return failure


def _outcome(task: Callable[[Door], T], door: Door) -> Outcome[T]:
    try:
        return Outcome(OutcomeState.DONE, task(door))
    except NotStarted as error:
        return Outcome(OutcomeState.NOT_STARTED, error=error)
    except HoldfastError as error:
        return Outcome(OutcomeState.FAILED, error=error)
