"""A zone in a simulated AWS, failed over by the real engine, and its stack as it was deployed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest
from failover import decisions, open_runs
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.open_runs import Seen
from failover.options import Options
from failover.progress import State
from failover.surroundings import Surroundings
from reconcile import stack_file
from reconcile.look import look
from reconcile.plan import Plan, Zone, make
from reconcile.simulated import SimulatedStack
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.platform import SimulatedOutside
from simulator.project import parsed_config
from simulator.state import StackState
from simulator.world import World

PROJECT = Path(__file__).parents[3]


@dataclass
class Aftermath:
    """A zone after its failover. `deployed` is the state of the last `up`, which knows nothing.

    `meanwhile` is what was seen of open runs in the middle of it.
    """

    world: World
    manifest: Manifest
    around: Surroundings
    deployed: StackState
    meanwhile: Seen

    def open_runs(self) -> Seen:
        """Return the runs that are open now."""
        cloud = Cloud(self.world.clock, VirtualWorkers(self.world.clock, 1))
        regions = {site: found.region for site, found in self.manifest.sites.items()}
        return open_runs.look(cloud, self.manifest.zone, regions)

    @property
    def zone(self) -> Zone:
        return look(self.around, PROJECT)

    @property
    def plan(self) -> Plan:
        return make(self.zone)

    def stack(self) -> SimulatedStack:
        """Return the stack as it was deployed: states are values, so that tests share a world."""
        return SimulatedStack(self.world, PROJECT, self.manifest.zone, self.deployed)

    def config(self, plan: Plan) -> Mapping[str, Any]:
        return parsed_config(stack_file.path(plan.zone), plan.after)


@pytest.fixture(scope="module")
def aftermath() -> Iterator[Aftermath]:
    """Return the service zone: its home region was lost, its replicas promoted, away serves."""
    with World(11) as world:
        manifest, state = deploy(world, "ops", PROJECT)
        Content.of(world)
        sign_in(world, naming.role("ops", "failover"), "ana", manifest.standby_site.region)
        outside = SimulatedOutside(world, manifest)
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 4))
        around = surroundings(manifest, cloud, outside)
        world.clock.sleep(120)
        origin = world.clock.monotonic()
        lost = Fault(FaultKind.REGION_LOST, 0, region=manifest.serving_site.region)
        world.faults.schedule([lost], origin=origin)

        seen: list[Seen] = []
        regions = {site: found.region for site, found in manifest.sites.items()}

        def approve(_: object) -> None:
            run = decisions.current(around)
            if run is not None and run.end is None and run.plan_hash and not run.approvers:
                seen.append(open_runs.look(cloud, "ops", regions))
                decisions.approve(around, "ana", run.plan_hash)

        last = drive(
            Engine(around, "office", Options(approvers=1)),
            world.clock,
            watch=approve,
            until=origin + 7200,
        )
        assert last.state is State.RECOVERED
        yield Aftermath(world, manifest, around, state, seen[0])
