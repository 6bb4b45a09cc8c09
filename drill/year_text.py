"""The verdict about a year, for people and for programs: `cli.year_command` prints one of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from continuity.wording import seconds_text
from drill.year_verdict import Gap, YearVerdict
from simulator.alarm_history import Told

_LABEL = 16
_MOST = 12
"""Of what may come in hundreds, so many are shown to people; programs get all."""


def as_text(verdict: YearVerdict) -> str:
    """Return the verdict as lines, ending with a newline."""
    story, runs = verdict.story, verdict.runs
    good = "AS PROMISED" if not verdict.unmet else "NOT AS PROMISED"
    nights = max(1, story.days)
    total = sum(verdict.calls.values())
    lines = [
        f"{story.zone}  {good}  {story.days} nights from {story.first} (seed {story.seed})",
        *_row("nights", [_nights(verdict)]),
        *_row("runs", [", ".join(f"{count:,} {fate}" for fate, count in runs.items())]),
        *_row("points", [f"{verdict.taken:,} taken, {verdict.copied:,} copied"]),
        *_row("kept", [_kept(verdict)]),
        *_row("newest point", [_age(verdict)]),
        *_row("too long", _some([_gap(gap) for gap in verdict.gaps])),
        *_row("told", _some(_told(verdict))),
        *_row("calls", [f"{total / nights:,.0f} to AWS a night"]),
        *_row("not as expected", _some(verdict.unmet)),
    ]
    return "\n".join(lines) + "\n"


def as_json(verdict: YearVerdict) -> dict[str, object]:
    """Return the verdict as JSON types."""
    story = verdict.story
    return {
        "scenario": "year",
        "zone": story.zone,
        "first": story.first.isoformat(),
        "days": story.days,
        "seed": story.seed,
        "nights_missed": verdict.nights_missed,
        "runs": verdict.runs,
        "points_taken": verdict.taken,
        "points_copied": verdict.copied,
        "shelves": verdict.shelves,
        "shelf_days_not_as_ruled": verdict.odd_days,
        "shelf_days_held": verdict.held_days,
        "rpo": {
            "objective_s": verdict.objective.total_seconds(),
            "allowed_gap_s": verdict.allowed.total_seconds(),
            "longest_gap_s": round(verdict.worst_gap.total_seconds(), 1),
            "oldest_newest_point_s": round(verdict.oldest.total_seconds(), 1),
            "met": not verdict.gaps,
        },
        "gaps": [_gap_json(gap) for gap in verdict.gaps],
        "told": [_told_json(one) for one in verdict.told],
        "api_calls": verdict.calls,
        "unmet": list(verdict.unmet),
    }


def _gap_json(gap: Gap) -> dict[str, object]:
    return {
        "series": gap.shelf[0],
        "region": gap.shelf[1],
        "since": gap.since.isoformat(),
        "until": gap.until.isoformat(),
        "excused": gap.excused,
        "told": gap.told,
    }


def _told_json(told: Told) -> dict[str, object]:
    return {
        "alarm": told.alarm,
        "since": told.since.isoformat(),
        "until": told.until.isoformat() if told.until else None,
    }


def _row(label: str, values: Iterable[str]) -> list[str]:
    """Return one line for each value; only the first carries the label."""
    labels = [label]
    return [f"  {labels.pop() if labels else '':<{_LABEL}} {value}".rstrip() for value in values]


def _some(values: Iterable[str]) -> list[str]:
    found = list(values)
    left = len(found) - _MOST
    return found if left <= 0 else [*found[:_MOST], f"and {left:,} more"]


def _nights(verdict: YearVerdict) -> str:
    good = verdict.story.days - verdict.nights_missed
    return f"{good} with a point of every database, {verdict.nights_missed} without"


def _told(verdict: YearVerdict) -> list[str]:
    if not verdict.told:
        return ["nothing"]
    return [f"{one.alarm}: {_span(one.since, one.until)}" for one in verdict.told]


def _kept(verdict: YearVerdict) -> str:
    held = (
        f"; more by holds and what they pin, on {verdict.held_days:,} days of shelves"
        if verdict.held_days
        else ""
    )
    if not verdict.odd_days:
        return f"exactly what the rule says, every day, on {verdict.shelves} shelves{held}"
    why = "" if verdict.unmet else ", for a fault"
    odd = f"not what the rule says on {verdict.odd_days:,} days of {verdict.shelves} shelves"
    return f"{odd}{why}{held}"


def _age(verdict: YearVerdict) -> str:
    met = "met" if not verdict.gaps else "MISSED"
    return (
        f"objective {_length(verdict.objective)}, at most {_length(verdict.worst_gap)} between two "
        f"({_length(verdict.allowed)} allowed: {met}), at worst {_length(verdict.oldest)} old"
    )


def _gap(gap: Gap) -> str:
    why = "a fault" if gap.excused else "NO FAULT"
    told = f"told by {gap.told}" if gap.told else "NOT TOLD"
    return f"{gap.shelf[0]} in {gap.shelf[1]}: {_span(gap.since, gap.until)}, {why}, {told}"


def _span(since: datetime, until: datetime | None) -> str:
    end = f"to {until:%Y-%m-%d %H:%M}" if until is not None else "on"
    return f"{since:%Y-%m-%d %H:%M} {end}"


def _length(length: timedelta) -> str:
    return seconds_text(length.total_seconds())
