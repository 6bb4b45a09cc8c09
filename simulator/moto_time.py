"""moto's own idea of the time, put on the world's clock.

The world enters it. moto's modules each hold a reference to `moto.core.utils.utcnow`; modules
that are imported while a world is entered keep ours, so ours falls back to the system's time.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from unittest import mock

import botocore.endpoint
import botocore.retries.bucket
import botocore.waiter
import moto.core.utils

from simulator.clock import VirtualClock

_system_utcnow = moto.core.utils.utcnow
_clocks: list[VirtualClock] = []


def utcnow() -> datetime:
    """Return the world's moment as moto wants it: naive, in UTC."""
    if not _clocks:
        return _system_utcnow()  # type: ignore[no-any-return]
    return _clocks[-1].now().astimezone(UTC).replace(tzinfo=None)


def utc(moment: datetime) -> datetime:
    """Return a moment as moto keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


@contextmanager
def on(clock: VirtualClock) -> Iterator[None]:
    """Let moto read the time and botocore wait on this clock."""
    waiting = SimpleNamespace(**vars(time))
    waiting.sleep = clock.sleep
    waiting.time = lambda: clock.now().timestamp()
    telling = SimpleNamespace(**vars(time))
    telling.time = waiting.time
    with ExitStack() as undo:
        for module in _modules_that_tell_the_time():
            undo.enter_context(mock.patch.object(module, "utcnow", utcnow))
        for module in _models_that_hold_the_time():
            undo.enter_context(mock.patch.object(module, "time", telling))
        for module in (botocore.endpoint, botocore.waiter, botocore.retries.bucket):
            undo.enter_context(mock.patch.object(module, "time", waiting))
        _clocks.append(clock)
        undo.callback(_clocks.pop)
        yield


def _modules_that_tell_the_time() -> list[ModuleType]:
    return [
        module
        for name, module in sorted(sys.modules.copy().items())
        if name.startswith("moto.") and getattr(module, "utcnow", None) is _system_utcnow
    ]


def _models_that_hold_the_time() -> list[ModuleType]:
    """Return the models that ask Python itself: a creation time of ours has no place in a world."""
    return [
        module
        for name, module in sorted(sys.modules.copy().items())
        if name.startswith("moto.") and ".models" in name and getattr(module, "time", None) is time
    ]
