"""A world that lives on: zones deployed by their real program, clients, and time that passes.

`simulator.serving.server` puts it on a port. What is asked of it here (what is true, who may sign
in) is asked within a turn of its clock.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from continuity import naming
from continuity.clock import Clock
from continuity.manifest import Manifest
from continuity.outside import Served
from simulator import release, strikes
from simulator.callers import Credentials, credentials
from simulator.deployment import deploy
from simulator.engine import Engine
from simulator.health_checks import PROBER
from simulator.invariants import Invariants, Violation
from simulator.invocations import Code
from simulator.past import Past
from simulator.platform import Platform, SimulatedOutside
from simulator.serving.life import Life
from simulator.serving.paced_clock import PacedClock
from simulator.serving.people import People
from simulator.settled import settle
from simulator.traffic import Traffic
from simulator.truth import Truth
from simulator.world import START, World

FAILOVER = "failover"
"""The zone's role that people take unless they say another one."""

SETTLE_S = 120.0
"""A new zone's health checks need a while to agree, and resolvers a TTL to follow: nobody comes
to a zone before that."""

WARM_UP_S = 300.0
"""Traffic, replication and metrics have run for so long when the first request is answered."""

_SHORT_PAST = Past()

Functions = Callable[[World, People], Code]
"""Makes what runs the functions of a world, who tell people what they have to say."""


@dataclass(frozen=True)
class HostedZone:
    """One zone of the world, and whoever watches over it. `manifest` is the last deployment's.

    `over` are the broken promises of the time before that one.
    """

    manifest: Manifest
    traffic: Traffic
    truth: Truth
    invariants: Invariants
    outside: SimulatedOutside
    engine: Engine
    over: tuple[Violation, ...] = ()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return every broken promise up to now."""
        return (*self.over, *self.invariants.violations)


class HostedWorld:
    """A world in step with `real` time, whose zones have some `past`.

    Deploying them takes seconds each. `functions` let the zones do by themselves what they declare
    once time passes; in a world without them no schedule fires and no alarm speaks.
    """

    def __init__(
        self,
        seed: int,
        real: Clock,
        speed: float,
        past: Past = _SHORT_PAST,
        functions: Functions | None = None,
    ) -> None:
        self.clock = PacedClock(START, real, speed)
        self.world = World(seed, clock=self.clock)
        self.zones: dict[str, HostedZone] = {}
        self.people = People(self.world)
        self.life = Life(self.world, functions(self.world, self.people)) if functions else None
        self._past = past
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        self._undo.enter_context(self.world)
        strikes.watch(self.world)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    def deploy(self, zones: Sequence[str], project: Path) -> None:
        """Run the zones' programs, and let clients come for a while in no real time.

        Raises:
            InvalidInput: a zone is unknown, or its program refuses its settings.
        """
        for zone in zones:
            manifest, state = deploy(self.world, zone, project)
            settle(self.world, manifest, self._past)
            release.push(self.world, manifest)
            engine = Engine(self.world, project, zone, state, manifest)
            self.zones[zone] = self._host(manifest, engine)
        PROBER.give(self.world, lambda host, _: self._answered(host))
        self.clock.sleep(SETTLE_S)
        for one in self.zones.values():
            one.traffic.start()
        self.clock.sleep(WARM_UP_S)

    def start(self) -> None:
        """Let time pass; from now on the world is entered by `clock.turn` only."""
        if self.life is not None:
            self.life.begin()
        self._undo.callback(self.clock.close)
        thread = self.clock.follow()
        self._undo.callback(thread.join)
        self._undo.callback(self.clock.stop)

    def sign_in(self, zone: str, person: str, role: str = FAILOVER) -> Credentials:
        """Let a person take a role of a zone, under a session of their name."""
        region = self.zones[zone].manifest.standby_site.region
        return credentials(self.world, naming.role(zone, role), person, region)

    def pulumi(self, zone: str, arguments: Sequence[str]) -> str:
        """Let a zone's engine run a command, and return what it prints.

        Raises:
            PermanentError: it fails, as the CLI would.
            InvalidInput: the program refuses its settings.
        """
        found = self.zones[zone]
        printed = found.engine.run(arguments)
        deployed = found.engine.manifest
        if deployed is not None and deployed is not found.manifest:
            self.zones[zone] = self._renewed(found, deployed)
        return printed

    def outside(self, name: str) -> SimulatedOutside | None:
        """Return what outside clients reach under a public name; None where it is no zone's."""
        named = (one for one in self.zones.values() if one.manifest.traffic.name == name)
        return next((one.outside for one in named), None)

    def _renewed(self, before: HostedZone, manifest: Manifest) -> HostedZone:
        """Go on with a zone as it was deployed anew: its promises are those of its new roles."""
        self.people.meet(manifest)
        before.invariants.stop()
        return replace(
            before,
            manifest=manifest,
            invariants=Invariants(self.world, manifest),
            outside=SimulatedOutside(self.world, manifest),
            over=before.violations,
        )

    def _answered(self, host: str) -> bool:
        platforms = (Platform(self.world, one.manifest) for one in self.zones.values())
        return any(one.served_by(host) is not Served.NOBODY for one in platforms)

    def _host(self, manifest: Manifest, engine: Engine) -> HostedZone:
        self.people.meet(manifest)
        traffic = Traffic(self.world, manifest)
        return HostedZone(
            manifest,
            traffic,
            Truth(self.world, traffic),
            Invariants(self.world, manifest),
            SimulatedOutside(self.world, manifest),
            engine,
        )
