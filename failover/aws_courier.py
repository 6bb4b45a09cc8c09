"""Messages while a failover runs: `failover.courier.Courier` on the record in AWS.

As `failover.aws_record`, it asks the standby's region alone, and briefly. Each channel has a short
timeout of its own, and all of them are waited for side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cloud.clients import Reach
from cloud.permitted import permitted
from continuity.incidents import DELIVERY
from continuity.permissions import READ_INCIDENTS, WRITE_INCIDENTS
from failover.aws_record import WITHIN_S
from incident.book import Book, Noted, Shelf
from incident.declare import Words
from incident.messages.opening import Sender
from incident.record import Incident

TURNS_S = 5.0
"""After so long no further turn begins: what is left is for the next pause."""


@dataclass(frozen=True)
class AwsCourier:
    """Delivers what the standby's record owes."""

    sender: Sender

    @permitted(READ_INCIDENTS, WRITE_INCIDENTS, *DELIVERY)
    def deliver(self) -> datetime | None:
        """Deliver what is owed; return when there is more to do."""
        if not self.sender.channels or not self.sender.manifest.standby_site.incident_table:
            return None
        return self.sender.outbox(_Near(self.sender)).deliver(TURNS_S).next_at


@dataclass(frozen=True)
class _Near:
    """The standby's log: each reading and each writing has a few seconds of its own."""

    sender: Sender

    def read(self) -> Shelf:
        return self._book.read()

    def write(self, rule: Callable[[tuple[Incident, ...]], Words]) -> Noted:
        return self._book.write(rule)

    @property
    def _book(self) -> Book:
        manifest = self.sender.manifest
        near = {manifest.standby: Reach.IMPAIRED}
        return Book(self.sender.cloud.within(WITHIN_S), manifest, near)
