"""Step: wait until no client can reach the closed site any more. Before anything is promoted.

Built by `failover.region_loss`, after the latch is closed and the fence has its verdict.
"""

from dataclasses import dataclass

from continuity.manifest import Manifest
from continuity.outside import Served
from failover import estimates
from failover.observation import Look, Observation
from failover.ports import Hands
from failover.step import Step
from failover.steps import fence

STOP_S = 35.0
"""A stopped ECS task may go on for its stop timeout, 30 s by default, and a revoked rule does
not end connections that are already open: a fence holds only after that."""


@dataclass(frozen=True, kw_only=True)
class Drain(Step):
    """Health checkers agree and cached answers run out; a fenced platform shortens the wait."""

    close: str
    full_s: float

    def done(self, seen: Observation) -> bool:
        """Answer from the clock, and from outside: the closed site must not answer."""
        public = seen.public.value
        if public is None or public == Served(seen.manifest.active.value):
            return False
        if self._left(seen, self.close, self.full_s) <= 0:
            return True
        fenced = fence.verdict(seen.run, seen.manifest) == fence.FENCED
        return fenced and self._stopped(seen) and public is Served.HOLDING_PAGE

    def do(self, hands: Hands, seen: Observation) -> None:
        """Do nothing: time does it."""

    def pause_s(self, seen: Observation) -> float:
        """Return what is left of the wait, to end it on time; it may end early when fenced."""
        left = self._left(seen, self.close, self.full_s)
        fenced = fence.verdict(seen.run, seen.manifest) == fence.FENCED
        return 5.0 if fenced or left <= 0 else left

    def hopeless(self, seen: Observation) -> str | None:
        """Give up when clients still reach the closed site long after the latch."""
        if self._left(seen, self.close, self.full_s + self.deadline_s) > 0:
            return None
        return f"the {seen.manifest.active} site still answers clients although it is closed"

    def _stopped(self, seen: Observation) -> bool:
        """Say whether what the fence cut off has had its time to end."""
        since = fence.standing(seen.run, seen.manifest)
        return since is not None and (seen.now - since.at).total_seconds() >= STOP_S

    def _left(self, seen: Observation, since: str, seconds: float) -> float:
        entry = seen.run.done.get(since)
        return seconds if entry is None else seconds - (seen.now - entry.at).total_seconds()


def drain(manifest: Manifest, close: str) -> Step:
    """Return the step that follows the closing step."""
    return Drain(
        name=f"drain-{manifest.active}",
        what=f"wait until no client of {manifest.traffic.name} holds an old answer",
        needs=frozenset({close, fence.name(manifest)}),
        site=manifest.standby,
        estimate=estimates.propagation(manifest.traffic.drain_s),
        deadline_s=600,
        looks=frozenset({Look.PUBLIC}),
        silent=True,
        close=close,
        full_s=manifest.traffic.drain_s,
    )
