"""Progress that processes tell: what several of them say reaches one watcher.

`drill.several` and `drill.year_stretches` play side by side with it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Protocol

from drill.progress import Moment, Watch


class Moments(Protocol):
    """The part of a queue that is used here, whichever process it lives in."""

    def put(self, item: Moment | None) -> None:
        """Put a moment in; None ends it."""

    def get(self) -> Moment | None:
        """Take the next moment out."""


@contextmanager
def passed_on(context: SpawnContext | ForkServerContext, watch: Watch) -> Iterator[Watch]:
    """Return what processes may tell; hand it to the watcher until the block ends."""
    with context.Manager() as manager:
        moments: Moments = manager.Queue()

        def pass_on() -> None:
            while (moment := moments.get()) is not None:
                watch(moment)

        thread = threading.Thread(target=pass_on, daemon=True)
        thread.start()
        try:
            yield moments.put
        finally:
            moments.put(None)
            thread.join()
