"""Business days of a zone's countries, and how late an announcement may come. Pure.

`maintenance.guard` counts with it. Holidays and weekends come from the package `holidays`, country
by country; a day is a business day where all countries of the zone work.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


def is_business_day(day: date, countries: Sequence[str]) -> bool:
    """Say whether people work on a day in every one of the countries; in none: Monday to Friday."""
    if not countries:
        return day.weekday() not in _WEEKEND
    return all(_calendar(country, day.year).is_working_day(day) for country in countries)


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    """Return one year of a country, or of a part of it (`ES-CT`).

    The years beside it are there too: a holiday at its edge may be moved over it.
    """
    name, _, part = country.partition("-")
    years = (year - 1, year, year + 1)
    return holidays.country_holidays(name, subdiv=part or None, years=years)


def latest(start: datetime, days: int, timezone: str, countries: Sequence[str]) -> datetime:
    """Return the last moment (UTC) that lies `days` business days before an aware `start`.

    Business time is what passes on business days, by the clock of the place: from Friday noon to
    Tuesday noon are two days. Weekends and holidays add nothing.
    """
    zone = ZoneInfo(timezone)
    moment = start.astimezone(zone).replace(tzinfo=None)
    left = timedelta(days=days)
    while left > timedelta():
        # A moment at midnight looks back upon the day that ends there.
        opened = datetime.combine((moment - timedelta.resolution).date(), datetime.min.time())
        if is_business_day(opened.date(), countries):
            step = min(left, moment - opened)
            left -= step
            moment -= step
        else:
            moment = opened
    return moment.replace(tzinfo=zone).astimezone(UTC)
