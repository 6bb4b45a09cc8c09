"""Takes the picture: asks only what is needed, one sweep per service, and never raises.

`failover.engine` calls it once a tick. What cannot be read becomes a reading with its error:
missing is not zero.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from continuity.errors import HoldfastError
from failover.observation import Look, Observation, Reading, Wanted
from failover.run import Run
from failover.surroundings import Surroundings

T = TypeVar("T")

WATCH = Wanted(frozenset({Look.SERVING, Look.SERVING_REGION}))
LAG_WINDOW = timedelta(minutes=15)


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
    questions = _questions(around, run, wanted.identifiers)
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
    around: Surroundings, run: Run, identifiers: tuple[str, ...]
) -> Mapping[Look, Callable[[], object]]:
    manifest, sight, outside = around.manifest, around.sight, around.outside
    name = manifest.traffic.name
    front = manifest.serving_site.hosting.load_balancer
    since = (run.suspected_at or around.clock.now()) - LAG_WINDOW
    return {
        Look.SERVING: lambda: outside.answers(front, name),
        Look.SERVING_REGION: sight.serving_region_answers,
        Look.PUBLIC: lambda: outside.served_by(name),
        Look.INSTANCES: lambda: sight.instances(identifiers),
        Look.LAGS: lambda: sight.lags(identifiers, since),
        Look.RECOVERY_POINTS: sight.recovery_points,
        Look.HOSTING: sight.hosting,
        Look.LATCHES: sight.latches,
    }
