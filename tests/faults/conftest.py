"""A real recovery on simulated AWS whose calls can be cut: the driver killed, the reply lost.

The zone is the small one that the simulator's own tests build call by call: deploying the whole
program for each of these runs would take minutes.
"""

import importlib.util
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from backup import hold
from cloud.clients import Clients, Reach
from cloud.door import Cloud
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import decisions
from failover.aws import surroundings
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress
from failover.surroundings import Surroundings
from simulator import inside
from simulator.call_log import Outcome
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.platform import SimulatedOutside
from simulator.world import World

T = TypeVar("T")
HAND_MADE = Path(__file__).parents[1] / "functional" / "simulator" / "zone" / "conftest.py"
READS = ("describe", "get", "list", "query")


class Killed(BaseException):
    """The driver's process is gone: nothing may catch it."""


class InOrder:
    """Workers that work one after the other, so that a death stops everything."""

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        return [task() for task in tasks]


@dataclass
class Wire:
    """Between the driver and AWS. `script` names what happens at the n-th changing call.

    With `reads` these are numbered, too, and the n-th call of any kind is meant.
    """

    script: dict[int, str] = field(default_factory=dict)
    reads: bool = False
    changes: list[str] = field(default_factory=list)

    def send(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - any reply
        if name.startswith(READS) and not self.reads:
            return call()
        self.changes.append(name)
        fault = self.script.get(len(self.changes))
        if fault == "kill before":
            raise Killed
        if fault == "throttled":
            error = {"Code": "Throttling", "Message": "Rate exceeded"}
            raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, name)  # type: ignore[typeddict-item]
        reply = call()
        if fault == "kill after":
            raise Killed
        if fault == "lost reply":
            raise ReadTimeoutError(endpoint_url="https://simulated")
        return reply


class _Client:
    """A boto3 client whose calls go over the wire."""

    def __init__(self, client: BaseClient, wire: Wire) -> None:
        self._client = client
        self._wire = wire

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)
        return lambda **arguments: self._wire.send(name, lambda: method(**arguments))


class WiredClients(Clients):
    """Clients on one wire; making them is what costs, so they are shared."""

    def __init__(self, clients: Clients, wire: Wire) -> None:
        super().__init__()
        self._clients = clients
        self._wire = wire

    def of(self, service: str, region: str, reach: Reach = Reach.HEALTHY) -> Any:  # noqa: ANN401 - stands in for a client
        return _Client(self._clients.of(service, region, reach), self._wire)


@dataclass
class Rescue:
    """A world that lost its home region, and drivers that come one after the other."""

    world: World
    manifest: Manifest
    wire: Wire
    invariants: Invariants
    sentences: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._clients = Clients()
        self._outside = SimulatedOutside(self.world, self.manifest)
        self._person = self.around(Wire())
        self._approved = False

    def around(self, wire: Wire) -> Surroundings:
        wired = WiredClients(self._clients, wire)
        return surroundings(
            self.manifest, Cloud(self.world.clock, InOrder(), clients=wired), self._outside
        )

    def engine(self, owner: str) -> Engine:
        return Engine(self.around(self.wire), owner, Options(approvers=1, patience_s=600.0))

    def write_something(self) -> None:
        """Write a row to each database, so that there is something to lose."""
        front = self.manifest.serving_site.hosting.load_balancer
        for database in self.manifest.databases:
            assert self._outside.write(front, self.manifest.traffic.name, database.name).ok

    def lose_home(self) -> None:
        home = self.manifest.sites[SiteName.HOME].region
        self.fault(Fault(FaultKind.REGION_LOST, 0, region=home))

    def fault(self, *faults: Fault) -> None:
        self.world.faults.schedule(faults, origin=self.world.clock.monotonic())

    def recover(self, limit_s: float = 7200) -> Progress:
        """Let a new driver take over whenever one dies, until the run is over."""
        drivers = iter(range(1, 100))
        engine = self.engine(f"driver-{next(drivers)}")
        until = self.world.clock.monotonic() + limit_s
        while self.world.clock.monotonic() < until:
            try:
                progress = engine.tick()
            except Killed:
                engine = self.engine(f"driver-{next(drivers)}")
                continue
            self.sentences.append(progress.sentence)
            if progress.state.over:
                return progress
            self._approve()
            self.world.clock.sleep(progress.wait)
        raise AssertionError(f"not over after {limit_s} s: {self.sentences[-1]}")

    def _approve(self) -> None:
        """Approve the plan as soon as there is one, out of reach of the script."""
        if self._approved:
            return
        with self.world.instantly():
            run = decisions.current(self._person)
            if run is not None and run.plan_hash and run.end is None:
                decisions.approve(self._person, "ana", run.plan_hash)
                self._approved = True

    def end_state(self) -> object:
        """Return what matters about the zone in the end."""
        site = self.manifest.standby_site
        around = self._person
        with self.world.instantly():
            run = decisions.current(around)
            door = Cloud(self.world.clock, InOrder(), clients=self._clients).at(site.region)
            held = [one.identifier for one in hold.holds(door, site.lease_table)]
            names = [each.members[SiteName.AWAY].identifier for each in self.manifest.databases]
            found = around.sight.instances(names)
            # When an instance came about differs by the seconds that a cut costs.
            databases = {name: replace(one, created_at=None) for name, one in found.items()}
            latches, hosting = around.sight.latches(), around.sight.hosting()
        assert run is not None
        return run.outcome, sorted(run.done), databases, sorted(latches), hosting, held

    def promotions(self) -> Counter[object]:
        """Count the promotions that AWS accepted, by instance."""
        return Counter(
            call.parameters["DBInstanceIdentifier"]
            for call in self.world.calls
            if call.operation == "PromoteReadReplica" and call.outcome is Outcome.OK
        )


NewRescue = Callable[..., Any]


@contextmanager
def loaded_zone() -> Iterator[ModuleType]:
    """Load the simulator's zone builder by its path: tests are no package."""
    spec = importlib.util.spec_from_file_location("hand_made_zone", HAND_MADE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@contextmanager
def entered_rescue(zone: ModuleType, wire: Wire, *databases: str) -> Iterator[Rescue]:
    """Enter a world with a small zone that is served and about to be lost."""
    with zone.entered_stage(11, databases or zone.DATABASES) as stage:
        manifest = _with_present_groups(stage.manifest)
        rescue = Rescue(stage.world, manifest, wire, Invariants(stage.world, manifest))
        rescue.write_something()
        stage.world.clock.sleep(120)
        yield rescue


@pytest.fixture(scope="session")
def hand_made() -> Iterator[ModuleType]:
    with loaded_zone() as zone:
        yield zone


@pytest.fixture(scope="session")
def new_rescue(hand_made: ModuleType) -> NewRescue:
    """Return what enters a world with a zone that has just lost its home region."""

    @contextmanager
    def enter(script: dict[int, str] | None = None) -> Iterator[Rescue]:
        with entered_rescue(hand_made, Wire(script or {})) as rescue:
            yield rescue

    return enter


def _with_present_groups(manifest: Manifest) -> Manifest:
    """Name the parameter groups that the replicas really have: the small zone makes none."""
    away = inside.instances(manifest.standby_site.region)
    databases = []
    for database in manifest.databases:
        member = database.members[SiteName.AWAY]
        group = away[member.identifier].db_parameter_groups()[0].name
        members = {**database.members, SiteName.AWAY: replace(member, parameter_group=group)}
        databases.append(replace(database, members=members))
    return replace(manifest, databases=tuple(databases))
