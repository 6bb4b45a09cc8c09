"""Until when the present rule keeps each recovery point, if every day brings one more. Pure.

`holdfast backup list` shows it. The future is walked night by night with the rotation itself: what
it keeps of a shelf with tomorrow's point is tomorrow's shelf, because pruning every night ends
where pruning once does. A shelf has a dozen points then, so a night costs microseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backup import rotation
from backup.hold_rules import Standing
from backup.keep import PrunePlan, Terms
from backup.points import Point, taken
from backup.rotation import time_zone
from continuity.zone import Retention

_SPARE_DAYS = 31
"""A point may take a place that no later one can fill; it goes a month after the last reach."""


@dataclass(frozen=True)
class Until:
    """How long a point stays: about until a moment, or for as long as something is so.

    Exactly one of the two is given: `why` reads like `hold INC-7`.
    """

    about: datetime | None
    why: str = ""


def kept_until(
    moments: Sequence[datetime], retention: Retention, tz: str
) -> dict[datetime, datetime]:
    """Return when each aware moment that is kept now loses its place, with a point every day.

    The days' points come at the local hour of the newest. What is given up now is not in it.

    Raises:
        InvalidInput: no place in any tier, an unknown time zone, or a moment without one.
    """
    tiers = {"daily": retention.daily, "weekly": retention.weekly, "monthly": retention.monthly}
    left = rotation.kept(moments, **tiers, tz=tz)
    waiting, found = set(left), {}
    local = max(left).astimezone(time_zone(tz)) if left else None
    for day in range(1, retention.reach_days + _SPARE_DAYS + 1):
        if local is None or not waiting:
            break
        night = local + timedelta(days=day)  # the same hour on the wall, whatever the clocks do
        left = rotation.kept([*left, night], **tiers, tz=tz)
        found.update(dict.fromkeys(waiting - left, night))
        waiting &= left
    return found


def forecast(plan: PrunePlan, standing: Standing, terms: Terms) -> Mapping[str, Until]:
    """Return of every point that stays how long it does, by ARN.

    Under a hold nothing has an end; what is kept for another reason than a place stays while that
    reason is there.
    """
    held = standing.why(plan.at)
    found: dict[str, Until] = {}
    for shelf in _shelves(plan):
        ends = kept_until([taken(one) for one in shelf], terms.retention, terms.timezone)
        for point in shelf:
            end = ends.get(taken(point))
            if end is not None:
                found[point.arn] = Until(end)
    stay = {one.point.arn: one for one in plan.decisions if one.kept}
    return {
        arn: Until(None, held)
        if held and one.point.ours
        else found.get(arn, Until(None, one.reason))
        for arn, one in stay.items()
    }


def _shelves(plan: PrunePlan) -> list[list[Point]]:
    """Return the points that have a place, shelf by shelf."""
    shelves: dict[tuple[object, str], list[Point]] = {}
    for one in plan.decisions:
        if one.placed:
            shelves.setdefault((one.point.series, one.point.region), []).append(one.point)
    return list(shelves.values())
