"""Which channels are still to be told of a notice, and in which words. Pure.

`maintenance.tell` delivers it. Work is no trouble, so severities decide nothing: everybody whom a
zone's channels reach among customers and colleagues hears that it was announced, and who was told
that hears when it is withdrawn. Nobody is called, and no ticket is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.incidents import IncidentEntry, Kind
from incident.channels.channel import Audience, Message, Moment
from incident.messages.arrangement import Arrangement, Route
from incident.messages.due import Due
from incident.messages.ledger import Delivery, ledger
from incident.messages.words import local, rendered
from maintenance.notice import Notice, notices

READERS = (Audience.CUSTOMERS, Audience.INSIDE)
_ANNOUNCED, _WITHDRAWN = "announced", "withdrawn"


@dataclass(frozen=True)
class PublicWork:
    """All that customers are told of work; its hours stand in the zone's own time."""

    name: str
    kind: str
    what: str
    starts: str
    ends: str


def messages_due(log: Sequence[IncidentEntry], zone: Arrangement, now: datetime) -> tuple[Due, ...]:
    """Return what is owed of the notice of a log; nothing once its hours are over.

    Whoever asks wants it said now: a channel that failed is tried again at once. Where somebody
    else is at it, or was cut off, it is `claimed` for a minute.
    """
    found = next(iter(notices(log)), None)
    if found is None or now >= found.work.ends:
        return ()
    routes = [one for one in zone.routes if one.audience in READERS]
    return tuple(due for route in routes for due in _due(found, log, route, zone, now))


def _due(
    found: Notice, log: Sequence[IncidentEntry], route: Route, zone: Arrangement, now: datetime
) -> Iterator[Due]:
    known = ledger(log)
    news = _news(found)
    heard_of = known.of(_key(found, _ANNOUNCED), route.channel) is not None
    delivery = known.of(_key(found, news), route.channel)
    if news == _WITHDRAWN and not heard_of:
        return
    if delivery is not None and _arrived(delivery):
        return
    message = _message(found, news, route.audience, zone, _reason(log))
    attempt = 1 if delivery is None else len(delivery.owed) + 1
    until = None if delivery is None else delivery.claimed_until
    claimed = until is not None and now < until
    reference = known.references.get(route.channel, "")
    yield Due(route.channel, message, attempt, reference, until or now, claimed)


def told(found: Notice, log: Sequence[IncidentEntry]) -> tuple[str, ...]:
    """Return the channels that have the newest of a notice: that it stands, or is withdrawn.

    `log` is what was said of this one, as for `messages_due`.
    """
    key = _key(found, _news(found))
    rows = ledger(log).deliveries.values()
    return tuple(one.channel for one in rows if one.message == key and _arrived(one))


def _arrived(delivery: Delivery) -> bool:
    return delivery.last is not None and delivery.last.kind is Kind.DELIVERED


def _message(
    found: Notice, news: str, audience: Audience, zone: Arrangement, reason: str
) -> Message:
    work = found.work
    kind = "Urgent" if work.emergency else "Planned"
    hours = {"starts": local(work.starts, zone.timezone), "ends": local(work.ends, zone.timezone)}
    names = (f"{news}.{audience}.j2",)
    if audience is Audience.CUSTOMERS:
        words = rendered(names, public=PublicWork(zone.name, kind, work.what, **hours))
    else:
        facts = {"zone": zone.zone, "kind": kind, "what": work.what, "reason": reason, **hours}
        words = rendered(names, notice=found.id, by=found.by, **facts)
    title, _, text = words.partition("\n")
    return Message(
        key=_key(found, news),
        incident=found.id,
        zone=zone.zone,
        severity="",
        moment=Moment.MAINTENANCE if news == _ANNOUNCED else Moment.RESOLVED,
        title=title,
        text=text.strip(),
        at=found.withdrawn_at or found.announced_at,
        starts=work.starts,
        ends=work.ends,
    )


def _news(found: Notice) -> str:
    return _ANNOUNCED if found.withdrawn_at is None else _WITHDRAWN


def _key(found: Notice, news: str) -> str:
    return f"{found.id}:{news}"


def _reason(log: Sequence[IncidentEntry]) -> str:
    said = [str(one.data["reason"]) for one in log if one.kind is Kind.WITHDRAWN]
    return said[-1] if said else ""
