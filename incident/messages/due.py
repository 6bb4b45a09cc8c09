"""Which messages are owed now, one a channel, and when to look again. Pure.

`incident.messages.outbox` delivers them. Everything follows from the record and the time: whoever
looks, after whatever was killed, finds the same. A channel hears everything in order, so that what
it does not take holds up what comes after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from continuity.incidents import Kind
from incident.channels.channel import Audience, Message
from incident.messages.arrangement import Arrangement, Route
from incident.messages.ledger import Delivery
from incident.messages.series import page, silent, update
from incident.messages.tellings import Sort, Telling, said, sort_of
from incident.messages.view import View, view
from incident.messages.words import worded
from incident.record import Incident
from incident.states import State

FORGOTTEN = timedelta(hours=24)
"""So long after an incident's end nobody wants to hear of it any more."""


@dataclass(frozen=True)
class Due:
    """The next message of a channel. `not_before` lies ahead while it waits for another try.

    `claimed`: until then somebody is at it.
    """

    channel: str
    message: Message
    attempt: int
    reference: str
    not_before: datetime
    claimed: bool = False


@dataclass(frozen=True)
class Outlook:
    """What is owed, the next message of each channel, and when time alone makes one more due."""

    heads: tuple[Due, ...]
    ahead: tuple[datetime, ...] = ()

    def next_at(self, now: datetime) -> datetime | None:
        """Return when time alone makes something due; None: only if something happens."""
        waiting = [one.not_before for one in self.heads if one.not_before > now]
        return min((*waiting, *(at for at in self.ahead if at > now)), default=None)


def messages_due(found: Incident, zone: Arrangement, now: datetime) -> Outlook:
    """Return what is owed of an incident at a moment."""
    if _forgotten(found, now):
        return Outlook(())
    seen = view(found, zone)
    heads: list[Due] = []
    ahead: list[datetime] = []
    for route in zone.routes:
        if found.state is State.CLOSED and not seen.known.in_channel(route.channel):
            continue  # it was over before this channel was told of it
        step = (page if route.audience is Audience.ON_CALL else update)(seen, route)
        coming = step.following
        late = coming is not None and coming.at <= now
        if coming is not None and not late:
            ahead.append(coming.at)
        # What comes next takes the place of what did not arrive.
        extra = coming if late else None
        heads += _head(seen, route, extra, None if late else step.current, now)
    return Outlook(tuple(heads), tuple(ahead))


def _forgotten(found: Incident, now: datetime) -> bool:
    return any(now - one.at > FORGOTTEN for one in found.of(Kind.CLOSED))


def _head(
    seen: View, route: Route, coming: Telling | None, current: str | None, now: datetime
) -> list[Due]:
    """Return the first message that a channel lacks; at most one."""
    rows = _said(seen, route)
    if coming is not None:
        rows.append((coming.at, coming.key, coming))
    rows += [
        (one.words("", "").at, one.message, None)
        for one in seen.known.in_channel(route.channel)
        if not one.finished and (sort_of(one.message) is Sort.SAID or one.message == current)
    ]
    for _, key, telling in sorted(rows, key=lambda row: row[0]):
        delivery = seen.known.of(key, route.channel)
        if delivery is not None and not delivery.finished:
            return [_again(seen, delivery)]
        if delivery is None and telling is not None:
            message = worded(telling, seen, route.audience)
            reference = seen.known.references.get(route.channel, "")
            return [Due(route.channel, message, 1, reference, now)]
    return []


def _said(seen: View, route: Route) -> list[tuple[datetime, str, Telling | None]]:
    """Return what a channel hears of what happened, dated so that the order of the log stays."""
    rows: list[tuple[datetime, str, Telling | None]] = []
    for one in said(seen.told, route, paged=bool(seen.known.in_channel(route.channel))):
        at = max(one.at, rows[-1][0]) if rows else one.at
        rows.append((at, one.key, one))
    return [*rows, *((one.at, one.key, one) for one in silent(seen, route))]


def _again(seen: View, delivery: Delivery) -> Due:
    return Due(
        delivery.channel,
        delivery.words(seen.found.id, seen.zone.zone),
        len(delivery.owed) + 1,
        seen.known.references.get(delivery.channel, ""),
        delivery.not_before,
        claimed=delivery.claimed_until is not None,
    )
