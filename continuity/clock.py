"""Time and concurrency as values that are passed in.

Every rule that needs the time takes a `Clock`; everything that runs side by side takes
`Workers`. The system's own live in `cloud`, the virtual ones in `simulator`: the engine cannot
tell them apart, which is what makes a drill of twelve hours last seconds.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean anything."""

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""


class Workers(Protocol):
    """A bounded number of hands that work side by side."""

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run all tasks concurrently and return their results in the order of the tasks.

        Every task is finished when this returns. The first error in task order is raised then.
        """
