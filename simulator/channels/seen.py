"""What people have seen: the common memory of all simulated services, in order.

Every service of this package notes here; drills and tests read it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from continuity.clock import Clock


@dataclass(frozen=True)
class Seen:
    """One thing that came to somebody's eyes or ears.

    `what` is the service's own word (`reply`, `headline`, `update`, `page`, `comment`), `thread`
    what the service calls the thing that it belongs to, `state` the state that is shown with it.
    """

    at: datetime
    service: str
    what: str
    thread: str
    text: str
    state: str = ""


@dataclass
class Eyes:
    """Everything that was seen so far."""

    clock: Clock
    rows: list[Seen] = field(default_factory=list)

    def see(self, service: str, what: str, thread: str, text: str, state: str = "") -> None:
        """Note that people see something from now on."""
        self.rows.append(Seen(self.clock.now(), service, what, thread, text, state))

    def of(self, service: str) -> Iterator[Seen]:
        """Yield what was seen at one service."""
        return (row for row in self.rows if row.service == service)
