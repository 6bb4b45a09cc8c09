"""What a hold costs: what is kept only because of it, how fast that grows, where room ends. Pure.

`backup.vigil` tells it every day, `holdfast backup hold` and `list` show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backup import keep
from backup.hold_rules import Standing
from backup.keep import PrunePlan, Terms
from backup.points import Catalogue

FORECAST_DAYS = 30
"""How far ahead the growth of a hold is told."""


@dataclass(frozen=True)
class Burden:
    """One zone's holds at one moment.

    `kept` and `kept_gb` are the points that would go without a hold, counted as if each were whole:
    AWS stores and bills less. `gb_per_day` is what a day adds, `room` for how many days each region
    takes snapshots, None where it does not say. `after` is what the next prunes would delete.
    """

    age: timedelta
    kept: int
    kept_gb: int
    gb_per_day: float
    room: Mapping[str, float | None] = field(default_factory=dict)
    after: PrunePlan | None = None

    @property
    def forecast_gb(self) -> float:
        """Return what is kept only because of the hold after so many days more."""
        return self.kept_gb + FORECAST_DAYS * self.gb_per_day

    @property
    def room_days(self) -> float | None:
        """Return the days until the fullest region takes no snapshot; None where nobody says."""
        return min((days for days in self.room.values() if days is not None), default=None)


def burden(
    catalogue: Catalogue, standing: Standing, terms: Terms, room: Mapping[str, float | None]
) -> Burden:
    """Return what the zone's holds cost now."""
    now = catalogue.at
    after = keep.plan(catalogue, released(standing, now), terms)
    goes = [one.point for one in after.decisions if not one.kept]
    since = min((one.since for one in standing.holds), default=now)
    return Burden(
        age=max(now - since, timedelta()),  # a hold may be younger than the look at the points
        kept=len(goes),
        kept_gb=sum(one.size_gb for one in goes),
        gb_per_day=_daily_gb(catalogue, now),
        room=room,
        after=after,
    )


def released(standing: Standing, now: datetime) -> Standing:
    """Return a zone's holds as if all had gone and every grace were over."""
    names = [one.identifier for one in standing.holds]
    return standing.without(names, now)


def _daily_gb(catalogue: Catalogue, now: datetime) -> float:
    """Return what the last day added; a day, because a point of each series is taken every day."""
    day = now - timedelta(days=1)
    fresh = (one for one in catalogue.points if one.ours and one.taken_at and one.taken_at > day)
    return float(sum(one.size_gb for one in fresh))


def room_days(used: int, maximum: int, per_day: int) -> float:
    """Return for how many days a region still takes snapshots while nothing is deleted."""
    return float("inf") if per_day <= 0 else max(0, maximum - used) / per_day
