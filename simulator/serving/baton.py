"""Who is alone in a served world just now, and who comes next: first come, first served.

`simulator.serving.paced_clock` passes it. A lock of Python's own is taken again by whoever let it
go a moment before, so that a world with much to do would let nobody else in.
"""

import threading
from collections import deque

from simulator.clock import Seat


class Baton:
    """At most one thread holds it; the others get it in the order in which they asked."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[Seat] = deque()

    def take(self) -> None:
        """Hold it, as soon as everybody who asked before has let it go."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            seat = Seat()
            self._waiting.append(seat)
        seat.wait()

    def give(self) -> None:
        """Let it go: whoever has waited longest holds it now."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().give()
            else:
                self._held = False
