"""When a schedule fires: cron, rate and one-time expressions in a time zone. Pure.

`simulator.schedules` asks for the next moment. Source: EventBridge Scheduler user guide, "Schedule
types": six fields (minutes, hours, day of month, month, day of week, year); a moment that the
clocks skip is skipped, one that comes twice fires once, at its first coming (which of the two the
guide leaves open: assumption); a day of a rate is 24 hours, whatever the clocks do. AWS Backup's
rules are written alike, and are taken to behave alike.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_MINUTE = "rate(1 minute)"

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_FIELDS = 6
_LONGEST = timedelta(days=5 * 366)
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days"}


class BadExpression(ValueError):
    """AWS would not take this expression, or it is of a form that is not simulated."""


@dataclass(frozen=True)
class Cron:
    """One cron expression, read: the local times of day, and on which days they count."""

    times: tuple[time, ...]
    days: str
    months: frozenset[int]
    weekdays: str
    years: frozenset[int]

    def moments(self, since: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the moments after `since`, in UTC and in order."""
        day = since.astimezone(zone).date()
        last = day + _LONGEST
        while day <= last:
            if self._counts(day):
                for local in self.times:
                    moment = _instant(day, local, zone)
                    if moment is not None and moment > since:
                        yield moment
            day += timedelta(days=1)

    def _counts(self, day: date) -> bool:
        if day.month not in self.months or (self.years and day.year not in self.years):
            return False
        if self.weekdays not in ("?", "*"):
            return _is_weekday(self.weekdays, day)
        return _is_day(self.days, day)


def next_moment(
    expression: str, timezone: str, since: datetime, begun: datetime
) -> datetime | None:
    """Return when a schedule fires next after `since`; None where it never does again.

    `begun` is when it was made: a rate counts from there.

    Raises:
        BadExpression: it cannot be read.
    """
    try:
        return _next(expression, timezone, since, begun)
    except BadExpression:
        raise
    except (ValueError, ArithmeticError, OSError, ZoneInfoNotFoundError) as error:
        raise BadExpression(f"{expression!r} in {timezone!r} cannot be read: {error}") from error


def _next(expression: str, timezone: str, since: datetime, begun: datetime) -> datetime | None:
    kind, _, rest = expression.strip().partition("(")
    inside = rest.removesuffix(")")
    if kind == "cron":
        return next(read_cron(inside).moments(since, ZoneInfo(timezone)), None)
    if kind == "rate":
        return _next_of_rate(inside, since, begun)
    if kind == "at":
        moment = datetime.fromisoformat(inside).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
        return moment if moment > since else None
    raise BadExpression(f"{expression!r} is no cron(...), rate(...) or at(...)")


def read_cron(text: str) -> Cron:
    """Read the six fields of a cron expression."""
    fields = text.upper().split()
    if len(fields) != _FIELDS:
        raise BadExpression(f"cron({text}) has {len(fields)} fields and not six")
    minutes, hours, days, months, weekdays, years = fields
    if "?" not in (days, weekdays):
        raise BadExpression(f"cron({text}) names days twice: one of the fields has to be ?")
    every_minute, every_hour = _numbers(minutes, 0, 59), _numbers(hours, 0, 23)
    return Cron(
        times=tuple(time(hour, minute) for hour in every_hour for minute in every_minute),
        days=days,
        months=frozenset(_numbers(_named(months, _MONTHS), 1, 12)),
        weekdays=_named(weekdays, _DAYS),
        years=frozenset() if years == "*" else frozenset(_numbers(years, 1970, 2199)),
    )


def _instant(day: date, local: time, zone: ZoneInfo) -> datetime | None:
    """Return the first instant of a local time, None where the clocks skip it."""
    wanted = datetime.combine(day, local)
    moment = wanted.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == wanted else None


def _next_of_rate(text: str, since: datetime, begun: datetime) -> datetime:
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)s?", text)
    if match is None:
        raise BadExpression(f"rate({text}) is no number of minutes, hours or days")
    step = timedelta(**{_UNITS[match[2]]: int(match[1])})
    return begun + step * max(1, (since - begun) // step + 1)


def _numbers(field: str, low: int, high: int) -> list[int]:
    """Return what `*`, `5`, `1-5`, `1,3` and `0/15` mean, in order."""
    found: set[int] = set()
    for part in field.split(","):
        body, _, step = part.partition("/")
        first, _, last = ("*", "", "") if body == "*" else body.partition("-")
        begin = low if first == "*" else int(first)
        end = int(last) if last else high if step or first == "*" else begin
        found.update(range(begin, end + 1, int(step or 1)))
    if not found or min(found) < low or max(found) > high:
        raise BadExpression(f"{field!r} is not within {low} and {high}")
    return sorted(found)


def _named(field: str, names: dict[str, int]) -> str:
    return re.sub(r"[A-Z]{3}", lambda match: str(names.get(match[0], match[0])), field)


def _is_day(field: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if field in ("*", "?"):
        return True
    if field == "L":
        return day.day == last
    return day.day in _numbers(field, 1, 31)


def _is_weekday(field: str, day: date) -> bool:
    """Say whether a day is meant by `2-6`, `1#1` (the first Sunday) or `6L` (the last Friday)."""
    number = day.isoweekday() % 7 + 1
    if "#" in field:
        wanted, _, which = field.partition("#")
        return number == int(wanted) and (day.day - 1) // 7 + 1 == int(which)
    if field.endswith("L") and field != "L":
        last = calendar.monthrange(day.year, day.month)[1]
        return number == int(field[:-1]) and day.day + 7 > last
    return number in _numbers(field, 1, 7)
