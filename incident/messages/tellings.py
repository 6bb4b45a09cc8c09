"""Who hears what: from occasions to what is said in one channel, before it has words. Pure.

`incident.messages.due` asks. A channel begins with the first occasion of a severity that it is
for, and then hears all of the incident to its end, however mild that becomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incident.channels.channel import ASIDE, Audience, Moment
from incident.messages.arrangement import Route
from incident.messages.occasions import Occasion

_FOR_ON_CALL = frozenset({Moment.ACKNOWLEDGED, Moment.RESOLVED})


class Sort(StrEnum):
    """Why something is said: it happened, or time passed in which something did not."""

    SAID = "said"
    PAGE = "page"  # nobody has acknowledged yet
    STILL = "still"  # the update that was promised, by itself: a run goes on
    MISSED = "missed"  # the update that was promised was not given
    SILENT = "silent"  # a channel takes nothing


@dataclass(frozen=True)
class Telling:
    """One thing to say in one channel. `at` may lie ahead where time decides.

    `about` is what a template cannot know: why a channel is silent.
    """

    key: str
    sort: Sort
    moment: Moment
    occasion: Occasion
    at: datetime
    person: str = ""
    about: str = ""


def said(told: Sequence[Occasion], route: Route, *, paged: bool) -> tuple[Telling, ...]:
    """Return what a channel hears of what happened; `paged`: it has called somebody already."""
    if route.audience is Audience.ON_CALL:
        heard = [(one, one.moment) for one in told if paged and one.moment in _FOR_ON_CALL]
    else:
        heard = _heard(_from_first(told, route), route.audience)
    return tuple(_telling(one, moment, route) for one, moment in heard)


def prefix(occasion: Occasion, sort: Sort) -> str:
    """Return how the keys of a series begin that counts from an occasion."""
    return f"{occasion.found.id}:{occasion.number}:{sort}:"


def sort_of(key: str) -> Sort:
    """Return the sort of a message from its key."""
    return Sort(key.split(":")[2])


def _from_first(told: Sequence[Occasion], route: Route) -> Sequence[Occasion]:
    rated = [one.found.severity in route.severities for one in told]
    return told[rated.index(True) :] if True in rated else ()


def _heard(told: Sequence[Occasion], audience: Audience) -> list[tuple[Occasion, Moment]]:
    if audience is not Audience.CUSTOMERS:
        return [(one, one.moment) for one in told]
    heard = []
    for place, one in enumerate(told):
        if one.moment not in ASIDE:
            heard.append((one, one.moment))
        elif place == 0 or one.public:
            heard.append((one, one.standing))
    return heard


def _telling(occasion: Occasion, moment: Moment, route: Route) -> Telling:
    key = f"{prefix(occasion, Sort.SAID)}{route.audience}:{moment}"
    return Telling(key, Sort.SAID, moment, occasion, occasion.at)
