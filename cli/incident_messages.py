"""What a command of `holdfast incident` delivers after it has written, and how it says so.

`cli.incident_answers` tells it with each answer; `cli.incident_deliver` is the command for it.
What does not arrive is no failure of the command: it is owed, and whoever comes next tries again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from continuity.errors import HoldfastError

if TYPE_CHECKING:
    from datetime import datetime

    from cli.incident_options import Desk
    from incident.messages.outbox import Result

WITHIN_S = 20.0
"""How long a command that has something else to say begins to deliver."""


@dataclass(frozen=True)
class Delivered:
    """What was delivered and what was not, and why nothing could be; `next_at` is when to go on."""

    results: "tuple[Result, ...]" = ()
    trouble: str = ""
    next_at: "datetime | None" = None

    def as_json(self) -> list[dict[str, object]]:
        """Return a row a message; `why` is null where it arrived."""
        return [
            {
                "channel": one.due.channel,
                "moment": str(one.due.message.moment),
                "title": one.due.message.title,
                "text": one.due.message.text,
                "person": one.due.message.person,
                "attempt": one.due.attempt,
                "why": None if one.failure is None else one.failure.why,
            }
            for one in self.results
        ]

    def lines(self) -> Sequence[str]:
        """Return a sentence a message."""
        told = [_line(one) for one in self.results]
        return [*told, f"Messages wait: {self.trouble}"] if self.trouble else told


def deliver(at: "Desk", *, patient: bool = True) -> Delivered:
    """Deliver what the zone's record owes."""
    session = at.session
    if not session.channels:
        return Delivered()
    try:
        found = session.sender.outbox(at.book, patient=patient).deliver(WITHIN_S)
    except HoldfastError as error:
        return Delivered(trouble=str(error))
    return Delivered(found.results, next_at=found.next_at)


def _line(one: "Result") -> str:
    message = one.due.message
    to = f"{one.due.channel} for {message.person}" if message.person else one.due.channel
    if one.failure is None:
        return f"Told {to}: {message.moment}: {message.title}"
    return f"Not told {to}, and tried again later: {one.failure.why}"
