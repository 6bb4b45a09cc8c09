"""Moments as people state them: with an offset, or as the clock on their wall showed it.

`cli.failover_options` reads `--since` and `--corrupted` with it. Pure: time and zone are passed in.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=7)
"""Further back nobody states the start of an outage that is still going on; assumption."""

_EXAMPLE = "write 2026-03-03T09:05+01:00, or 09:05 for the latest one on the zone's clock"


def moment_of(text: str, timezone: str, now: datetime, longest: timedelta | None) -> datetime:
    """Return a moment in UTC: ISO 8601 with an offset, or `HH:MM` in the zone's time zone.

    `HH:MM` means the latest such moment that is past, as the zone's clocks really showed it.

    Raises:
        ValueError: it is no moment, has no offset, lies ahead, or `longest` or more ago; the
            message says what to write.
    """
    wall = _wall(text)
    moment = _stated(text) if wall is None else next(_shown(wall, ZoneInfo(timezone), now))
    if moment > now:
        raise ValueError(f"{text} lies ahead; it is {now:%Y-%m-%dT%H:%M:%S}+00:00")
    if longest is not None and now - moment > longest:
        raise ValueError(f"{text} is more than {longest.days} days ago: state a later moment")
    return moment


def _wall(text: str) -> time | None:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - the zone comes with the day
    except ValueError:
        return None


def _stated(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no moment; {_EXAMPLE}") from error
    if moment.tzinfo is None:
        raise ValueError(f"{text} says no offset from UTC; {_EXAMPLE}")
    return moment.astimezone(UTC)


def _shown(wall: time, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """Yield the moments at which the zone's clocks showed a time, the latest first.

    An hour that a change of the clocks skips was never shown; one that comes twice was, twice.
    """
    day = now.astimezone(zone).date()
    for back in range(LONGEST.days):
        for moment in _on(day - timedelta(days=back), wall, zone):
            if moment <= now:
                yield moment


def _on(day: date, wall: time, zone: ZoneInfo) -> Iterator[datetime]:
    for fold in (1, 0):
        moment = datetime.combine(day, wall, zone).replace(fold=fold).astimezone(UTC)
        if moment.astimezone(zone).time() == wall:
            yield moment
