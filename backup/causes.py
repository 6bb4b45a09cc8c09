"""What a zone has to be held for without anybody asking. Pure.

`backup.recovered` looks, `backup.automatic` places what `due` returns before the next deletion. A
cause that is on already is not placed twice: its hold's beginning says what was good before it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from backup import hold_rules
from backup.hold_rules import Hold, Standing
from backup.release_rules import Recovered


class Cause(StrEnum):
    """Why a zone is held by itself; the hold's name begins with it."""

    FAILING = "failing"  # an alarm about the zone's health has gone off: five minutes of failing
    STALE = "stale"  # the newest usable point of a series is older than the objective
    DAMAGED = hold_rules.DAMAGED  # a trial refuted a newest point, and no newer one is proven
    RESTORING = "restoring"  # a restore runs for which nobody holds: it reads what could go
    UNREADABLE = "unreadable"  # nobody knows the holds of a site


def due(found: Recovered, standing: Standing, rpo: timedelta, now: datetime) -> tuple[Hold, ...]:
    """Return the holds that have to be placed now, beside those that are on.

    A failover that is under way is held for under its own name, as it does itself.
    """
    on = {one.identifier for one in standing.holds}
    kinds = {one.identifier.partition("-")[0] for one in standing.holds if one.automatic}
    wanted = [
        Hold(f"{cause}-{now:%Y-%m-%d}", reason, now, automatic=True)
        for cause, reason in _causes(found, standing, rpo, now)
        if cause not in kinds
    ]
    if found.open_run:
        wanted.append(Hold(found.open_run, "a failover is under way", now, automatic=True))
    return tuple(one for one in wanted if one.identifier not in on)


def _causes(
    found: Recovered, standing: Standing, rpo: timedelta, now: datetime
) -> Iterator[tuple[Cause, str]]:
    if found.failing:
        yield Cause.FAILING, f"the zone is failing: {', '.join(found.failing)}"
    stale = [name for name in found.stale(rpo, now) if name not in found.never]
    if stale:
        hours = rpo / timedelta(hours=1)
        yield Cause.STALE, f"no usable point of the last {hours:.0f} h: {', '.join(stale)}"
    if found.damaged:
        yield (
            Cause.DAMAGED,
            f"a trial refuted the newest that was tried: {', '.join(found.damaged)}",
        )
    if found.restoring and not standing.holds:
        yield Cause.RESTORING, f"a restore is running: {', '.join(found.restoring)}"
    if standing.unreadable:
        yield Cause.UNREADABLE, f"the holds cannot be read: {', '.join(standing.unreadable)}"
