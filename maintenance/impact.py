"""What an operation of a deployment does to the service, and why: the values.

`maintenance.impact_rules` finds them, `maintenance.guard` judges them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from continuity.planned import Planned


class Effect(StrEnum):
    """What people notice of an operation."""

    SERVICE = "service"  # clients notice: errors, a pause, a slow hour
    REDUNDANCY = "redundancy"  # clients are served; what protects them is less for a while


@dataclass(frozen=True)
class Impact:
    """One operation that is noticed, and why. A resource may have several."""

    planned: Planned
    effect: Effect
    why: str


def noticed(impacts: Iterable[Impact]) -> bool:
    """Say whether clients notice any of it."""
    return any(one.effect is Effect.SERVICE for one in impacts)


@dataclass(frozen=True)
class Ground:
    """Where a zone serves: the region; what lies in the other one only protects."""

    region: str

    def effect(self, planned: Planned) -> Effect:
        """Return what is hit where a resource is; what has no region belongs to the service."""
        elsewhere = planned.region not in ("", self.region)
        return Effect.REDUNDANCY if elsewhere else Effect.SERVICE
