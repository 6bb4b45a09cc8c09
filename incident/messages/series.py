"""What time makes necessary: the next person's page, the update that was promised. Pure.

`incident.messages.due` asks. Each series counts from an occasion, and from what the record says was
tried of it: however long nobody was there to deliver, people get one page, not ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.incidents import Kind
from incident.channels.channel import Audience, Moment
from incident.messages.arrangement import Arrangement, Route
from incident.messages.occasions import Occasion
from incident.messages.tellings import Sort, Telling, prefix, said
from incident.messages.view import View
from incident.record import Incident
from incident.states import State

ROUNDS = 3
"""How often the whole list of people is called before it falls silent (assumption)."""

TOLD_AFTER = 3
"""A channel that failed so often with one message is something that people ought to know."""

_SERVED = (State.MONITORING, State.CLOSED)


@dataclass(frozen=True)
class Step:
    """Where a series stands: the message of it that still counts, and the one that comes next."""

    current: str | None = None
    following: Telling | None = None


def acknowledged(found: Incident, since: Occasion) -> bool:
    """Say whether somebody has been at it since an occasion."""
    return any(one.number > since.number for one in found.of(Kind.ACKNOWLEDGED))


def page(view: View, route: Route) -> Step:
    """Return whose turn it is to be called, until somebody has acknowledged or it is over."""
    zone = view.zone
    starts = _starts(view.told, route)
    if not starts or view.found.state in _SERVED or acknowledged(view.found, starts[-1]):
        return Step()
    start = starts[-1]
    beginning = prefix(start, Sort.PAGE)
    tried = view.known.in_channel(route.channel, beginning)
    last = tried[-1].message if tried else None
    if len(tried) >= ROUNDS * max(1, len(zone.people)):
        return Step(last)
    at = start.at
    if tried:
        at = tried[-1].owed[0].at + zone.turn(len(tried) - 1).patience
    key, person = f"{beginning}{len(tried) + 1}", zone.turn(len(tried)).person
    return Step(last, Telling(key, Sort.PAGE, Moment.PAGE, start, at, person))


def _starts(told: Sequence[Occasion], route: Route) -> list[Occasion]:
    """Return the occasions at which a pager is first concerned, or again."""
    before = [False, *(one.found.severity in route.severities for one in told[:-1])]
    return [
        one
        for one, concerned in zip(told, before, strict=True)
        if one.found.severity in route.severities and (one.again or not concerned)
    ]


def update(view: View, route: Route) -> Step:
    """Return when customers are told anew what they know: as long as a run works on it.

    Where nobody but people can know how it goes, those inside are told that an update is missing.
    """
    found = view.found
    interval = view.zone.cadence.get(found.severity)
    promised = _promised(view)
    if interval is None or promised is None or found.state in _SERVED:
        return Step()
    going_on = bool(running(found))
    if route.audience is Audience.CUSTOMERS and going_on and said(view.told, route, paged=False):
        return _next(view, Sort.STILL, promised, route, interval)
    if route.audience is Audience.INSIDE and not going_on:
        return _next(view, Sort.MISSED, promised, route, interval)
    return Step()


def silent(view: View, route: Route) -> tuple[Telling, ...]:
    """Return what those inside hear of other channels that have failed again and again."""
    if route.audience is not Audience.INSIDE:
        return ()
    found = []
    for one in view.known.deliveries.values():
        failed = [each for each in one.outcomes if each.kind is Kind.UNDELIVERED]
        if one.channel != route.channel and len(failed) >= TOLD_AFTER:
            last = failed[TOLD_AFTER - 1]
            key = f"{prefix(view.told[0], Sort.SILENT)}{last.number}"
            found.append(
                Telling(key, Sort.SILENT, Moment.NOTE, view.told[0], last.at, about=last.text)
            )
    return tuple(found)


def running(found: Incident) -> tuple[str, ...]:
    """Return the runs of an incident that have not said that they ended."""
    ended = {key.rpartition(":")[0] for key in found.keys if key.endswith(":ended")}
    return tuple(one.run for one in found.runs if f"run:{one.run}@{one.site}" not in ended)


def next_update(occasion: Occasion, at: datetime, zone: Arrangement) -> datetime | None:
    """Return by when more is promised to whoever reads what is said at a moment."""
    interval = zone.cadence.get(occasion.found.severity)
    over = occasion.found.state in _SERVED or interval is None
    return None if over else at + (interval or timedelta())


def _promised(view: View) -> Telling | None:
    """Return the last thing that customers were to hear."""
    routes = [one for one in view.zone.routes if one.audience is Audience.CUSTOMERS]
    heard = [said(view.told, route, paged=False) for route in routes]
    last = [one[-1] for one in heard if one]
    return max(last, key=lambda one: one.occasion.number, default=None)


def _next(view: View, sort: Sort, promised: Telling, route: Route, interval: timedelta) -> Step:
    beginning = prefix(promised.occasion, sort)
    tried = view.known.in_channel(route.channel, beginning)
    last = tried[-1] if tried else None
    since = promised.at if last is None else last.owed[0].at
    moment = Moment.NOTE if sort is Sort.MISSED else promised.occasion.standing
    key = f"{beginning}{len(tried) + 1}"
    following = Telling(key, sort, moment, promised.occasion, since + interval)
    return Step(None if last is None else last.message, following)
