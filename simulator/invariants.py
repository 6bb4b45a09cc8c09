"""DESIGN's invariants, checked while the world goes on: at every effect and every second.

The drill makes one before its first fault and reads `violations` at the end. Nothing is asked of
the engine. Checked here: 1, 2, 3, 4, 6, 7, 8, 10, 11 and 13; 5, 9 and 12 compare whole runs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from continuity.manifest import Manifest
from simulator import invocations
from simulator.call_log import Call, Outcome
from simulator.effect_rules import judge
from simulator.scene import Scene
from simulator.traffic_rules import TrafficRules
from simulator.world import World

FENCE = frozenset(
    {
        "application-autoscaling.RegisterScalableTarget",
        "ecs.UpdateService",
        "ec2.RevokeSecurityGroupIngress",
    }
)
"""The only changes that a run may try in the impaired region."""

MARKS = frozenset({"rds.AddTagsToResource", "rds.RemoveTagsFromResource"})
LATCH = frozenset({"s3.PutObject", "s3.DeleteObject"})
"""What may be changed besides in a region that has returned: what was left there says so, and its
latch warrants the site that serves (`failover.settlement`). It is never tried of a silent one."""

MOST_ATTEMPTS = 2
"""Of each change of the fence while nobody answers: one, and one more where the driver had to begin
again. A region that has returned is fenced as often as it is found open."""

UNHEARD = frozenset({Outcome.UNREACHABLE, Outcome.NO_REPLY, Outcome.REPLY_LOST})


@dataclass(frozen=True)
class Violation:
    """One broken promise: the number in DESIGN, when, and what happened."""

    invariant: int
    at: datetime
    sentence: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} invariant {self.invariant}: {self.sentence}"


class Invariants:
    """Watches one zone of a world from now on."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self._world = world
        self._manifest = manifest
        self._scene = Scene(world, manifest)
        self._traffic = TrafficRules(self._scene)
        self._found: dict[tuple[int, str], datetime] = {}
        self._lost_since: dict[str, datetime] = {}
        world.on_effect(self._effect)
        world.faults.on_region(self._region)
        self.stop = world.clock.every(1.0, self._second)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return what was broken, each promise once, in order of time."""
        found = [Violation(number, at, text) for (number, text), at in self._found.items()]
        return tuple(sorted([*found, *self._impaired()], key=lambda one: one.at))

    def _effect(self, call: Call) -> None:
        self._note(judge(self._scene, call))
        self._traffic.effect(call)

    def _second(self) -> None:
        self._note(self._traffic.judge())

    def _note(self, found: Iterable[tuple[int, str]]) -> None:
        for number, sentence in found:
            self._found.setdefault((number, sentence), self._world.clock.now())

    def _region(self, region: str, lost: bool) -> None:
        if lost:
            self._lost_since.setdefault(region, self._world.clock.now())

    def _calls_to_lost(self) -> list[Call]:
        """Return what a run and people wanted there; nights go on in both regions by themselves."""
        region = self._manifest.serving_site.region
        since = self._lost_since.get(region)
        if since is None:
            return []
        others = invocations.keys(self._world)
        return [
            call
            for call in self._world.calls
            if call.region == region and call.at >= since and call.key not in others
        ]

    def _settles(self, call: Call) -> bool:
        """Say whether a call changed only what says that the site was left."""
        latch = self._manifest.serving_site.latch.bucket
        moves = call.name in LATCH and call.parameters.get("Bucket") == latch
        return call.outcome not in UNHEARD and (moves or call.name in MARKS)

    def _impaired(self) -> list[Violation]:
        """7: of the impaired region nothing is wanted but the fence, and that hardly ever."""
        attempts: Counter[str] = Counter()
        found = []
        for call in self._calls_to_lost():
            attempts[call.name] += call.outcome in UNHEARD
            if not call.mutating or self._settles(call):
                continue
            if call.name not in FENCE:
                sentence = f"{call.name} was wanted of the impaired {call.region}"
                found.append(Violation(7, call.at, sentence))
            elif call.outcome in UNHEARD and attempts[call.name] == MOST_ATTEMPTS + 1:
                sentence = f"{call.name} was tried again and again in the impaired {call.region}"
                found.append(Violation(7, call.at, sentence))
        return found
