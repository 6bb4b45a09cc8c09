"""Whom a drill tells: the services of a zone's channels, simulated, and what people read there.

`drill.run` opens one where a scenario or `--channels` asks for it. The channels are the real ones;
only what they speak to is simulated. What people read is the truth, whatever the record says.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cloud.door import Cloud
from continuity.channels import Channels, Jira, Pagerduty, Slack, StatusPage, Turn, Webhook
from continuity.errors import HoldfastError
from continuity.incidents import Source
from continuity.manifest import Manifest
from failover.aws_courier import AwsCourier
from incident import change
from incident.book import Book, of_zone
from incident.channels.opening import channels_of
from incident.draft import Voice
from incident.messages.internal_names import named
from incident.messages.opening import Sender
from simulator.channels.seen import Seen
from simulator.channels.services import Services
from simulator.world import World

_ALL = ("SEV1", "SEV2", "SEV3", "SEV4")
_GRAVE = ("SEV1", "SEV2")

IN_DRILLS = Channels(
    slack=Slack(_ALL, "C0123456789"),
    status_page=StatusPage(_GRAVE, "drilled"),
    pagerduty=Pagerduty(_GRAVE),
    webhook=Webhook(_ALL, "https://tickets.example.com"),
    jira=Jira(_GRAVE, "https://issues.example.com", "drill@example.com", "OPS", "Incident"),
    escalation=(Turn("first-on-call", 5), Turn("second-on-call", 5)),
)
"""What a zone is drilled with that has no channels of its own."""

WITHIN_S = 20.0
"""How long whoever acknowledges begins to deliver, as a command does."""

CUSTOMERS = "status_page"
"""The service that customers read; mails are not simulated here."""


def speaking(manifest: Manifest) -> Manifest:
    """Return a zone with channels: its own, without mails, or those of drills."""
    own = replace(manifest.channels, email=None)
    return replace(manifest, channels=own if own.used else IN_DRILLS)


@dataclass(frozen=True)
class Telling:
    """The services of one drill."""

    manifest: Manifest
    services: Services

    def sender(self, cloud: Cloud, by: str) -> Sender:
        """Return who delivers for one process."""
        manifest, services = self.manifest, self.services
        channels = channels_of(cloud, manifest, services.environ, services.wire)
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
        return tuple(self.services.eyes.rows)


def telling(world: World, manifest: Manifest) -> Telling:
    """Return the services of a zone that has channels."""
    return Telling(manifest, Services(world.clock, manifest.channels))


def acknowledge(told: Telling, cloud: Cloud, person: str) -> None:
    """Say that somebody is at it, and tell whoever was called. What fails is owed."""
    book = told.book(cloud)
    voice = Voice(Source.PERSON, person)
    try:
        book.write(lambda known: change.acknowledge(change.chosen(known, None, ""), voice, ""))
        told.sender(cloud, person).outbox(book).deliver(WITHIN_S)
    except HoldfastError:
        return  # a person would try again; nothing waits for it


def misread(seen: Sequence[Seen], manifest: Manifest) -> tuple[str, ...]:
    """Return what people ought not to have read: the same twice, or names that are ours. Pure."""
    said = [one for one in seen if one.what in ("reply", "update", "message", "comment")]
    times = Counter((one.service, one.thread, one.text) for one in said)
    found = [
        f"{service} said {count} times: {text}"
        for (service, _, text), count in times.items()
        if count > 1
    ]
    for one in seen:
        names = named(one.text, manifest) if one.service == CUSTOMERS else ()
        found += [f"customers read {', '.join(names)}: {one.text}"] if names else []
    return tuple(found)


def untold(seen: Sequence[Seen], told: Sequence[str]) -> tuple[str, ...]:
    """Return how what customers read differs from what they were to read, in order. Pure."""
    read = [" ".join(one.text.split()) for one in seen if one.service == CUSTOMERS]
    if not told or (
        len(read) == len(told)
        and all(words in text for words, text in zip(told, read, strict=True))
    ):
        return ()
    return (f"expected customers to read {'; '.join(told)}; they read {' | '.join(read)}",)
