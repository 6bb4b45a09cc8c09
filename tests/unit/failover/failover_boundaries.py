"""What makes a method of the zone in memory a call: it is counted, takes time and can go wrong.

`conftest.py` loads it by its path: tests are no package.
"""

import functools
from collections.abc import Callable
from typing import Any

from cloud.failures import Ambiguous, Call, Denied, Throttled
from continuity.errors import HoldfastError


class Killed(BaseException):
    """The driver's process is gone: nothing may catch it."""


class Violation(BaseException):
    """A broken promise: even the engine's own boundary must not swallow it."""


def require(kept: object, promise: str) -> None:
    if not kept:
        raise Violation(promise)


def boundary(method: Callable) -> Callable:
    """Make a method a call that takes time and can go wrong, before or after its effect."""

    @functools.wraps(method)
    def call(self: Any, *arguments: object, **named: object) -> object:  # noqa: ANN401 - any zone
        fault = self.arrive(method.__name__)
        if fault == "kill before":
            raise Killed
        if fault == "pause":
            self.meanwhile()
        if fault in ("throttle", "denied", "timeout"):
            raise failure_of(fault, method.__name__)
        result = method(self, *arguments, **named)
        if fault == "kill after":
            raise Killed
        if fault == "lost reply":
            raise failure_of("timeout", method.__name__)
        return result

    return call


def failure_of(fault: str, operation: str) -> HoldfastError:
    kinds = {"throttle": Throttled, "denied": Denied, "timeout": Ambiguous}
    return kinds[fault](Call("fake", "eu-central-1", operation), f"{operation}: {fault}.", fault)
