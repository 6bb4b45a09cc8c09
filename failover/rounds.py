"""How much a tick looks at: two looks while all is well, more where something fails.

`failover.engine` holds one `Rounds`. Every few minutes it looks at everything in the background;
what it found is kept with its age until the next round, so that a served zone costs two calls a
tick. Nothing is decided here.
"""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from continuity.outside import Served
from failover import releases, signals
from failover.evidence import suspects
from failover.observation import Look, Observation, Reading, Wanted
from failover.observe import WATCH, observe
from failover.run import Run
from failover.surroundings import Surroundings

if TYPE_CHECKING:
    from continuity.restorable import RecoveryPoints

ROUND = timedelta(seconds=120)
"""How old what was seen in the background may become before everything is looked at again."""

STALE = timedelta(seconds=300)
"""Older than this, what was seen in the background says nothing any more."""

POINTS_ROUND = timedelta(minutes=15)
"""Recovery points are listed less often: in a large zone they fill many pages."""

TRIED = 16
"""Databases that a client tries to write to in one tick, at most: the doubtful ones, and a few."""

SAMPLE = 4
"""Databases of those that nothing speaks against which are tried in each round, in turn."""

BACKGROUND = frozenset({Look.PUBLIC, Look.INSTANCES, Look.LAGS, Look.HOSTING, Look.LATCHES})
KEPT = (
    Look.PUBLIC,
    Look.INSTANCES,
    Look.LAGS,
    Look.HOSTING,
    Look.LATCHES,
    Look.SERVING_HOSTING,
    Look.RECOVERY_POINTS,
    Look.ALARMS,
)


class Rounds:
    """Takes the pictures of a zone that has no plan, and remembers the last round."""

    def __init__(self) -> None:
        self._last: Observation | None = None
        self._points: Reading[RecoveryPoints] = Reading()

    def look(self, around: Surroundings, run: Run, standby: Reading[bool]) -> Observation:
        """Return one picture: what must be known now, and what the last round knew."""
        seen = observe(around, run, WATCH, standby)
        if not (seen.serving.value or seen.serving_region.value):
            return seen
        due = self._last is None or seen.now - self._last.now >= ROUND
        if due and seen.serving.value and standby.value:
            seen = _add(around, seen, _standby_looks(seen))
            seen = self._with_points(around, seen)
        seen = _add(around, seen, serving_looks(seen, due=due))
        seen = _add(around, seen, Wanted(frozenset({Look.ALARMS}) if due else frozenset()))
        seen = _add(around, seen, tried(seen, due=due))
        seen = _add(around, seen, self._public_looks(seen))
        seen = _add(around, seen, _release_looks(seen))
        if due:
            self._last = seen
        return self._with_last(seen)

    def _with_points(self, around: Surroundings, seen: Observation) -> Observation:
        """List the recovery points when it is time, and otherwise take the last list."""
        at = self._points.at
        if at is None or seen.now - at >= POINTS_ROUND:
            asked = Wanted(frozenset({Look.RECOVERY_POINTS}))
            self._points = observe(around, seen.run, asked, seen.standby_region).recovery_points
        return replace(seen, recovery_points=self._points)

    def _public_looks(self, seen: Observation) -> Wanted:
        """Follow where clients are led while a run is to be cleared, or they see the holding page.

        The front of a site that was closed may answer while nobody is led to it.
        """
        last = Served.NOBODY if self._last is None else self._last.public.value
        wanted = bool(seen.run.name) or last is Served.HOLDING_PAGE
        asked = not seen.serving.value or seen.public.asked
        return Wanted(frozenset({Look.PUBLIC}) if wanted and not asked else frozenset())

    def _with_last(self, seen: Observation) -> Observation:
        """Fill in what the last round knew and this tick did not ask, if it is not too old."""
        last = self._last
        if last is None or seen.now - last.now > STALE:
            return seen
        kept = {look.value: last.reading(look) for look in KEPT if not seen.reading(look).asked}
        return replace(seen, **kept)  # type: ignore[arg-type]


def _add(around: Surroundings, seen: Observation, wanted: Wanted) -> Observation:
    """Look at more; what was seen stays as it was."""
    if not wanted.looks:
        return seen
    found = observe(around, seen.run, wanted, seen.standby_region)
    return replace(seen, **{look.value: found.reading(look) for look in wanted.looks})  # type: ignore[arg-type]


def _standby_looks(seen: Observation) -> Wanted:
    manifest = seen.manifest
    names = tuple(each.members[manifest.standby].identifier for each in manifest.databases)
    return Wanted(BACKGROUND, identifiers=names)


def serving_looks(seen: Observation, *, due: bool) -> Wanted:
    """Return what to ask the serving region: all of it when due or when clients are not served."""
    if not seen.serving_region.value:
        return Wanted()
    manifest, named = seen.manifest, suspects(seen.run)
    everything = due or not seen.serving.value
    asked = tuple(
        each.members[manifest.active].identifier
        for each in manifest.databases
        if everything or each.name in named
    )
    looks = {Look.SERVING_INSTANCES} if asked else set()
    if everything:
        looks.add(Look.SERVING_HOSTING)
    return Wanted(frozenset(looks), serving=asked)


def tried(seen: Observation, *, due: bool) -> Wanted:
    """Return the databases that a client tries to write to: those in doubt, and a sample."""
    if not seen.serving.value:
        return Wanted()
    doubtful = [doubt.database.name for doubt in signals.doubts(seen)]
    known = {each.name for each in seen.manifest.databases}
    wanted = [*doubtful, *(name for name in suspects(seen.run) if name in known)]
    wanted += _sample(seen) if due else []
    names = tuple(dict.fromkeys(wanted))[:TRIED]
    return Wanted(frozenset({Look.WRITES}) if names else frozenset(), databases=names)


def _sample(seen: Observation) -> list[str]:
    """Return the few whose turn it is; the turn follows from the time of day alone."""
    names = [each.name for each in signals.ordered(seen.manifest)]
    turn = int(seen.now.timestamp() // ROUND.total_seconds()) * SAMPLE
    return [names[(turn + index) % len(names)] for index in range(min(SAMPLE, len(names)))]


def _release_looks(seen: Observation) -> Wanted:
    """Ask for earlier releases only where the newest one is blamed for a silent platform."""
    service = seen.serving_hosting.value
    blamed = service is not None and releases.at_fault(service, seen.now)
    if seen.serving.value or not blamed:
        return Wanted()
    return Wanted(frozenset({Look.RELEASES}))
