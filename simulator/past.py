"""For how long a zone has run when a drill begins: `[world]` of a scenario.

`drill.scenario` reads it, `simulator.settled` makes it so. No vendor is imported here: a scenario
is read before any world is made.
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_DAYS = 365


class Snapshots(StrEnum):
    """Which snapshots a zone's past has left."""

    NONE = "none"
    DAILY = "daily"  # one a day, copied into the standby site, as many as the zone keeps
    NIGHTLY = "nightly"  # all that nights of backups leave: of databases and files, in both sites


@dataclass(frozen=True)
class Past:
    """For how long a zone has run, and what that left."""

    days: int = 30
    snapshots: Snapshots = Snapshots.NONE
