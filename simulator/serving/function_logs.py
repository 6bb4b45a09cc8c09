"""What functions log is read in AWS, not on the terminal of whoever serves a world.

`simulator.serving.life` runs functions within `Unprinted.while_it_runs`. What went wrong in a run
is told by the control interface; who sets `HOLDFAST_LOG` reads every line nevertheless.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Unprinted(logging.Filter):
    """Keeps back what a thread logs while it runs a function."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.local()

    def install(self) -> None:
        """Stand before everything that prints."""
        for handler in logging.getLogger().handlers:
            handler.addFilter(self)

    @contextmanager
    def while_it_runs(self) -> Iterator[None]:
        """Take this thread for a function's."""
        self._thread.runs = True
        try:
            yield
        finally:
            self._thread.runs = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line may be printed."""
        del record
        talkative = logging.getLogger().level < logging.WARNING
        return talkative or not getattr(self._thread, "runs", False)
