"""What a year of nights comes to: every promise about recovery points, held against what was.

`drill.year_stretches` puts the stretches of a year together and `judge` says what is wrong with it.
Pure. A point is daily, and may be taken at any moment of its window: two of consecutive nights lie
at most the objective and the window's length apart (decision 0025).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from drill import year_damage, year_runs
from drill.year import Played
from drill.year_story import YearStory
from simulator.alarm_history import Told
from simulator.schedules import Fate
from simulator.shelves import Shelf

AFTERWARDS = timedelta(days=3)
"""For how long after a fault its consequences may still be told: a night to take what was missed, a
day until alarms that look back over one have seen it, one to spare."""


@dataclass(frozen=True)
class Gap:
    """A shelf without a new point for longer than allowed; `told` is the first alarm about it."""

    shelf: Shelf
    since: datetime
    until: datetime
    excused: bool
    told: str


@dataclass(frozen=True)
class YearVerdict:
    """One zone's year. `unmet` are sentences: empty means that everything was as promised."""

    story: YearStory
    objective: timedelta
    allowed: timedelta
    runs: dict[str, int]
    nights_missed: int
    taken: int
    copied: int
    shelves: int
    odd_days: int
    held_days: int
    worst_gap: timedelta
    oldest: timedelta
    gaps: tuple[Gap, ...]
    told: tuple[Told, ...]
    calls: dict[str, int]
    unmet: tuple[str, ...]


def judge(story: YearStory, stretches: Sequence[Played]) -> YearVerdict:
    """Put the stretches of a year together, in order, and judge it."""
    first = stretches[0]
    objective = first.manifest.objectives.rpo
    allowed = objective + first.manifest.window.length
    gaps = tuple(gap for one in stretches for gap in _too_long(story, one, allowed))
    told = tuple(alarm for one in stretches for alarm in one.told)
    missed = [night for one in stretches for night in _nights_missed(one)]
    return YearVerdict(
        story=story,
        objective=objective,
        allowed=allowed,
        runs=_runs(stretches),
        nights_missed=len(missed),
        taken=sum(_came(one, copies=False) for one in stretches),
        copied=sum(_came(one, copies=True) for one in stretches),
        shelves=len(first.records),
        odd_days=sum(
            len(days) for one in stretches for days in (*one.extra.values(), *one.lost.values())
        ),
        held_days=sum(len(days) for one in stretches for days in one.held.values()),
        worst_gap=max(_lengths(stretches), default=timedelta()),
        oldest=max(
            record.oldest(one.began, one.ended)
            for one in stretches
            for record in one.records.values()
        ),
        gaps=gaps,
        told=told,
        calls=dict(sorted(sum((Counter(one.calls) for one in stretches), Counter()).items())),
        unmet=tuple(_unmet(story, stretches, gaps, missed)),
    )


def _unmet(
    story: YearStory, stretches: Sequence[Played], gaps: Sequence[Gap], missed: list[datetime]
) -> Iterator[str]:
    began = stretches[0].began
    for one in stretches:
        yield from _not_ruled(story, began, one)
        yield from year_damage.unmet(story, began, one.ended, one.told)
        yield from _runs_and_alarms(story, began, one)
    for gap in gaps:
        yield from _unexplained(gap)
    for night in missed:
        if not _excused(story, began, night, night + timedelta(days=1)):
            yield f"the night of {night:%Y-%m-%d} left no point, and no fault says why"
    yield from _joints(stretches)


def _runs_and_alarms(story: YearStory, began: datetime, played: Played) -> Iterator[str]:
    """Yield what failed or went off without a cause, and what failed in silence."""
    found = year_damage.finds(story, began, played)

    def excused(moment: datetime) -> bool:
        late = year_damage.told_late(found, moment)
        return late or _excused(story, began, moment, moment)

    yield from year_runs.unmet(played, excused)
    for alarm in played.told:
        if not (excused(alarm.since) or _of_a_hold(played, alarm)):
            yield f"{alarm.alarm} went off at {_text(alarm.since)}, and nothing was wrong"


