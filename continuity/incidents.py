"""What the record of incidents is made of: numbered entries of one log for each site of a zone.

`cloud.incidents` stores them, `incident` makes incidents of them and says which may follow. Beside
them stands what the role may do that keeps the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from continuity.journal import Fact
from continuity.permissions import (
    READ_CHANNEL_SECRET,
    READ_INCIDENTS,
    READ_JOURNAL,
    READ_MANIFEST,
    READ_PROOFS,
    SEND_MAIL,
    WHO_AM_I,
    WRITE_INCIDENTS,
    Permission,
)


class Source(StrEnum):
    """Where an entry comes from."""

    PERSON = "person"
    ALARM = "alarm"
    RUN = "run"  # a failover: its diagnosis, and how far it is
    CHANNEL = "channel"  # what people were told where


class Kind(StrEnum):
    """The closed list of things that a record of an incident says."""

    DECLARED = "declared"
    REPORTED = "reported"  # another report, alarm or run of the same incident
    ACKNOWLEDGED = "acknowledged"
    MOVED = "moved"  # to another state
    RATED = "rated"  # another severity
    ASSIGNED = "assigned"  # a role
    AFFECTED = "affected"
    RESTORED = "restored"
    NOTED = "noted"
    CLOSED = "closed"
    ANNOUNCED = "announced"  # work on the zone, in a log of its own (`maintenance`)
    WITHDRAWN = "withdrawn"
    CAUSE = "cause"  # as stated in the review
    IMPROVEMENT = "improvement"  # something to do, by whom and until when
    IMPROVED = "improved"
    REVIEWED = "reviewed"  # people sat together; what they found stands above
    OWED = "message owed"  # somebody is about to deliver it
    DELIVERED = "message delivered"
    UNDELIVERED = "message not delivered"


ABOUT_REVIEW = frozenset({Kind.CAUSE, Kind.IMPROVEMENT, Kind.IMPROVED, Kind.REVIEWED})
"""What is said afterwards, also when an incident is closed: it changes nothing for anybody."""

ABOUT_MESSAGES = frozenset({Kind.OWED, Kind.DELIVERED, Kind.UNDELIVERED})
"""What is said about words and not about the trouble: nobody is told of it."""


@dataclass(frozen=True)
class IncidentEntry:
    """One line of the log. `number` counts over all incidents of the log, `incident` is an id.

    `data` holds plain facts; several services stand in one text, with commas.
    """

    number: int
    incident: str
    at: datetime
    source: Source
    actor: str
    kind: Kind
    text: str
    data: Mapping[str, Fact] = field(default_factory=dict)


DELIVERY: tuple[Permission, ...] = (READ_CHANNEL_SECRET, SEND_MAIL)
"""What it takes to tell people on the zone's channels; a test compares it with the channels."""

INCIDENT: tuple[Permission, ...] = (
    WHO_AM_I,
    READ_MANIFEST,
    READ_PROOFS,
    READ_JOURNAL,
    READ_INCIDENTS,
    WRITE_INCIDENTS,
    *DELIVERY,
)
"""What people may do who keep the record of an incident: write it, read what runs wrote, tell.

They cannot write a journal: what stands there, approvals among it, is said by the failover role
alone. A test keeps it equal to what the commands of `holdfast incident` declare.
"""

INCIDENT_FUNCTION: tuple[Permission, ...] = (
    READ_MANIFEST,
    READ_INCIDENTS,
    WRITE_INCIDENTS,
    *DELIVERY,
)
"""What the zone's function may do that hears alarms (`incident.handler`): put them on record, and
tell people. A test keeps it equal to what the function asks for."""
