"""From what is to be said to a message with words: one template for each moment and audience.

`incident.messages.due` calls `worded`. Customers' templates are given `Public` and nothing else:
no name of ours, no title and no sentence that somebody wrote for colleagues can get there.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from continuity.critical_functions import CriticalFunction
from incident.channels.channel import Audience, Message
from incident.measures import impact
from incident.messages.occasions import Occasion
from incident.messages.series import next_update
from incident.messages.tellings import Sort, Telling
from incident.messages.view import View

WHAT_CUSTOMERS_LACK = {
    CriticalFunction.PLATFORM_UPTIME: "signing in and working with the platform",
    CriticalFunction.DATA: "opening, searching and saving your data and files",
}
"""What customers do without when a function is hit; that we watch is nothing that they use."""


@dataclass(frozen=True)
class Public:
    """All that customers may be told. Moments stand in the zone's own time.

    `lacking` is what they have to do without, `following` by when they hear more, `words` what
    somebody wrote for them. `again`: it has come back; `still`: nothing is new.
    """

    name: str
    since: str
    at: str
    lacking: tuple[str, ...]
    following: str
    words: str
    again: bool
    still: bool


def worded(telling: Telling, seen: View, audience: Audience) -> Message:
    """Return a telling as the message that one audience reads."""
    occasion = telling.occasion
    if audience is Audience.CUSTOMERS:
        found = rendered(_name(telling, audience, occasion), public=_public(telling, seen))
    else:
        found = rendered(_name(telling, audience, occasion), **_inside(telling, seen))
    title, _, text = found.partition("\n")
    return Message(
        key=telling.key,
        incident=occasion.found.id,
        zone=seen.zone.zone,
        severity=str(occasion.found.severity),
        moment=telling.moment,
        title=title.strip(),
        text=text.strip(),
        at=telling.at,
        person=telling.person,
    )


def _name(telling: Telling, audience: Audience, occasion: Occasion) -> tuple[str, ...]:
    """Return the names of templates that fit, the closest first."""
    reader = audience.replace(" ", "-")
    if audience is Audience.CUSTOMERS and occasion.public and telling.sort is Sort.SAID:
        return (f"words.{reader}.j2",)
    of_time = telling.sort in (Sort.MISSED, Sort.SILENT)
    special = telling.sort if of_time else telling.moment.replace(" ", "-")
    return (f"{special}.{reader}.j2", f"{reader}.j2")


def _public(telling: Telling, seen: View) -> Public:
    found, zone = telling.occasion.found, seen.zone
    hit = [one.function for one in impact(found, zone.functions) if one.until is None]
    following = next_update(telling.occasion, telling.at, zone)
    return Public(
        name=zone.name,
        since=local(found.began_at, zone.timezone),
        at=local(telling.at, zone.timezone),
        lacking=tuple(WHAT_CUSTOMERS_LACK[one] for one in hit if one in WHAT_CUSTOMERS_LACK),
        following="" if following is None else local(following, zone.timezone),
        words=telling.occasion.public,
        again=telling.occasion.again,
        still=telling.sort is Sort.STILL,
    )


def _inside(telling: Telling, seen: View) -> dict[str, object]:
    occasion, zone = telling.occasion, seen.zone
    return {
        "found": occasion.found,
        "zone": zone.zone,
        "lines": tuple(one.text for one in occasion.entries),
        "since": local(occasion.found.began_at, zone.timezone),
        "at": local(telling.at, zone.timezone),
        "about": telling.about,
        "driven": any("run" in one.data for one in seen.found.entries),
    }


def local(moment: datetime, timezone: str) -> str:
    """Write a moment as people of a place read it, `03 March, 09:00 WET`."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%d %B, %H:%M %Z}"


def rendered(names: tuple[str, ...], **context: object) -> str:
    """Return the first template that there is, filled in: a line for the title, then the text."""
    return _templates().select_template(names).render(**context)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("incident.messages"),
        # Plain text: each channel escapes what its own form demands.
        autoescape=False,  # noqa: S701 - no HTML is made here
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
