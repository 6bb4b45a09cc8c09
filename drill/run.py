"""One drill in one zone: a world, the deployed zone, traffic, faults, controllers, a verdict.

`drill.several` calls `run`. The engine is the real one on real boto3 clients; only AWS, the
clients and the operator are simulated, all on one virtual clock.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from cloud.door import Cloud
from continuity import naming
from continuity.journal import Entry
from continuity.manifest import Manifest
from drill.acts import Person
from drill.approver import NAME, Approver
from drill.controllers import OPTIONS, OWNER, QUIET_S, WIDTH, Controllers, Hours
from drill.gather import Findings, gather
from drill.preflight import deadline
from drill.progress import Moment, Watch
from drill.scenario import Scenario
from drill.telling import Telling, acknowledge, speaking, telling
from drill.verdict import Verdict, judge
from failover import decisions
from failover.aws import surroundings
from failover.progress import Progress
from simulator import strikes
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.deployment import deploy
from simulator.faults import FaultKind
from simulator.invariants import Invariants
from simulator.platform import SimulatedOutside
from simulator.rights.judge import enforce
from simulator.settled import settle
from simulator.traffic import Traffic
from simulator.truth import Truth
from simulator.world import World

CHECKED_S = 60.0
"""Clients come once the new health checks have results: until then they are led astray."""

WARM_UP_S = 300.0
"""Traffic and replication run before anything breaks, so that there is something to lose."""

SETTLE_S = 300.0
"""Traffic goes on after the end and after the last fault: what looks healed must stay healed."""


def run(scenario: Scenario, zone: str, seed: int, watch: Watch, *, project: Path) -> Verdict:
    """Play a scenario in a zone and judge it. The same seed gives the same verdict.

    Raises:
        InvalidInput: the scenario does not fit the zone, or the zone's program is wrong.
    """
    with World(seed) as world:
        watch(Moment(zone, "deploy", world.clock.now(), "the program runs into a simulated AWS"))
        deployed, _ = deploy(world, zone, project)
        settle(world, deployed, scenario.past)
        promised = scenario.objectives.instead_of(deployed.objectives)
        manifest = replace(deployed, objectives=promised)
        manifest = speaking(manifest, scenario.told)
        sign_in(world, naming.role(zone, "failover"), OWNER, manifest.standby_site.region)
        if scenario.enforced:
            enforce(world)
        with telling(world, manifest, scenario.told) as people:
            return _Drill(world, manifest, scenario, watch, people).play(seed)


class _Drill:
    """The parts of a drill, together for as long as its world lasts."""

    def __init__(
        self,
        world: World,
        manifest: Manifest,
        scenario: Scenario,
        watch: Watch,
        people: Telling | None,
    ) -> None:
        self._world = world
        self._manifest = manifest
        self._scenario = scenario
        self._watch = watch
        self._traffic = Traffic(world, manifest)
        self._truth = Truth(world, self._traffic)
        self._invariants = Invariants(world, manifest)
        self._outside = SimulatedOutside(world, manifest)
        self._person = surroundings(manifest, self._cloud(), self._outside)
        self._telling = people
        self._approver = Approver(self._person, self._silent, answered=self._answered)
        self._said: dict[str, None] = {}
        strikes.watch(world)

    def play(self, seed: int) -> Verdict:
        """Go through all stages and return the verdict."""
        clock = self._world.clock
        clock.sleep(CHECKED_S)
        began = clock.monotonic() + WARM_UP_S
        began_at = clock.now() + timedelta(seconds=WARM_UP_S)
        faults = [row.fault(self._manifest) for row in self._scenario.faults]
        self._world.faults.schedule(faults, origin=began)
        self._traffic.start()
        self._drive(began)
        left = self._story_end(began) - clock.monotonic()
        clock.sleep(max(0.0, left) + SETTLE_S)
        facts = gather(
            self._world,
            self._manifest,
            began_at,
            Findings(
                self._truth.report(),
                self._invariants.violations,
                self._journal(),
                tuple(self._said),
                self._telling.seen if self._telling else (),
            ),
        )
        return judge(self._scenario, seed, facts)

    def _drive(self, began: float) -> None:
        """Let the controllers work until nothing is left to do, or time is up."""
        quiet = self._story_end(began) + QUIET_S
        end = began + deadline(self._manifest.objectives).total_seconds()
        seconds = [
            began + row.at.total_seconds()
            for row in self._scenario.faults
            if row.kind is FaultKind.SECOND_CONTROLLER
        ]
        controllers = Controllers(
            self._world, self._manifest, self._outside, self._attend, self._telling
        )
        controllers.run(Hours(quiet, end), seconds, self._people(began, end))

    def _people(self, began: float, end: float) -> list[Callable[[], None]]:
        """Return what each of the scenario's people goes through."""
        clock = self._world.clock
        began_at = clock.now() + timedelta(seconds=began - clock.monotonic())
        around = surroundings(self._manifest, self._cloud(), self._outside)
        person = Person(around, OPTIONS, self._attend, began, began_at, end)
        return [partial(person.live, row) for row in self._scenario.people]

    def _story_end(self, began: float) -> float:
        """Return the clock's second at which the last fault has begun and ended, all being said."""
        ends = [row.at + (row.lasts or timedelta()) for row in self._scenario.faults]
        ends += [row.at for row in self._scenario.people]
        return began + max(ends, default=timedelta()).total_seconds()

    def _attend(self, progress: Progress) -> None:
        self._tell(progress)
        self._approver.attend(progress)

    def _answered(self) -> None:
        """Let whoever approves say that they are at it, as `incident acknowledge` does."""
        if self._telling is not None:
            acknowledge(self._telling, self._cloud(), NAME)

    def _silent(self) -> bool:
        return self._world.faults.active(FaultKind.OPERATOR_SILENT) is not None

    def _tell(self, progress: Progress) -> None:
        self._said[progress.sentence] = None
        now = self._world.clock.now()
        self._watch(Moment(self._manifest.zone, progress.state, now, progress.sentence))

    def _journal(self) -> tuple[Entry, ...]:
        """Read the journal that the engine left, once the faults cannot hide it any more."""
        with self._world.instantly():
            last = decisions.current(self._person)
        return last.entries if last is not None else ()

    def _cloud(self) -> Cloud:
        clock = self._world.clock
        return Cloud(clock, VirtualWorkers(clock, WIDTH), seed=self._world.seed)
