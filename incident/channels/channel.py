"""What every channel is: something that takes one rendered message and says what it called it.

The outbox (`incident`) renders a `Message` for a channel's audience, keeps it until it was
delivered, and gives the channel's own name for the incident back with the next message. One file
per service stands beside this one; `opening.py` builds those that a zone has configured.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Audience(StrEnum):
    """Who reads a channel, which decides the words: customers never read internal names."""

    INSIDE = "inside"
    CUSTOMERS = "customers"
    ON_CALL = "on call"
    TICKETS = "tickets"


class Moment(StrEnum):
    """What a message is about, in the order in which an incident usually meets them."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    HOLDING_PAGE = "holding page"
    RECOVERING = "recovering"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    MAINTENANCE = "maintenance"
    PAGE = "page"  # somebody must acknowledge
    ACKNOWLEDGED = "acknowledged"
    NOTE = "note"  # for the record: nothing changed for anybody


ASIDE = frozenset({Moment.PAGE, Moment.ACKNOWLEDGED, Moment.NOTE})
"""What changes nothing of how things stand: no customer is told of it, and no headline says it."""


@dataclass(frozen=True)
class Message:
    """One thing to say about one incident to one audience, rendered and ready to be read.

    `key` is the same each time the same message is tried and never that of another one; `at` is
    the moment it speaks of (aware, UTC), not the moment it is sent. `severity` is written as the
    record writes it, empty for work that is announced: `starts` and `ends` (aware) are its hours.
    `person` is whom a PAGE is for, as the zone's `escalation` names them.
    """

    key: str
    incident: str
    zone: str
    severity: str
    moment: Moment
    title: str
    text: str
    at: datetime
    person: str = ""
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """What the channel calls the thread, incident or ticket; empty where it has no name for it.

    It is given back as `reference` with the next message of the same incident, and may hold more
    than an identifier: nobody but the channel that wrote it reads it.
    """

    reference: str = ""


class Channel(Protocol):
    """One service that people read. It keeps nothing: all it must know comes with the call."""

    @property
    def name(self) -> str:
        """Return the channel's name in the zone's config: `slack`, `status-page`, ..."""

    @property
    def audience(self) -> Audience:
        """Return who reads it."""

    def deliver(self, message: Message, reference: str) -> Receipt:
        """Say it; `reference` is the last receipt of this incident here, "" for the first message.

        Returns within the channel's own short timeout (seconds), once the service has taken it.
        The same `key` may be delivered again after a lost answer or a killed controller: readers
        see it once wherever the service offers a means, and the channel's module says where not.

        Raises:
            TemporaryError: the service limits, fails or is silent; try again after its `delay`.
            PermanentError: trying again is useless until somebody does what the sentence says.
        """
