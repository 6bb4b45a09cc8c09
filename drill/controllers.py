"""Who drives the failover in a drill: one engine, or two side by side, each in its own process.

`drill.run` lets them run. The first controller is the one that a scenario's faults strike: it is
killed and started again, frozen, or goes by a wrong clock; the second is left alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from cloud.clients import Clients
from cloud.door import Cloud
from continuity.manifest import Manifest
from continuity.outside import Outside
from drill.process import Killed, Process, ProcessClients, ProcessOutside
from drill.telling import Telling
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import WATCH_S, Engine
from failover.options import Options
from failover.progress import Progress, State
from simulator.clock import VirtualWorkers
from simulator.world import World

OWNER = "drill"
SECOND = "second"
WIDTH = 8
"""Calls that the engine makes side by side, as many as its command line allows itself."""

PATIENCE_S = 600.0
"""How long the engine waits for a decision: a loss is accepted only where the scenario says so."""

OPTIONS = Options(approvers=1, patience_s=PATIENCE_S)
"""Of every driver in a drill, those that people start included."""

QUIET_S = 300.0
"""An engine that still only watches this long after the last fault will do nothing more."""


@dataclass(frozen=True)
class Hours:
    """When a drill's controllers work, on the clock's seconds.

    They stop at `end`, or once nothing goes on any more after `quiet`.
    """

    quiet: float
    end: float


@dataclass
class Controllers:
    """The controllers of one drill. `watch` is told every progress of each.

    `telling` has the channels through which they tell people, if they do.
    """

    world: World
    manifest: Manifest
    outside: Outside
    watch: Callable[[Progress], None]
    telling: Telling | None = None
    _clients: Clients = field(default_factory=Clients)
    _states: dict[str, State] = field(default_factory=dict)

    def run(
        self, hours: Hours, second: Sequence[float], beside: Sequence[Callable[[], None]] = ()
    ) -> None:
        """Run the first one now, one more from each second in `second`, and others beside them."""
        clock = self.world.clock
        self._states[OWNER] = State.RUNNING
        lives = [lambda: self._live(OWNER, hours, struck=True), *beside]
        for number, since in enumerate(second):
            name = SECOND if number == 0 else f"{SECOND}-{number + 1}"
            self._states[name] = State.WATCHING

            def later(name: str = name, since: float = since) -> None:
                clock.sleep(max(0.0, since - clock.monotonic()))
                self._live(name, hours, struck=False)

            lives.append(later)
        VirtualWorkers(clock, len(lives)).run(lives)

    def _live(self, name: str, hours: Hours, *, struck: bool) -> None:
        """Let a controller work; whenever it is killed another process takes its place."""
        number, clock = 1, self.world.clock
        while True:
            process = Process(self.world, struck=struck)
            try:
                self._work(name, self._engine(_owner(name, number), process), process, hours)
            except Killed:
                if process.down_s is None:
                    break
                clock.sleep(process.down_s)
                number += 1
            else:
                return
        # Nobody starts it again. Others may still believe that it works.
        clock.sleep(QUIET_S)
        self._states[name] = State.WATCHING

    def _work(self, name: str, engine: Engine, process: Process, hours: Hours) -> None:
        """Drive until the run is over, time is up, or nothing is left to happen."""

        def told(progress: Progress) -> None:
            self._states[name] = progress.state
            self.watch(progress)

        until = max(hours.quiet, process.monotonic() + QUIET_S)
        while process.monotonic() < hours.end:
            progress = drive(engine, process, watch=told, until=min(until, hours.end))
            over = progress.state.over and process.monotonic() >= hours.quiet
            if over or self._all_quiet():
                return
            if progress.state.over:
                # It stays, as `start --watch` does, for what the faults may still bring.
                process.sleep(progress.wait or WATCH_S)
            until += QUIET_S

    def _all_quiet(self) -> bool:
        return all(state is State.WATCHING for state in self._states.values())

    def _engine(self, owner: str, process: Process) -> Engine:
        """Return an engine with nothing in its memory."""
        cloud = Cloud(
            process,
            VirtualWorkers(self.world.clock, WIDTH),
            seed=self.world.seed,
            clients=ProcessClients(self._clients, process),
        )
        outside = ProcessOutside(self.outside, process)
        around = surroundings(self.manifest, cloud, outside)
        if self.telling is not None:
            around = replace(around, courier=self.telling.courier(cloud, owner))
        return Engine(around, owner, OPTIONS)


def _owner(name: str, number: int) -> str:
    """Return an owner that no other process ever had: `drill`, then `drill-2`."""
    return name if number == 1 else f"{name}-{number}"
