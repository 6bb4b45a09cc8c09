"""The channels of a zone, read and checked: whom it tells what happens, and where.

`stacks.settings` calls `read_channels`; `stacks.channels` declares what they need, and the manifest
carries them to `incident.channels`. The words are the manifest's (`continuity.channels`); what is
added here is what only makes sense of a whole zone.
"""

import re
from collections.abc import Sequence

from continuity import channels
from continuity.channels import ADDRESS, Channels
from continuity.reading import Reader

KEY = "channels"
_MOST_SUBSCRIBERS = 500
"""Ten mails of 50 recipients each: more is for a mailing list, of which the address stands here."""


def read_channels(reader: Reader) -> Channels:
    """Read `channels` of a zone; a zone without it tells nobody."""
    if not reader.has(KEY):
        return Channels()
    section = reader.section(KEY)
    found = channels.read(section)
    if found.email:
        _check_subscribers(section.section("email"), found.email.subscribers)
    if found.escalation and not found.pagerduty:
        section.note("escalation", "names people, but no channel pages them: add pagerduty")
    _refuse_repeated(section, "escalation", [turn.person for turn in found.escalation])
    if found.status_page:
        page = section.section("status_page")
        _refuse_repeated(page, "components", found.status_page.components)
    return found


def _check_subscribers(section: Reader, subscribers: Sequence[str]) -> None:
    if section.has("subscribers") and not subscribers:
        section.note("subscribers", "is empty: leave email out, or name somebody")
    if len(subscribers) > _MOST_SUBSCRIBERS:
        section.note(
            "subscribers",
            f"names {len(subscribers)}, {_MOST_SUBSCRIBERS} are allowed: name a mailing list",
        )
    wrong = [n for n, one in enumerate(subscribers) if re.fullmatch(ADDRESS, one) is None]
    for number in wrong:
        section.note(f"subscribers[{number}]", "is no address such as somebody@example.com")
    _refuse_repeated(section, "subscribers", subscribers)


def _refuse_repeated(section: Reader, key: str, names: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for number, name in enumerate(names):
        if name in first:
            section.note(f"{key}[{number}]", f"is also {key}[{first[name]}]")
        first.setdefault(name, number)
