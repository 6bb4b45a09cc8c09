"""A zone's whole circle in one world: failed over, reconciled, built anew, and moved back.

Tests walk it in every production zone, leg by leg. Clients write all the time, the invariants
are watched throughout, and the engine, the reconciliation and the Pulumi program are the real ones.
The stack's file is kept in memory: nothing of the project is written.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cloud.door import Cloud
from continuity import naming
from continuity.agreement import Unexpected
from continuity.manifest import Manifest
from drill.approver import Approver
from drill.controllers import OPTIONS, OWNER, WIDTH
from failover import decisions, fencing, settlement
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.lead import Driver, lead
from failover.options import PlannedMove
from failover.progress import Progress
from failover.readiness.judge import Readiness
from failover.readiness.judge import judge as judge_readiness
from failover.readiness.look import take
from failover.settlement import Paid
from failover.surroundings import Surroundings
from reconcile import stack_file
from reconcile.plan import Plan, Zone, make
from reconcile.simulated import SimulatedStack
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants, Violation
from simulator.past import Past
from simulator.platform import SimulatedOutside
from simulator.project import parsed_config
from simulator.settled import settle
from simulator.traffic import Traffic
from simulator.truth import Report, Truth
from simulator.world import World

QUIET_S = 300.0
"""Traffic, replication and health checkers run for so long between two legs."""

LOST_S = 3600.0
"""For how long the home region is gone."""

LONGEST_S = 4 * 3600.0


class Circle:
    """One zone of one world. `manifest` is that of the last deployment, `text` the stack's file.

    `paid` is what the last reconciliation did for the next disaster. `violations` are those of the
    legs that are over and of the one that goes on.
    """

    manifest: Manifest
    text: str
    paid: Paid = Paid()

    def __init__(self, world: World, zone: str, project: Path) -> None:
        self._world = world
        self.manifest, state = deploy(world, zone, project)
        settle(world, self.manifest, Past())
        self.stack = SimulatedStack(world, project, zone, state)
        self.text = (project / stack_file.path(zone)).read_text("utf-8")
        self.traffic = Traffic(world, self.manifest)
        self._truth = Truth(world, self.traffic)
        self._over: list[Violation] = []
        world.clock.sleep(QUIET_S)
        self.traffic.start()
        world.clock.sleep(QUIET_S)
        self._watch()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return every broken promise so far."""
        return (*self._over, *self._invariants.violations)

    def truth(self) -> Report:
        """Return what clients went through and what they can read, from the beginning on."""
        return self._truth.report()

    def check(self) -> Readiness:
        """Return what `holdfast check` says of the zone now."""
        return judge_readiness(take(self.cloud(), self.manifest))

    def lose_home(self) -> Progress:
        """Lose the serving region, fail over, get the region back, and fence what is there."""
        clock, region = self._world.clock, self.manifest.serving_site.region
        began = clock.monotonic()
        faults = [
            Fault(FaultKind.REGION_LOST, 0, region=region),
            Fault(FaultKind.REGION_RETURNS, LOST_S, region=region),
        ]
        self._world.faults.schedule(faults, origin=began)
        around = self.around()
        engine = Engine(around, OWNER, OPTIONS)
        last = drive(engine, clock, watch=self._approving(around), until=began + LONGEST_S)
        clock.sleep(max(0.0, began + LOST_S - clock.monotonic()) + QUIET_S)
        fencing.apply(around, OWNER)
        return last

    def fail_back(self, reason: str) -> Progress:
        """Move the zone as planned to its other site."""
        around = self.around()
        move = PlannedMove(OWNER, reason, self._world.clock.now(), emergency=True)
        options = replace(OPTIONS, planned=move)
        last = lead(around, Driver(OWNER, OWNER), options, self._approving(around))
        self._world.clock.sleep(QUIET_S)
        return last

    def reconcile(self) -> tuple[Plan, tuple[Unexpected, ...]]:
        """Write the new role data, tell the state, and return the plan with what must not be."""
        zone = stack_file.path(self.manifest.zone)
        run = decisions.current(self.around())
        config = parsed_config(zone, self.text)
        plan = make(Zone(self.manifest, run, self.text, config, left_answers=True))
        self.stack.perform(plan.operations)
        self.text = plan.after
        self.paid = self._settle()
        return plan, self.stack.prove(plan.live, parsed_config(zone, self.text))

    def _settle(self) -> Paid:
        around = self.around()
        found = settlement.look(self.cloud(), around)
        return Paid() if found is None else settlement.settle(*found, OWNER)

    def rebuild(self) -> None:
        """Deploy the zone with the data that it has by now, and let what is new catch up."""
        config = parsed_config(stack_file.path(self.manifest.zone), self.text)
        self.manifest = self.stack.up(config)
        self._world.clock.sleep(3 * QUIET_S)
        self._end_leg()
        self._watch()

    def rest(self, seconds: float) -> None:
        """Let time pass in which no client comes and nothing is watched: a day takes a second."""
        self._end_leg()
        self.traffic.stop()
        self._world.clock.sleep(seconds)
        self.traffic.start()
        self._watch()

    def cloud(self) -> Cloud:
        """Return AWS as the controller of a drill reaches it."""
        clock = self._world.clock
        return Cloud(clock, VirtualWorkers(clock, WIDTH), seed=self._world.seed)

    def around(self) -> Surroundings:
        """Return the zone as its newest manifest says it is, to somebody who may fail it over."""
        region = self.manifest.standby_site.region
        sign_in(self._world, naming.role(self.manifest.zone, "failover"), OWNER, region)
        return surroundings(
            self.manifest, self.cloud(), SimulatedOutside(self._world, self.manifest)
        )

    def _end_leg(self) -> None:
        self._over += self._invariants.violations
        self._invariants.stop()

    def _watch(self) -> None:
        self._invariants = Invariants(self._world, self.manifest)

    def _approving(self, around: Surroundings) -> Callable[[Progress], None]:
        return Approver(around).attend
