"""A deployed zone whose home region is about to be lost, and two people who keep its record."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cloud.door import Cloud
from continuity import naming
from continuity.channels import Channels, Pagerduty, Slack, StatusPage, Turn
from continuity.errors import TemporaryError
from continuity.incidents import Source
from continuity.manifest import Manifest
from failover import decisions
from failover.aws import surroundings
from failover.aws_courier import AwsCourier
from failover.driver import drive
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress
from failover.surroundings import Surroundings
from incident.book import Book, of_zone
from incident.channels.channel import Audience, Message, Receipt
from incident.draft import Voice
from incident.messages.opening import Sender
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.platform import SimulatedOutside
from simulator.rights.judge import enforce
from simulator.world import World

CHANNELS = Channels(
    slack=Slack(("SEV1", "SEV2", "SEV3"), "C0123456789"),
    status_page=StatusPage(("SEV1", "SEV2"), "p4g3"),
    pagerduty=Pagerduty(("SEV1", "SEV2")),
    escalation=(Turn("Ana", 10), Turn("Bea", 10)),
)
PROJECT = Path(__file__).parents[3]
PERSON = "arn:aws:sts::123456789012:assumed-role/holdfast-sa1-incident/ana"


@dataclass
class Inbox:
    """A channel that keeps what it is told; `down` says how often it does not answer."""

    name: str
    audience: Audience
    got: dict[str, Message] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    down: int = 0

    def deliver(self, message: Message, reference: str) -> Receipt:
        if self.down:
            self.down -= 1
            raise TemporaryError(f"{self.name} is silent", 5.0)
        assert reference == ("thread" if self.heard else "")
        self.heard.append(message.key)
        self.got[message.key] = message
        return Receipt("thread")


def inboxes() -> dict[str, Inbox]:
    found = {
        "slack": Audience.INSIDE,
        "status_page": Audience.CUSTOMERS,
        "pagerduty": Audience.ON_CALL,
    }
    return {name: Inbox(name, audience) for name, audience in found.items()}


@dataclass
class Office:
    """A zone, and its record as the incident role reaches it."""

    world: World
    manifest: Manifest
    cloud: Cloud
    inboxes: dict[str, Inbox] = field(default_factory=inboxes)

    @property
    def voice(self) -> Voice:
        return Voice(Source.PERSON, PERSON)

    def book(self, zone: str = "sa1") -> Book:
        """Return a record, opened by people of the incident role; other zones' lie beside it."""
        return of_zone(self.cloud, replace(self.manifest, zone=zone))

    @property
    def channels(self) -> tuple[Inbox, ...]:
        return tuple(self.inboxes.values())

    def around(self) -> Surroundings:
        outside = SimulatedOutside(self.world, self.manifest)
        courier = AwsCourier(Sender(self.manifest, self.cloud, self.channels, "office"))
        return replace(surroundings(self.manifest, self.cloud, outside), courier=courier)

    def sign_in(self, purpose: str) -> None:
        """Go on as a role of the zone: IAM is enforced."""
        role = naming.role(self.manifest.zone, purpose)
        sign_in(self.world, role, "ana", self.manifest.standby_site.region)
        self.cloud = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 4))

    def fail_over(self) -> Progress:
        """Lose the home region, and drive its failover to the end."""
        region = self.manifest.serving_site.region
        origin = self.world.clock.monotonic()
        self.world.faults.schedule([Fault(FaultKind.REGION_LOST, 0, region=region)], origin=origin)
        around = self.around()

        def approve(_: Progress) -> None:
            run = decisions.current(around)
            if run is not None and run.end is None and run.plan_hash and not run.approvers:
                decisions.approve(around, "ana", run.plan_hash)

        engine = Engine(around, "office", Options(approvers=1))
        return drive(engine, self.world.clock, watch=approve, until=origin + 7200)


@pytest.fixture
def ears() -> dict[str, Inbox]:
    """Return channels that nobody has spoken through yet."""
    return inboxes()


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Return sa1 as it was deployed, IAM enforced, signed in as its incident role."""
    with World(11) as world:
        manifest, _ = deploy(world, "sa1", PROJECT)
        Content.of(world)
        enforce(world)
        manifest = replace(manifest, channels=CHANNELS)
        found = Office(world, manifest, Cloud(world.clock, VirtualWorkers(world.clock, 4)))
        world.clock.sleep(120)
        found.sign_in("incident")
        yield found
