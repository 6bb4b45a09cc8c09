"""How many calls were made, by service and operation, and a ceiling that fails loudly.

The drill prints the counts; a bug that would hammer AWS meets the ceiling first.
"""

import threading
from collections import Counter

from continuity.errors import PermanentError


class BudgetExceeded(PermanentError):
    """More calls than one run may ever need."""


class CallBudget:
    """Counts every request that leaves, retries included. Safe between threads."""

    def __init__(self, ceiling: int | None = None) -> None:
        self.ceiling = ceiling
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._throttled = 0

    def spend(self, service: str, operation: str) -> None:
        """Count one request that is about to leave.

        Raises:
            BudgetExceeded: the ceiling is reached; the request must not leave.
        """
        with self._lock:
            if self.ceiling is not None and self._counts.total() >= self.ceiling:
                worst, times = self._counts.most_common(1)[0] if self._counts else ("nothing", 0)
                raise BudgetExceeded(
                    f"The ceiling of {self.ceiling} AWS calls is reached before {service}."
                    f"{operation}; most were {worst} ({times}). Something repeats itself: "
                    "find out what before raising the ceiling."
                )
            self._counts[f"{service}.{operation}"] += 1

    def throttle(self) -> None:
        """Count one request that AWS answered with a throttle."""
        with self._lock:
            self._throttled += 1

    def counts(self) -> dict[str, int]:
        """Return requests by `service.Operation`, in order of name."""
        with self._lock:
            return dict(sorted(self._counts.items()))

    @property
    def total(self) -> int:
        """Return all requests that left."""
        with self._lock:
            return self._counts.total()

    @property
    def throttled(self) -> int:
        """Return how many of them AWS throttled."""
        with self._lock:
            return self._throttled
