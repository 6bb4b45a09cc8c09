"""A world: moto behind real boto3 clients, on virtual time, with faults, everything written down.

    with World(seed=7) as world:
        boto3 calls take time, resources take minutes, and nothing leaves the machine

Drills, previews, the simulator's server and the functional tests enter one. While it is entered
the process is in it: `current()` returns it, and corrections of moto find it there. Entering
while another world is entered is refused: moto keeps its resources per process.
"""

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Self
from unittest import mock

from moto import mock_aws
from moto.core import responses
from moto.moto_api._internal import mock_random

from simulator import correction, guard, moto_time, spared_work
from simulator.call_log import Call, CallLog
from simulator.clock import VirtualClock
from simulator.faults import Faults
from simulator.operations import Change, Operation
from simulator.timings import TIMINGS, Timings
from simulator.transport import Transport

_METHODS = "method_names_from_class"

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
ACCOUNT = "123456789012"

_ENVIRONMENT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_RDS_SNAPSHOT_LIMIT": "1000000",  # moto counts automatic snapshots, AWS does not
}

_entered: list["World"] = []


def current() -> "World":
    """Return the world that the process is in; an error outside of one."""
    if not _entered:
        raise RuntimeError("this happens inside a world only: `with World(seed) as world: ...`")
    return _entered[-1]


def entered_seed() -> int:
    """Return the seed of the world that the process is in; 0 outside of one."""
    return _entered[-1].seed if _entered else 0


class World:
    """One simulated AWS, from its start until it is left. The same seed gives the same world.

    `calls` holds every call, `operations` what AWS worked on. `corrected=False` shows moto as it
    is, without the corrections of `simulator.corrections`. A `clock` given brings its own start.
    """

    def __init__(
        self,
        seed: int,
        *,
        start: datetime = START,
        corrected: bool = True,
        timings: Timings = TIMINGS,
        clock: VirtualClock | None = None,
    ) -> None:
        self.seed = seed
        self.corrected = corrected
        self.timings = timings
        self.clock = clock or VirtualClock(start)
        self.lock = threading.RLock()
        self.calls = CallLog()
        self.operations: list[Operation] = []
        self._streams: dict[str, random.Random] = {}
        self.faults = Faults(self.clock, self.random("faults"))
        self._effect_watchers: list[Callable[[Call], None]] = []
        self._change_watchers: list[Callable[[Change], None]] = []
        self._instant = 0
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        if _entered:
            raise RuntimeError("a world is entered already: moto keeps its resources per process")
        with ExitStack() as undo:
            found = correction.gather() if self.corrected else []
            undo.enter_context(_environment())
            undo.enter_context(guard.loopback_only())
            undo.enter_context(guard.guarded())
            undo.enter_context(_seeded(self.seed))
            undo.enter_context(mock_aws())
            undo.enter_context(spared_work.spared())
            undo.enter_context(moto_time.on(self.clock))
            undo.enter_context(Transport(self).installed())
            correction.apply(found, undo)
            # moto walks all of a service's methods at each call; while a world lasts they stay.
            undo.enter_context(
                mock.patch.object(responses, _METHODS, cache(getattr(responses, _METHODS)))
            )
            _entered.append(self)
            undo.callback(_entered.pop)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    def random(self, name: str) -> random.Random:
        """Return the world's own stream of chance of this name: one does not disturb another."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self.seed}/{name}")
        return self._streams[name]

    @property
    def instant(self) -> bool:
        """Say whether nothing takes time just now."""
        return self._instant > 0

    @contextmanager
    def instantly(self) -> Iterator[None]:
        """Let calls and changes take no time, meet no fault and leave no trace: for deploying."""
        self._instant += 1
        try:
            yield
        finally:
            self._instant -= 1

    def on_effect(self, watcher: Callable[[Call], None]) -> None:
        """Call a watcher at the instant at which a call has changed something."""
        self._effect_watchers.append(watcher)

    def on_change(self, watcher: Callable[[Change], None]) -> None:
        """Call a watcher when AWS begins, ends or fails to do something that takes time."""
        self._change_watchers.append(watcher)

    def tell_effect(self, call: Call) -> None:
        """Tell the watchers of effects; `simulator.attempt` does."""
        for watcher in self._effect_watchers:
            watcher(call)

    def tell_change(self, change: Change) -> None:
        """Tell the watchers of changes; `simulator.lifecycle` does."""
        for watcher in self._change_watchers:
            watcher(change)


@contextmanager
def _environment() -> Iterator[None]:
    """Take the process's own AWS settings away; moto gives it credentials that open nothing."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    with mock.patch.dict(os.environ, {**kept, **_ENVIRONMENT}, clear=True):
        yield


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed moto's identifiers and the global chance that botocore's back-off draws from."""
    ours, motos = random.getstate(), mock_random.getstate()
    random.seed(seed)
    mock_random.seed(seed)
    try:
        yield
    finally:
        random.setstate(ours)
        mock_random.setstate(motos)