def _not_ruled(story: YearStory, began: datetime, played: Played) -> Iterator[str]:
    for (series, region), (extra, lost) in sorted(played.odd.items()):
        if not _excused(story, began, played.ended, played.ended):
            yield f"{series} in {region} ends with {extra} points too many and {lost} too few"
    for (series, region), days in sorted(played.lost.items()):
        yield f"{series} in {region} lacked a point that the rule keeps, on {len(days)} days"
    for (series, region), days in sorted(played.extra.items()):
        bare = [day for day in days if not _excused(story, began, day, day)]
        if bare:
            said = f"on {len(bare)} days from {_text(bare[0])}, and no fault or hold says why"
            yield f"{series} in {region} held a point that the rule gives up, {said}"


def _unexplained(gap: Gap) -> Iterator[str]:
    span = f"from {_text(gap.since)} to {_text(gap.until)}"
    if not gap.excused:
        yield f"{gap.shelf[0]} in {gap.shelf[1]} got no point {span}, and no fault says why"
    if not gap.told:
        yield f"{gap.shelf[0]} in {gap.shelf[1]} got no point {span}, and nobody was told"


def _joints(stretches: Sequence[Played]) -> Iterator[str]:
    """Hold the end of each stretch against what the next one began with."""
    for before, after in pairwise(stretches):
        zone = ZoneInfo(before.manifest.window.timezone)
        for shelf, record in sorted(before.records.items()):
            left = {moment.astimezone(zone).date() for moment in record.there}
            if left != after.first.get(shelf, set()):
                yield f"{shelf[0]} in {shelf[1]}: the next stretch did not begin as this one ended"


def _too_long(story: YearStory, played: Played, allowed: timedelta) -> Iterator[Gap]:
    for shelf, record in sorted(played.records.items()):
        for since, until in record.waits(played.ended):
            if until > played.began and until - since > allowed:
                excused = _excused(story, played.began, since, until)
                yield Gap(shelf, since, until, excused, _first_told(played, shelf, since, until))


def _first_told(played: Played, shelf: Shelf, since: datetime, until: datetime) -> str:
    """Return the first alarm of a gap that concerns its shelf, or every night."""
    speaks = (f"-{shelf[0]}-stale in {shelf[1]}", "-backup-missed in ", "-backup-errors in ")
    found = (
        one.alarm
        for one in played.told
        if one.since <= until
        and (one.until is None or one.until > since)
        and any(text in one.alarm for text in speaks)
    )
    return next(found, "")


def _excused(story: YearStory, began: datetime, since: datetime, until: datetime) -> bool:
    """Say whether any fault held, or had its consequences, at some moment between two."""
    for row in story.faults:
        begin = began + row.at
        end = begin + row.lasts + AFTERWARDS if row.lasts is not None else until
        if begin <= until and end >= since:
            return True
    return False


def _of_a_hold(played: Played, alarm: Told) -> bool:
    """Say whether an alarm speaks of a hold that was on: by itself it may last, and is told."""
    about = any(text in alarm.alarm for text in ("-hold-old in ", "-snapshot-room in "))
    held = (day for days in played.held.values() for day in days)
    return about and any(abs(alarm.since - day) <= timedelta(days=1) for day in held)


def _nights_missed(played: Played) -> list[datetime]:
    """Return the nights in which any database got no point in the region that serves."""
    zone = ZoneInfo(played.manifest.window.timezone)
    region = played.manifest.serving_site.region
    found = []
    night = played.began
    while night + timedelta(days=1) <= played.ended + timedelta(hours=1):
        for database in played.manifest.databases:
            record = played.records.get((database.name, region))
            days = {one.astimezone(zone).date() for one in record.came} if record else set()
            if (night + timedelta(days=1)).astimezone(zone).date() not in days:
                found.append(night)
                break
        night += timedelta(days=1)
    return found


def _runs(stretches: Sequence[Played]) -> dict[str, int]:
    counts = Counter(fired.fate for one in stretches for fired in one.fired)
    return {str(fate): counts[fate] for fate in Fate}


def _came(played: Played, *, copies: bool) -> int:
    """Count the points that came, or the copies among them."""
    standby = played.manifest.standby_site.region
    databases = {one.name for one in played.manifest.databases}
    own = f"{played.manifest.standby}-"
    return sum(
        sum(came > played.began for came in record.came.values())
        for (series, region), record in played.records.items()
        if copies == (region == standby and (series in databases or not series.startswith(own)))
    )


def _lengths(stretches: Sequence[Played]) -> Iterator[timedelta]:
    for one in stretches:
        for record in one.records.values():
            yield from (
                until - since for since, until in record.gaps(one.ended) if until > one.began
            )


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
