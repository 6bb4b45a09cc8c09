"""What a drill promises to show: the outcomes there are, and what a scenario expects of one.

`drill.scenario` reads expectations, `drill.verdict` holds them against what really happened.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """How a drill ended, by the world's own truth."""

    RECOVERED = "recovered"  # every database takes writes where the clients arrive
    REFUSED = "refused"  # the engine said no before anything irreversible
    BLOCKED = "blocked"  # neither: the zone is still down when the time is up


@dataclass(frozen=True)
class Expectation:
    """What must come true for a drill to pass. None means: the zone's objective is enough.

    `told` is all that customers read, in order: a few words of each message. Empty says nothing.
    """

    outcome: Outcome = Outcome.RECOVERED
    rto: timedelta | None = None
    max_data_loss: timedelta | None = None
    sentences: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
