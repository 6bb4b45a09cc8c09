"""The maintenance window of a zone, in the zone's own time.

AWS takes weekly windows in UTC, so the part of the window that holds in winter and in summer
alike is computed here; `stacks` declares databases with it, `backup` and `maintenance` ask until
when it is open.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MaintenanceWindow:
    """From `start` to `end` local time every day, in an IANA time zone.

    A window that ends before it starts crosses midnight; equal ends mean no window at all.
    """

    start: time
    end: time
    timezone: str

    @property
    def length(self) -> timedelta:
        """Return how long the window is on a day without a clock change."""
        return (_since_midnight(self.end) - _since_midnight(self.start)) % _DAY

    def contains(self, moment: datetime) -> bool:
        """Say whether an aware moment lies inside the window, end excluded."""
        local = moment.astimezone(ZoneInfo(self.timezone))
        offset = _since_midnight(local.time().replace(tzinfo=None)) - _since_midnight(self.start)
        return offset % _DAY < self.length

    def day(self, moment: datetime) -> date:
        """Return the local date on which the window opened last before an aware moment."""
        return self._opened(moment).date()

    def closes(self, moment: datetime) -> datetime:
        """Return when (UTC) the window closes that opened last before an aware moment.

        Wall time decides: on the day of a clock change the window is an hour shorter or longer.
        """
        closes = self._opened(moment) + self.length
        return closes.replace(tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    def _opened(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        opened = datetime.combine(local.date(), self.start)
        return opened if opened <= local else opened - _DAY

    def utc(self, year: int) -> tuple[time, timedelta]:
        """Return the start in UTC and the length of what holds on every day of a year.

        With daylight saving the UTC hours of a local window shift; only the overlap of all of
        them is always inside. A window shorter than the shift leaves nothing: length zero.
        """
        offsets = _offsets(self.timezone, year)
        starts = [_since_midnight(self.start) - offset for offset in offsets]
        first, last = min(starts), max(starts)
        length = max(timedelta(), first + self.length - last)
        return (_MIDNIGHT + last % _DAY).time(), length


def _since_midnight(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )


def _offsets(timezone: str, year: int) -> set[timedelta]:
    """Return every distance from UTC that the time zone has at noon of a day of the year."""
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = (first + timedelta(days=day) for day in range(366))
    offsets = (day.astimezone(ZoneInfo(timezone)).utcoffset() for day in days)
    return {offset for offset in offsets if offset is not None}
