"""Takes the picture: asks only what is needed, one sweep per service, and never raises.

`failover.engine` calls it once a tick. What cannot be read becomes a reading with its error:
missing is not zero.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from continuity.errors import HoldfastError
from continuity.outside import Written
from failover.observation import Instance, Look, Observation, Reading, Wanted
from failover.ports import Hands
from failover.run import Run
from failover.surroundings import Surroundings

T = TypeVar("T")

WATCH = Wanted(frozenset({Look.SERVING, Look.SERVING_REGION}))
LAG_WINDOW = timedelta(minutes=15)
WRITES_S = 15.0
"""No probing write starts later in a tick."""


def observe(
    around: Surroundings,
    run: Run,
    wanted: Wanted,
    standby: Reading[bool],
    beat: Callable[[], None] = lambda: None,
) -> Observation:
    """Return one picture of what is wanted; `standby` is how the lease's region answered.

    `beat` is called before each look: looks may be slow, and the lease must not grow old meanwhile.
    """
    now = around.clock.now()
    questions = _questions(around, run, wanted)
    readings: dict[str, Reading[object]] = {}
    for look in sorted(wanted.looks):
        if look in questions:
            beat()
            readings[look.value] = reading(now, questions[look])
    fields: Mapping[str, object] = {Look.STANDBY_REGION.value: standby, **readings}
    return Observation(now=now, manifest=around.manifest, run=run, **fields)  # type: ignore[arg-type]


def reading(now: datetime, ask: Callable[[], T]) -> Reading[T]:
    """Return what one probe found, or why it found nothing."""
    try:
        return Reading(now, ask(), None)
    except HoldfastError as error:
        return Reading(now, None, str(error))


def _questions(
    around: Surroundings, run: Run, wanted: Wanted
) -> Mapping[Look, Callable[[], object]]:
    manifest, sight, outside = around.manifest, around.sight, around.outside
    name = manifest.traffic.name
    front = manifest.serving_site.hosting.load_balancer
    since = (run.suspected_at or around.clock.now()) - LAG_WINDOW
    return {
        Look.SERVING: lambda: outside.answers(front, name),
        Look.SERVING_REGION: sight.serving_region_answers,
        Look.PUBLIC: lambda: outside.served_by(name),
        Look.INSTANCES: lambda: sight.instances(wanted.identifiers),
        Look.LAGS: lambda: sight.lags(wanted.identifiers, since),
        Look.RECOVERY_POINTS: sight.recovery_points,
        Look.HOSTING: sight.hosting,
        Look.LATCHES: sight.latches,
        Look.WRITES: lambda: _writes(around, wanted.databases),
        Look.SERVING_INSTANCES: lambda: _serving_instances(around, wanted.serving),
        Look.SERVING_HOSTING: sight.serving_hosting,
        Look.RELEASES: sight.releases,
        Look.ALARMS: sight.alarms,
        Look.ADDRESSES: sight.addresses,
    }


def _serving_instances(
    around: Surroundings, identifiers: Sequence[str]
) -> Mapping[str, Instance | None]:
    """Tell what does not exist from what nobody asked for."""
    found = around.sight.serving_instances(identifiers)
    return {identifier: found.get(identifier) for identifier in identifiers}


def _writes(around: Surroundings, databases: Sequence[str]) -> Mapping[str, Written]:
    """Write one row of each database side by side, as clients of the serving site do.

    A write that found no time is missing: it says nothing.
    """
    front = around.manifest.serving_site.hosting.load_balancer
    tasks = {name: partial(_write, front, name) for name in databases}
    attempts = around.crew.each(tasks, WRITES_S)
    return {name: one.value for name, one in attempts.items() if one.value is not None}


def _write(front: str, database: str, hands: Hands) -> Written:
    return hands.write(front, database)
