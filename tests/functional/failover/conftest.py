"""Zones in a simulated AWS for the failover's functional tests: real boto3, virtual time."""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from cloud.door import Cloud
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import decisions
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress
from failover.surroundings import Surroundings
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.platform import SimulatedOutside
from simulator.world import World

HAND_MADE = Path(__file__).parents[1] / "simulator" / "zone" / "conftest.py"


@dataclass
class Rehearsal:
    """A small zone in a world, an engine that watches it, and a person who approves."""

    world: World
    manifest: Manifest
    told: list[Progress] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cloud = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 8))
        self.outside = SimulatedOutside(self.world, self.manifest)
        self.around = surroundings(self.manifest, self.cloud, self.outside)
        self.invariants = Invariants(self.world, self.manifest)
        self._person: Surroundings | None = None

    @property
    def person(self) -> Surroundings:
        if self._person is None:
            own = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 1))
            self._person = surroundings(self.manifest, own, self.outside)
        return self._person

    def engine(self, patience_s: float = 600.0) -> Engine:
        return Engine(self.around, "rehearsal", Options(approvers=1, patience_s=patience_s))

    def fault(self, *faults: Fault) -> None:
        self.world.faults.schedule(faults, origin=self.world.clock.monotonic())

    def lose_home(self) -> None:
        home = self.manifest.sites[SiteName.HOME].region
        self.fault(Fault(FaultKind.REGION_LOST, 0, region=home))

    def play(
        self, engine: Engine, *, consent: str | None = None, limit_s: float = 7200
    ) -> Progress:
        """Drive until the run is over; approve, and consent once it is asked for."""

        def watch(progress: Progress) -> None:
            self.told.append(progress)
            run = decisions.current(self.person)
            if run is None or run.end is not None or not run.plan_hash:
                return
            if not run.approvers:
                decisions.approve(self.person, "ana", run.plan_hash)
            if consent in run.refusals and consent not in run.consents:
                decisions.consent(self.person, "ana", str(consent), "better than nothing")

        clock = self.world.clock
        return drive(engine, clock, watch=watch, until=clock.monotonic() + limit_s)


@pytest.fixture(scope="session")
def hand_made() -> Iterator[ModuleType]:
    """Load the simulator's zone builder by its path: tests are no package."""
    spec = importlib.util.spec_from_file_location("hand_made_zone_for_failover", HAND_MADE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def rehearsal(hand_made: ModuleType) -> Iterator[Rehearsal]:
    """Return a zone with a row in each database, two minutes after that."""
    with hand_made.entered_stage(5) as stage:
        found = Rehearsal(stage.world, stage.manifest)
        front = found.manifest.serving_site.hosting.load_balancer
        for database in found.manifest.databases:
            written = found.outside.write(front, found.manifest.traffic.name, database.name)
            assert written.ok, written.reason
        found.world.clock.sleep(120)
        yield found
