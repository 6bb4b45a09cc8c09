"""A zone's outbox and how it tells people, from its manifest. A zone without channels has none.

The commands, `failover.aws_courier` and the zone's function open a `Sender`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cloud.door import Cloud
from continuity.critical_functions import usual
from continuity.manifest import Manifest
from incident.channels.channel import Channel
from incident.messages.arrangement import CADENCE, Arrangement, Route, Turn
from incident.messages.outbox import Outbox, Record
from incident.severity import Severity


@dataclass(frozen=True)
class Sender:
    """Who delivers: the zone, AWS as it reaches it, and the channels that it speaks through.

    `by` is unique to this process.
    """

    manifest: Manifest
    cloud: Cloud
    channels: Sequence[Channel]
    by: str

    def outbox(self, record: Record, *, patient: bool = True) -> Outbox:
        """Return the outbox of a record."""
        return Outbox(
            record,
            self.channels,
            arrangement(self.manifest, self.channels),
            self.cloud.clock,
            self.cloud.workers,
            self.by,
            patient,
        )


def arrangement(manifest: Manifest, channels: Sequence[Channel]) -> Arrangement:
    """Return how a zone tells people through these channels, as its manifest says.

    Customers know the zone by the name that it gives them, or by the one at which they find it.
    Updates that it does not promise itself are promised as usual (`arrangement.CADENCE`).
    """
    told = manifest.channels
    names = [one.name for one in manifest.databases]
    return Arrangement(
        zone=manifest.zone,
        name=told.zone_name or manifest.traffic.name,
        timezone=manifest.window.timezone,
        routes=tuple(
            Route(
                one.name,
                one.audience,
                frozenset(each for each in Severity if told.takes(one.name, str(each))),
            )
            for one in channels
        ),
        people=tuple(Turn(one.person, timedelta(minutes=one.minutes)) for one in told.escalation),
        cadence={
            Severity(severity): timedelta(minutes=minutes)
            for severity, minutes in told.updates.items()
        }
        or CADENCE,
        functions=manifest.functions or usual(names),
    )
