"""Whether a change may be made now, and whether work may be announced so. Pure.

`cli.change_command` and `maintenance.announce` ask. What clients notice is allowed inside the
zone's window alone, and only where it was announced in time: the service description's rule.
What nobody notices is always allowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from continuity.notice_period import NoticePeriod
from continuity.window import MaintenanceWindow
from continuity.wording import seconds_text
from maintenance.business_days import latest
from maintenance.impact import Impact, noticed
from maintenance.notice import Notice, Work

_DAY = timedelta(days=1)
_LOOK_AHEAD = 60
"""Days within which a window that can still be announced is looked for: any holidays fit."""


@dataclass(frozen=True)
class Rules:
    """When a zone may be worked on."""

    window: MaintenanceWindow
    period: NoticePeriod

    def local(self, moment: datetime) -> str:
        """Write a moment as the clock of the zone shows it, `2026-11-25 00:00 WET`."""
        return f"{moment.astimezone(ZoneInfo(self.window.timezone)):%Y-%m-%d %H:%M %Z}"

    def deadline(self, start: datetime, *, emergency: bool) -> datetime:
        """Return until when work that begins at `start` must have been announced."""
        if emergency:
            return start - timedelta(seconds=self.period.emergency_s)
        days, countries = self.period.business_days, self.period.countries
        return latest(start, days, self.window.timezone, countries)

    def needed(self, *, emergency: bool) -> str:
        """Return how long before that is, in words."""
        if emergency:
            return f"{seconds_text(self.period.emergency_s)} (an emergency)"
        return f"{self.period.business_days} business days"

    def opening(self, now: datetime, *, emergency: bool) -> datetime | None:
        """Return when the first window opens that can still be announced; None if never soon."""
        openings = (self._opens(now, day) for day in range(_LOOK_AHEAD))
        deadlines = ((one, self.deadline(one, emergency=emergency)) for one in openings)
        return next((one for one, until in deadlines if one > now and until >= now), None)

    def _opens(self, now: datetime, day: int) -> datetime:
        zone = ZoneInfo(self.window.timezone)
        date = now.astimezone(zone).date() + day * _DAY
        return datetime.combine(date, self.window.start, zone)


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, and under which notice; else every reason, and what to do."""

    allowed: bool
    reasons: tuple[str, ...] = ()
    lift: str = ""
    notice: Notice | None = None


def judge(
    impacts: Iterable[Impact], notices: Sequence[Notice], at: datetime, rules: Rules
) -> Verdict:
    """Return whether a change with these impacts is allowed at a moment."""
    if not noticed(impacts):
        return Verdict(allowed=True)
    covering = [one for one in notices if one.covers(at)]
    timely = [one for one in covering if _in_time(one, rules)]
    reasons = (*_hours(at, rules), *_announced(covering, timely, at, rules))
    if not reasons:
        return Verdict(allowed=True, notice=timely[0])
    return Verdict(allowed=False, reasons=reasons, lift=_lift(at, rules))


def objections(work: Work, now: datetime, rules: Rules) -> tuple[str, ...]:
    """Return why work cannot be announced now as it is meant; nothing where it can."""
    if work.ends <= work.starts:
        return ("it would end before it begins",)
    found = _hours(work.starts, rules)
    closes = rules.window.closes(work.starts)
    if not found and work.ends > closes:
        found = (f"the window closes at {rules.local(closes)}, before the work would end",)
    until = rules.deadline(work.starts, emergency=work.emergency)
    if now > until:
        needed = rules.needed(emergency=work.emergency)
        found = (*found, f"it comes too late: {needed} before was {rules.local(until)}")
    return found


def _hours(at: datetime, rules: Rules) -> tuple[str, ...]:
    window = rules.window
    if window.contains(at):
        return ()
    hours = f"{window.start:%H:%M}-{window.end:%H:%M} {window.timezone}"
    return (f"{rules.local(at)} is outside the zone's window, {hours}",)


def _announced(
    covering: Sequence[Notice], timely: Sequence[Notice], at: datetime, rules: Rules
) -> tuple[str, ...]:
    if timely:
        return ()
    if not covering:
        return (f"no notice covers {rules.local(at)}",)
    return tuple(
        f"{one.id} was announced at {rules.local(one.announced_at)}, less than "
        f"{rules.needed(emergency=one.work.emergency)} before"
        for one in covering
    )


def _in_time(notice: Notice, rules: Rules) -> bool:
    work = notice.work
    return notice.announced_at <= rules.deadline(work.starts, emergency=work.emergency)


def _lift(at: datetime, rules: Rules) -> str:
    """Say when it would be allowed, if it is announced by now."""
    planned, urgent = rules.opening(at, emergency=False), rules.opening(at, emergency=True)
    if planned is None or urgent is None:
        return "Announce it with `holdfast maintenance announce` for a later window."
    return (
        f"Announce it with `holdfast maintenance announce` for {rules.local(planned)} or later, or "
        f"as an emergency for {rules.local(urgent)}."
    )
