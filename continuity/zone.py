"""What a zone is: its sites, objectives, retention and window.

Values only. `stacks.settings` reads them from a stack's config, `continuity.manifest` carries
them to run time.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SiteName(StrEnum):
    """The two sites of a zone. The names never change; which one serves is data."""

    HOME = "home"
    AWAY = "away"

    @property
    def other(self) -> "SiteName":
        """Return the opposite site."""
        return SiteName.AWAY if self is SiteName.HOME else SiteName.HOME


class ZoneKind(StrEnum):
    """Production zones serve subscribers; service zones serve us."""

    PRODUCTION = "production"
    SERVICE = "service"


@dataclass(frozen=True)
class Objectives:
    """What the plan promises: time to recover, and how much recent data may be lost."""

    rto: timedelta
    rpo: timedelta


@dataclass(frozen=True)
class Retention:
    """How many recovery points of each tier are kept."""

    daily: int
    weekly: int
    monthly: int

    @property
    def reach_days(self) -> int:
        """Return the days after which no daily point can have a place any more.

        A tier counts periods from where the finer one ends, and both of its ends may lie anywhere
        in a period: one more period of each is the bound. 5, 4 and 3 reach back 164 days at most;
        124 is what fourteen hundred simulated days really needed.
        """
        weekly = 7 * (self.weekly + 1) if self.weekly else 0
        monthly = 31 * (self.monthly + 1) if self.monthly else 0
        return self.daily + weekly + monthly
