"""A deployed zone whose home region is about to be lost, and two people who keep its record."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cloud.door import Cloud
from continuity import naming
from continuity.incidents import Source
from continuity.manifest import Manifest
from failover import decisions
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress
from failover.surroundings import Surroundings
from incident.book import Book, of_zone
from incident.draft import Voice
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.platform import SimulatedOutside
from simulator.rights.judge import enforce
from simulator.world import World

PROJECT = Path(__file__).parents[3]
PERSON = "arn:aws:sts::123456789012:assumed-role/holdfast-sa1-incident/ana"


@dataclass
class Office:
    """A zone, and its record as the incident role reaches it."""

    world: World
    manifest: Manifest
    cloud: Cloud

    @property
    def voice(self) -> Voice:
        return Voice(Source.PERSON, PERSON)

    def book(self, zone: str = "sa1") -> Book:
        """Return a record, opened by people of the incident role; other zones' lie beside it."""
        return of_zone(self.cloud, replace(self.manifest, zone=zone))

    def around(self) -> Surroundings:
        return surroundings(self.manifest, self.cloud, SimulatedOutside(self.world, self.manifest))

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


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """Return sa1 as it was deployed, IAM enforced, signed in as its incident role."""
    with World(11) as world:
        manifest, _ = deploy(world, "sa1", PROJECT)
        Content.of(world)
        enforce(world)
        found = Office(world, manifest, Cloud(world.clock, VirtualWorkers(world.clock, 4)))
        world.clock.sleep(120)
        found.sign_in("incident")
        yield found
