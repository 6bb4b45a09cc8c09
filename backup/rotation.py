"""Rotation: which recovery points of a series stay, decided from their moments alone.

Count semantics of borg 1.2 to 1.4 in the zone's own calendar: walk from the newest to the oldest;
the newest point of a day takes a daily place while there is one; the newest of an ISO week, unless
a day took it, a weekly one; the newest of a month, unless kept already, a monthly one. A place that
cannot be filled keeps the oldest point instead. Nothing depends on the present moment: where
backups stop, nothing is ever deleted. `backup.keep` puts the rails around it; see decision 0016.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from operator import ne
from zoneinfo import ZoneInfo

from continuity.errors import InvalidInput, Problem
from continuity.zone import Retention

AHEAD = timedelta(minutes=15)
"""What lies further in the future than this is a wrong clock's, and stands outside the counting."""


class Tier(StrEnum):
    """The three tiers, finest first: a point takes the finest free place and no other."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_PERIOD = {Tier.DAILY: "day", Tier.WEEKLY: "week", Tier.MONTHLY: "month"}
_OF_ITS_DAY = "no free place: its day has a newer point"


@dataclass(frozen=True)
class Verdict:
    """Whether a point stays, and the reason in words: `daily 2/5`, `no free place: ...`.

    `tier` is the one whose place it takes, None where it takes none.
    """

    kept: bool
    reason: str
    tier: Tier | None = None


@dataclass(frozen=True)
class Rotation:
    """One verdict per moment, in the order in which they were given, and what is odd about them."""

    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...] = ()


def rotate(moments: Sequence[datetime], retention: Retention, tz: str, now: datetime) -> Rotation:
    """Decide about the points that were taken at these aware moments.

    `now` is compared with nothing but the future: points more than `AHEAD` of it stay, uncounted.
    Points of one instant are one point and share its verdict.

    Raises:
        InvalidInput: no place in any tier, an unknown time zone, or a moment without one.
    """
    instants, zone = _checked(moments, retention, tz)
    order = sorted(range(len(instants)), key=instants.__getitem__)
    ascending = [instants[index] for index in order]
    present = bisect_right(ascending, now + AHEAD)
    ahead = [Verdict(kept=True, reason="in the future: not counted")] * (len(order) - present)
    in_order = [*_Walk(ascending[:present], retention, zone).verdicts(), *ahead]
    verdicts = in_order[:]
    for index, verdict in zip(order, in_order, strict=True):
        verdicts[index] = verdict
    return Rotation(tuple(verdicts), _warnings(ascending[present:], now))


def kept(
    timestamps: Sequence[datetime], *, daily: int, weekly: int, monthly: int, tz: str
) -> set[datetime]:
    """Return those of the aware timestamps that stay. It knows no present, so it counts them all.

    Raises:
        InvalidInput: no place in any tier, an unknown time zone, or a timestamp without one.
    """
    given = list(timestamps)
    instants, zone = _checked(given, Retention(daily, weekly, monthly), tz)
    ascending = sorted(instants)
    verdicts = _Walk(ascending, Retention(daily, weekly, monthly), zone).verdicts()
    stay = {one for one, verdict in zip(ascending, verdicts, strict=True) if verdict.kept}
    return {one for one, instant in zip(given, instants, strict=True) if instant in stay}


class _Walk:
    """One pass from the newest instant, day by day, that ends when every place is taken."""

    def __init__(self, ascending: Sequence[datetime], retention: Retention, zone: ZoneInfo) -> None:
        self._instants = ascending
        self._zone = zone
        self._places = {
            Tier.DAILY: retention.daily,
            Tier.WEEKLY: retention.weekly,
            Tier.MONTHLY: retention.monthly,
        }
        self._taken = dict.fromkeys(Tier, 0)
        self._last: tuple[object, ...] = (None, None, None)
        self._full: dict[tuple[bool, ...], Verdict] = {}

    def verdicts(self) -> list[Verdict]:
        """Return one verdict per instant, in their ascending order."""
        places = ", ".join(f"{count} {tier}" for tier, count in self._places.items())
        full = Verdict(kept=False, reason=f"no free place: newer points take all of {places}")
        found = [full] * len(self._instants)
        end = len(found)
        while end and self._is_short():
            newest = bisect_left(self._instants, self._instants[end - 1], 0, end)
            found[newest:end] = [self._place(newest)] * (end - newest)
            end = self._day_begins(newest)
            found[end:newest] = [Verdict(kept=False, reason=_OF_ITS_DAY)] * (newest - end)
        if found and self._is_short() and not found[0].kept:
            alike = bisect_right(self._instants, self._instants[0])
            found[:alike] = [Verdict(kept=True, reason="oldest")] * alike
        return found

    def _is_short(self) -> bool:
        return any(self._taken[tier] < count for tier, count in self._places.items())

    def _place(self, index: int) -> Verdict:
        """Give the newest point of a day the finest place that it can take."""
        local = self._instants[index].astimezone(self._zone)
        periods = (local.date(), local.isocalendar()[:2], (local.year, local.month))
        first = tuple(map(ne, self._last, periods))
        self._last = periods
        for tier, is_first in zip(Tier, first, strict=True):
            if is_first and self._taken[tier] < self._places[tier]:
                self._taken[tier] += 1
                return Verdict(True, f"{tier} {self._taken[tier]}/{self._places[tier]}", tier)
        if first not in self._full:
            self._full[first] = Verdict(kept=False, reason=self._why_not(first))
        return self._full[first]

    def _why_not(self, first: tuple[bool, ...]) -> str:
        """Say why a point has no place that is the first of its period, or is not, in each tier.

        Said once: a tier of which it is the first is full then, and stays so.
        """
        against = (
            f"{tier} {self._taken[tier]}/{self._places[tier]} taken"
            if is_first
            else f"its {_PERIOD[tier]} has a newer point"
            for tier, is_first in zip(Tier, first, strict=True)
        )
        return f"no free place: {', '.join(against)}"

    def _day_begins(self, index: int) -> int:
        """Return where the points of the same local day that are older than this one begin.

        A day is skipped as a whole only where the clock does not change between its points: a local
        midnight may not exist, or come twice. Older points of the day that this leaves out find
        its place taken when they are looked at.
        """
        moment = self._instants[index]
        local = moment.astimezone(self._zone)
        elapsed = local.replace(tzinfo=None) - datetime.combine(local.date(), datetime.min.time())
        begin = bisect_left(self._instants, moment - elapsed, 0, index)
        if begin == index or self._is_same_day(begin, local):
            return begin
        while index and self._date(index - 1) == local.date():
            index -= 1
        return index

    def _is_same_day(self, index: int, local: datetime) -> bool:
        other = self._instants[index].astimezone(self._zone)
        return (other.date(), other.utcoffset()) == (local.date(), local.utcoffset())

    def _date(self, index: int) -> date:
        return self._instants[index].astimezone(self._zone).date()


def time_zone(name: str) -> ZoneInfo:
    """Return an IANA time zone.

    Raises:
        InvalidInput: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, TypeError, ValueError) as error:
        message = f"{name!r} is no IANA time zone; it reads like Europe/Lisbon"
        raise InvalidInput("The retention", [Problem("timezone", message)]) from error


def _checked(
    moments: Sequence[datetime], retention: Retention, tz: str
) -> tuple[list[datetime], ZoneInfo]:
    """Return the instants in UTC; raise InvalidInput with everything that is wrong."""
    counts = {"daily": retention.daily, "weekly": retention.weekly, "monthly": retention.monthly}
    problems = [Problem(name, f"{count} is below 0") for name, count in counts.items() if count < 0]
    if not any(counts.values()):
        problems.append(Problem("daily, weekly, monthly", "all are 0: nothing would be kept"))
    if any(one.tzinfo is not UTC and one.utcoffset() is None for one in moments):
        problems.append(Problem("timestamps", "one has no time zone: its instant is unknown"))
    if problems:
        raise InvalidInput("The retention", problems)
    instants = [one if one.tzinfo is UTC else one.astimezone(UTC) for one in moments]
    return instants, time_zone(tz)


def _warnings(future: Sequence[datetime], now: datetime) -> tuple[str, ...]:
    if not future:
        return ()
    told = (
        f"{len(future)} recovery points are dated after {now:%Y-%m-%d %H:%M} UTC, up to "
        f"{future[-1]:%Y-%m-%d %H:%M}: some clock is wrong. They are kept and not counted."
    )
    return (told,)
