"""Changes that take time: a moto object is busy, and some virtual minutes later it is not.

Corrections call `busy` where AWS would answer at once and work on. A change belongs to a region:
while that is lost its time stands still. In `World.instantly()` everything is done on the spot.
"""

from collections.abc import Callable
from typing import Any

from simulator.operations import Change, Operation, Stage
from simulator.world import World, current

AVAILABLE = "available"


def busy(
    target: Any,  # noqa: ANN401 - moto's objects have no common base
    status: str,
    kind: str,
    *,
    then: Callable[[], None] | None = None,
    after: str = AVAILABLE,
) -> None:
    """Give a moto object a status for as long as such a change takes, then another.

    `then` runs at the end, just before the status changes. A later change of the same object
    takes its place: only the last one ends. The object needs a `status`; its region, name and
    `allocated_storage` (GB) are read where it has them.
    """
    turn = begin(target, kind)
    target.status = status

    def done() -> None:
        if not is_turn(target, turn):
            return
        if then is not None:
            then()
        end(target, kind, status=after)

    after_up(region_of(target), draw(target, kind), done)


def begin(target: Any, kind: str) -> object:  # noqa: ANN401 - as above
    """Take the object's turn from whatever changes it now, and return the new turn."""
    turn = target._holdfast_turn = object()
    current().tell_change(Change(kind, Stage.BEGAN, target))
    return turn


def is_changing(target: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether a change has begun that has not ended, whatever the status shows yet."""
    return getattr(target, "_holdfast_turn", None) is not None


def is_turn(target: Any, turn: object) -> bool:  # noqa: ANN401 - as above
    """Say whether nothing else has begun to change the object since `begin`."""
    return target._holdfast_turn is turn


def end(target: Any, kind: str, *, status: str, stage: Stage = Stage.ENDED) -> None:  # noqa: ANN401 - as above
    """Leave the object in a status, and tell who watches."""
    target._holdfast_turn = None
    target.status = status
    current().tell_change(Change(kind, stage, target))


def draw(target: Any, kind: str) -> float:  # noqa: ANN401 - as above
    """Draw how long this change of this object takes, and note it as an operation of AWS."""
    world = current()
    if world.instant:
        return 0.0
    size_gb = float(getattr(target, "allocated_storage", None) or 0.0)
    seconds = world.timings.draw(kind, world.random(f"durations/{kind}"), size_gb)
    world.operations.append(Operation(kind, name_of(target), world.clock.now(), seconds))
    return seconds


def after_up(region: str, seconds: float, callback: Callable[[], None]) -> None:
    """Run a callback when the region has been there for this many more seconds."""
    world = current()
    if world.instant:
        callback()
        return
    due = world.faults.up_s(region) + seconds
    world.clock.at(seconds, lambda: _when_due(world, region, due, callback))


def _when_due(world: World, region: str, due: float, callback: Callable[[], None]) -> None:
    def again() -> None:
        _when_due(world, region, due, callback)

    left = due - world.faults.up_s(region)
    if world.faults.region_lost(region):
        world.faults.when_returned(region, again)
    elif left > _ROUNDING_S:
        world.clock.at(left, again)
    else:
        callback()


_ROUNDING_S = 1e-6


def region_of(target: Any) -> str:  # noqa: ANN401 - as above
    """Return the region where a moto object lives."""
    found = getattr(target, "region", None) or getattr(target, "region_name", None)
    return str(found or target.backend.region_name)


def name_of(target: Any) -> str:  # noqa: ANN401 - as above
    """Return an object's ARN, or its name where it has none."""
    return str(getattr(target, "arn", None) or getattr(target, "name", None) or target)
