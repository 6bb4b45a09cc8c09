"""What a tick says: one sentence, when to come again, and where the run stands.

Returned by `Engine.tick`; `failover.driver` waits by it, drills and the CLI show it.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a driver or its run stands."""

    WATCHING = "watching"
    SUSPICIOUS = "suspicious"  # something fails; not certain, or nothing for this engine
    RUNNING = "running"
    WAITING = "waiting"  # only people can help now: an approval or a consent is missing
    TROUBLED = "troubled"  # this tick could not look or act; the next one tries again
    RECOVERED = "recovered"
    REFUSED = "refused"
    BLOCKED = "blocked"
    ABORTED = "aborted"

    @property
    def over(self) -> bool:
        """Say whether the run is at its end."""
        return self in _OVER


_OVER = frozenset({State.RECOVERED, State.REFUSED, State.BLOCKED, State.ABORTED})


@dataclass(frozen=True)
class Progress:
    """One sentence for people; `wait` is the seconds until the next tick is worth it."""

    sentence: str
    wait: float
    state: State
