"""Whom a drill tells: the services of a zone's channels, simulated, and what people read there.

`drill.run` opens one where a scenario or `--channels` asks for it. The channels are the real ones;
only what they speak to is simulated. `drill.reading` judges what people read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cloud.door import Cloud
from continuity.channels import (
    SEVERITIES,
    Channels,
    Jira,
    Pagerduty,
    Slack,
    StatusPage,
    Turn,
    Webhook,
)
from continuity.errors import HoldfastError
from continuity.incidents import Source
from continuity.manifest import Manifest
from drill.told import Told
from failover.aws_courier import AwsCourier
from incident import change
from incident.book import Book, of_zone
from incident.channels.http import Wire
from incident.channels.opening import channels_of
from incident.draft import Voice
from incident.messages.opening import Sender
from simulator.channels.mail import mails
from simulator.channels.seen import Seen
from simulator.channels.server import moved, serving
from simulator.channels.services import Services
from simulator.world import World

_GRAVE = SEVERITIES[:2]

IN_DRILLS = Channels(
    slack=Slack(SEVERITIES, "C0123456789"),
    status_page=StatusPage(_GRAVE, "drilled"),
    pagerduty=Pagerduty(_GRAVE),
    webhook=Webhook(SEVERITIES, "https://tickets.example.com"),
    jira=Jira(_GRAVE, "https://issues.example.com", "drill@example.com", "OPS", "Incident"),
    escalation=(Turn("first-on-call", 5), Turn("second-on-call", 5)),
)
"""What a zone is drilled with that has no channels of its own; no mails, because only a program
that declares them makes its domain a sender."""

WITHIN_S = 20.0
"""How long whoever acknowledges begins to deliver, as a command does."""


def speaking(manifest: Manifest, told: Told) -> Manifest:
    """Return a zone with channels, if people are told: its own, or some for it."""
    if told is Told.NOBODY:
        return manifest
    return manifest if manifest.channels.used else replace(manifest, channels=IN_DRILLS)


@dataclass(frozen=True)
class Telling:
    """The services of one drill; `wire` reaches them, None through connections."""

    world: World
    manifest: Manifest
    services: Services
    wire: Wire | None

    def sender(self, cloud: Cloud, by: str) -> Sender:
        """Return who delivers for one process."""
        manifest, services = self.manifest, self.services
        channels = channels_of(cloud, manifest, services.environ, self.wire)
        return Sender(manifest, cloud, channels, by)

    def courier(self, cloud: Cloud, by: str) -> AwsCourier:
        """Return what a driver delivers with."""
        return AwsCourier(self.sender(cloud, by))

    def book(self, cloud: Cloud) -> Book:
        """Return the record as people open it."""
        return of_zone(cloud, self.manifest)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Return what people read, in order."""
        rows = [*self.services.eyes.rows, *mails(self.world.calls)]
        return tuple(sorted(rows, key=lambda one: one.at))


@contextmanager
def telling(world: World, manifest: Manifest, told: Told) -> Iterator[Telling | None]:
    """Open the services of a zone that has channels, for as long as its drill lasts."""
    services = Services(world.clock, manifest.channels)
    if told is Told.SERVED:
        with serving(services) as address:
            served = replace(manifest, channels=moved(manifest.channels, address))
            yield Telling(world, served, services, None)
    else:
        simulated = Telling(world, manifest, services, services.wire)
        yield simulated if told is Told.SIMULATED else None


def acknowledge(told: Telling, cloud: Cloud, person: str) -> None:
    """Say that somebody is at it, and tell whoever was called. What fails is owed."""
    book = told.book(cloud)
    voice = Voice(Source.PERSON, person)
    try:
        book.write(lambda known: change.acknowledge(change.chosen(known, None, ""), voice, ""))
        told.sender(cloud, person).outbox(book).deliver(WITHIN_S)
    except HoldfastError:
        return  # a person would try again; nothing waits for it
