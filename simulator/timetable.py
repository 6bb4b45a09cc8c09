"""What is due when, by name: entries come, change and go while time passes.

`simulator.schedules` and `simulator.plans_on_time` keep one each. What an entry says is planned
once; an entry that says something else by now is planned anew, and one that is gone is not due.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from simulator.clock import TakeBack, VirtualClock

K = TypeVar("K")


@dataclass(frozen=True)
class _Planned:
    """What an entry said when it was planned."""

    says: object
    take_back: TakeBack


class Timetable(Generic[K]):
    """The next moment of each entry, on one clock."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._planned: dict[K, _Planned] = {}
        self._seen: datetime | None = None

    @property
    def since(self) -> datetime:
        """Return when somebody last looked at all entries, now if nobody ever did."""
        return self._seen or self._clock.now()

    def knows(self, key: K, says: object) -> bool:
        """Say whether an entry was planned as what it says."""
        known = self._planned.get(key)
        return known is not None and known.says == says

    def plan(self, key: K, says: object, moment: datetime | None, due: Callable[[], None]) -> None:
        """Let an entry be due at a moment, None never again, in the place of what was planned."""
        self._take_back(key)
        wait_s = 0.0 if moment is None else (moment - self._clock.now()).total_seconds()
        take_back = _nothing if moment is None else self._clock.at(wait_s, due)
        self._planned[key] = _Planned(says, take_back)

    def looked(self, there: Collection[K]) -> None:
        """Forget every entry but those that there are."""
        for key in self._planned.keys() - set(there):
            self._take_back(key)
        self._seen = self._clock.now()

    def _take_back(self, key: K) -> None:
        known = self._planned.pop(key, None)
        if known is not None:
            known.take_back()


def _nothing() -> None:
    """Of an entry that is never due again there is nothing to take back."""
