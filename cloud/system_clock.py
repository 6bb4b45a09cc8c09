"""The system's own time: the one place that reads the machine's clock and really waits.

`cli` builds it for real runs; everything else takes a `Clock` and cannot tell it from the
simulator's.
"""

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's time, as a `continuity.clock.Clock`."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one home of the system's time

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()  # noqa: TID251 - the one home of the system's time

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""
        time.sleep(max(0.0, seconds))  # noqa: TID251 - the one home of the system's time
