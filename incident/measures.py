"""How long an incident took, and which critical functions it hit since when. Pure.

`holdfast incident show` and the review tell both, messages to customers what is hit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.critical_functions import CriticalFunction, RestsOn
from continuity.incidents import IncidentEntry, Kind
from incident.record import Affected, Incident
from incident.states import ORDER, State


@dataclass(frozen=True)
class Durations:
    """Seconds since the incident began; None for what has not happened.

    `contained` counts to the first time, `recovered` to the last: what came again was not over.
    """

    detected_s: float
    acknowledged_s: float | None
    contained_s: float | None
    recovered_s: float | None


@dataclass(frozen=True)
class Hit:
    """A critical function that was not there, by which services; `until` None means still."""

    function: CriticalFunction
    services: tuple[str, ...]
    since: datetime
    until: datetime | None


def durations(found: Incident) -> Durations:
    """Return how long everything took, from the moment at which the incident began."""
    began = found.began_at
    acknowledged = found.of(Kind.ACKNOWLEDGED)[:1]
    contained = [one for one in found.entries if _reached(one, State.CONTAINED)][:1]
    watched = [one for one in found.entries if _reached(one, State.MONITORING)][-1:]
    over = found.state in (State.MONITORING, State.CLOSED)
    return Durations(
        detected_s=(found.declared_at - began).total_seconds(),
        acknowledged_s=_after(began, acknowledged),
        contained_s=_after(began, contained),
        recovered_s=_after(began, watched) if over else None,
    )


def impact(found: Incident, functions: Sequence[RestsOn]) -> tuple[Hit, ...]:
    """Return the critical functions hit, in the plan's order, each from first to last."""
    hits = [_hit(found.affected, one) for one in functions]
    return tuple(one for one in hits if one is not None)


def _hit(affected: Sequence[Affected], rests: RestsOn) -> Hit | None:
    rows = [one for one in affected if one.service in rests.services]
    if not rows:
        return None
    names = tuple(dict.fromkeys(one.service for one in rows))
    ends = [one.until for one in rows]
    known = [end for end in ends if end is not None]
    until = max(known) if len(known) == len(ends) else None
    return Hit(rests.function, names, min(one.since for one in rows), until)


def _reached(entry: IncidentEntry, state: State) -> bool:
    """Say whether an entry brought an incident to a state, or past it to one before the end."""
    moved = entry.data.get("state")
    if moved is None or moved == State.CLOSED:
        return False
    return ORDER.index(State(str(moved))) >= ORDER.index(state)


def _after(began: datetime, entries: Sequence[IncidentEntry]) -> float | None:
    # What a run dates by its own journal may come before what people stated.
    return max(0.0, (entries[0].at - began).total_seconds()) if entries else None
