"""Drives an engine in a loop: tick, tell, wait. The CLI's loop and the drill's.

All time is the clock's, so a drill's hours last seconds.
"""

from collections.abc import Callable

from continuity.clock import Clock
from failover.engine import Engine
from failover.progress import Progress


def drive(
    engine: Engine, clock: Clock, *, watch: Callable[[Progress], None], until: float
) -> Progress:
    """Tick until the run is over or `clock.monotonic()` reaches `until`; return the last word."""
    while True:
        progress = engine.tick()
        watch(progress)
        left = until - clock.monotonic()
        if progress.state.over or left <= 0:
            return progress
        if progress.wait > 0:
            clock.sleep(min(progress.wait, left))
