"""The calendar of what goes wrong in a world, when, and for whom.

A scenario is a list of `Fault` rows (`simulator.fault`). `Faults` begins and ends them on the
world's clock; `simulator.transport` asks it before each call, the lifecycle and replication ask
whether a condition holds. Nothing here imports moto: usage errors are answered without it.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from random import Random

from continuity.errors import InvalidInput
from simulator.clock import VirtualClock
from simulator.fault import CALL_KINDS, STOPPING_KINDS, Fault, FaultKind, problems

__all__ = ["Fault", "FaultKind", "Faults"]


@dataclass
class _Running:
    """A fault between its begin and its end, with its own stream of luck."""

    fault: Fault
    random: Random
    hits: int = field(default=0)

    def hit(self) -> bool:
        """Draw whether the fault strikes now, and count it."""
        fault = self.fault
        if fault.times is not None and self.hits >= fault.times:
            return False
        if fault.rate < 1.0 and self.random.random() >= fault.rate:
            return False
        self.hits += 1
        return True

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.hits >= self.fault.times


def _parts(fault: Fault) -> list[Fault]:
    """Return a region that flaps as the losses that make it; any other fault as it is."""
    if fault.kind is not FaultKind.REGION_FLAPS:
        return [fault]
    half_s, whole_s = fault.seconds or 0.0, fault.lasts_s or 0.0
    losses = range(math.ceil(whole_s / (2 * half_s)))
    return [
        replace(
            fault,
            kind=FaultKind.REGION_LOST,
            at_s=fault.at_s + 2 * half_s * number,
            lasts_s=min(half_s, whole_s - 2 * half_s * number),
        )
        for number in losses
    ]


class Faults:
    """The faults of one world, on its clock."""

    def __init__(self, clock: VirtualClock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._running: list[_Running] = []
        self._lost_since: dict[str, float] = {}
        self._lost_before: dict[str, float] = {}
        self._awaiting: dict[str, list[Callable[[], None]]] = {}
        self._watchers: list[Callable[[str, bool], None]] = []
        self._change_watchers: list[Callable[[], None]] = []
        self._kind_watchers: dict[FaultKind, list[Callable[[Fault, bool], None]]] = {}

    def schedule(self, faults: Iterable[Fault], origin: float) -> None:
        """Begin and end each fault on the clock; `origin` is the clock's second of `at_s` 0.

        Raises `InvalidInput` before anything is scheduled if a row cannot be simulated.
        """
        rows = list(faults)
        if wrong := problems(rows):
            raise InvalidInput("the scenario's faults", wrong)
        for fault in (part for row in rows for part in _parts(row)):
            running = _Running(fault, Random(self._random.getrandbits(64)))
            begin = origin + fault.at_s - self._clock.monotonic()
            self._clock.at(begin, lambda running=running: self._begin(running))  # type: ignore[misc]

    def region_lost(self, region: str) -> bool:
        """Say whether a region is gone now."""
        return region in self._lost_since

    def up_s(self, region: str) -> float:
        """Return the seconds since the start during which a region was there."""
        lost_s = self._lost_before.get(region, 0.0) + self.lost_for_s(region)
        return self._clock.monotonic() - lost_s

    def lost_for_s(self, region: str) -> float:
        """Return for how long a region has been gone by now; 0 while it is there."""
        now = self._clock.monotonic()
        return now - self._lost_since.get(region, now)

    def when_returned(self, region: str, callback: Callable[[], None]) -> None:
        """Run a callback at the moment a lost region returns, if ever."""
        self._awaiting.setdefault(region, []).append(callback)

    def on_region(self, watcher: Callable[[str, bool], None]) -> None:
        """Tell a watcher `(region, lost)` whenever a region goes or returns."""
        self._watchers.append(watcher)

    def on_kind(self, kind: FaultKind, watcher: Callable[[Fault, bool], None]) -> None:
        """Tell a watcher `(fault, begins)` as a fault of a kind begins or ends, before others."""
        self._kind_watchers.setdefault(kind, []).append(watcher)

    def on_change(self, watcher: Callable[[], None]) -> None:
        """Tell a watcher after any fault has begun or ended."""
        self._change_watchers.append(watcher)

    def pick(
        self,
        region: str,
        service: str,
        operation: str,
        kinds: frozenset[FaultKind] = CALL_KINDS,
        *,
        after: bool = True,
    ) -> Fault | None:
        """Return the fault of some kinds that strikes this call, and count the hit."""
        for running in self._running:
            fault = running.fault
            if (
                fault.kind in kinds
                and fault.after is after
                and fault.region in (None, region)
                and fault.service in (None, service)
                and fnmatchcase(operation, fault.operation or "*")
                and running.hit()
            ):
                return fault
        return None

    @property
    def any_hold(self) -> bool:
        """Say whether any fault but the loss of a region holds now."""
        return bool(self._running)

    def active(
        self, kind: FaultKind, *, region: str | None = None, database: str | None = None
    ) -> Fault | None:
        """Return the fault of this kind that holds for a region and database, if any does."""
        running = self._find(kind, region, {database})
        return running.fault if running else None

    def strike(self, kind: FaultKind, region: str, names: Iterable[str]) -> Fault | None:
        """Like `active` for a database of several names, and count the hit: `times` runs down."""
        running = self._find(kind, region, set(names))
        return running.fault if running and running.hit() else None

    def _find(
        self, kind: FaultKind, region: str | None, names: set[str] | set[str | None]
    ) -> _Running | None:
        for running in self._running:
            fault = running.fault
            if (
                fault.kind is kind
                and not running.spent
                and (fault.region is None or fault.region == region)
                and (fault.database is None or fault.database in names)
            ):
                return running
        return None

    def _begin(self, running: _Running) -> None:
        fault = running.fault
        if fault.kind is FaultKind.REGION_RETURNS:
            self._return(fault.region or "")
        elif fault.kind is FaultKind.REGION_LOST:
            self._lose(fault.region or "")
        else:
            self._running.append(running)
            self._told(fault, begins=True)
        if fault.lasts_s is not None and fault.kind not in STOPPING_KINDS:
            self._clock.at(fault.lasts_s, lambda: self._end(running))
        self._changed()

    def _end(self, running: _Running) -> None:
        if running.fault.kind is FaultKind.REGION_LOST:
            self._return(running.fault.region or "")
        elif running in self._running:
            self._running.remove(running)
            self._told(running.fault, begins=False)
        self._changed()

    def _told(self, fault: Fault, *, begins: bool) -> None:
        for watcher in self._kind_watchers.get(fault.kind, []):
            watcher(fault, begins)

    def _changed(self) -> None:
        for watcher in self._change_watchers:
            watcher()

    def _lose(self, region: str) -> None:
        if region in self._lost_since:
            return
        self._lost_since[region] = self._clock.monotonic()
        for watcher in self._watchers:
            watcher(region, True)

    def _return(self, region: str) -> None:
        since = self._lost_since.pop(region, None)
        if since is None:
            return
        lost = self._clock.monotonic() - since
        self._lost_before[region] = self._lost_before.get(region, 0.0) + lost
        for callback in self._awaiting.pop(region, []):
            callback()
        for watcher in self._watchers:
            watcher(region, False)
