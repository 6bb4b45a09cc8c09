"""A stack of the simulated world: its state is told what the engine's would be, then previewed.

Drills and tests reconcile with it after a failover in the same world; `reconcile.rehearsal` makes
a world for it where nobody has one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from continuity.agreement import Live, Unexpected, judge
from continuity.manifest import Manifest
from continuity.planned import Planned
from reconcile.operations import Operation
from reconcile.pending import Known, pending
from simulator.content import Content
from simulator.deployment import deploy_config
from simulator.engine import Engine
from simulator.planning import planned
from simulator.program import run_program
from simulator.state import StackState
from simulator.world import World


@dataclass
class SimulatedStack:
    """A zone's program and the state of its last run, in a world."""

    world: World
    project: Path
    zone: str
    state: StackState

    def perform(self, wanted: Iterable[Operation]) -> tuple[Operation, ...]:
        """Do what is still to be done to the state, by the very commands, and return it."""
        known = {one.urn: Known(one.id, one.options.protect) for one in self.state.resources}
        left = pending(wanted, known)
        engine = Engine(self.world, self.project, self.zone, self.state)
        for one in left:
            engine.run(one.arguments(self.zone))
            self.state = engine.state
        return left

    def preview(
        self, config: Mapping[str, object] | None = None
    ) -> tuple[tuple[Planned, ...], tuple[str, ...]]:
        """Return what the program would do with this config, and at what it would stop."""
        with self.world.instantly():
            outcome = run_program(
                self.project, self.zone, state=self.state, preview=True, config=config
            )
        return planned(outcome, self.state), outcome.refusals

    def prove(
        self, live: Live, config: Mapping[str, object] | None = None
    ) -> tuple[Unexpected, ...]:
        """Return what the program would do with this config and must not; none is the proof."""
        plan, refusals = self.preview(config)
        stops = tuple(Unexpected(text.split(" ", 1)[0].rstrip(":"), text) for text in refusals)
        return (*judge(plan, live), *stops)

    def up(self, config: Mapping[str, object] | None = None) -> Manifest:
        """Let the program happen, and return the manifest that it leaves."""
        manifest, self.state = deploy_config(
            self.world, self.zone, self.project, config or {}, self.state
        )
        Content.of(self.world).look()  # what was built anew follows its source from now on
        return manifest
