"""Invariants about where clients can go, judged every second of the world's clock.

`simulator.invariants` runs them: DESIGN's 1 (two writable primaries within reach) and 11 (traffic
never moves back). A region that is lost counts as if it could return at any moment.
"""

from collections.abc import Iterator

from continuity.zone import SiteName
from simulator.call_log import Call
from simulator.dns import resolve_with_ttl
from simulator.effect_rules import leads_back
from simulator.platform import Front
from simulator.scene import Scene


class TrafficRules:
    """Remembers what DNS answered for as long as any well-behaved resolver may."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._fresh_until: dict[SiteName, float] = {}
        self._furthest = 0
        self._moving = False
        self._unseen_until = 0.0

    def effect(self, call: Call) -> None:
        """Notice the first latch that is put: from there on traffic moves one way only.

        Until a run that has said so, and may, takes the closing object away again.
        """
        if leads_back(self._scene, call):
            self._moving, self._furthest = False, 0
        if call.name == "s3.PutObject" and self._scene.latch(call) is not None:
            self._moving = True

    def judge(self) -> Iterator[tuple[int, str]]:
        """Yield what is wrong at this moment, with the number of its invariant."""
        scene = self._scene
        answer = resolve_with_ttl(scene.world, scene.manifest.traffic.name)
        front = scene.platform.front(answer.address) if answer else None
        if front is None or answer is None:
            return
        if not front.holding:
            now = scene.world.clock.monotonic()
            self._fresh_until[front.site] = now + answer.ttl_s
        yield from self._never_back(front)
        yield from self._one_primary()

    def _never_back(self, front: Front) -> Iterator[tuple[int, str]]:
        stage = self._stage(front)
        if self._moving and stage < self._furthest and not self._shut_by_loss(front):
            yield 11, f"traffic moved back to {front.site}"
        self._furthest = stage if not self._moving else max(stage, self._furthest)

    def _shut_by_loss(self, front: Front) -> bool:
        """Say whether this is the holding page of a standby that was lost after it was opened.

        Nobody can see then that it was opened. Nor do checkers see it at once when it returns.
        """
        scene = self._scene
        now, checks = scene.world.clock.monotonic(), scene.manifest.traffic
        if scene.world.faults.region_lost(scene.standby.region):
            self._unseen_until = now + checks.check_interval_s * (checks.failure_threshold + 1)
        return front.holding and now <= self._unseen_until

    def _one_primary(self) -> Iterator[tuple[int, str]]:
        scene = self._scene
        now = scene.world.clock.monotonic()
        if sum(until >= now for until in self._fresh_until.values()) < len(SiteName):
            return
        for database in scene.manifest.databases:
            if all(scene.writable_if_up(site, database) for site in SiteName):
                yield 1, f"clients can reach two writable primaries of {database.name}"

    def _stage(self, front: Front) -> int:
        """Return how far traffic has moved: the serving site, the holding page, the standby."""
        if front.holding:
            return 1
        return 0 if front.site is self._scene.manifest.active else 2
