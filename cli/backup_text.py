"""What the commands of `holdfast backup` say to people: the verdict first, then each point."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.columns import Row, columns

if TYPE_CHECKING:
    from backup.capture_plan import CapturePlan
    from backup.copy_plan import CopyPlan
    from backup.freshness import Fresh
    from backup.hold_rules import Condition, Hold, Standing
    from backup.keep import Decision, PrunePlan
    from backup.outcome import Done
    from cli.backup_options import Looked

_HOUR = timedelta(hours=1)
_FEW_DAYS = 14
_MARKS = {True: "yes", False: "no", None: "unknown"}


def listing_text(seen: "Looked", plan: "PrunePlan", fresh: "Sequence[Fresh]") -> str:
    """Return how fresh each database is, then every point with its reason."""
    objective = seen.manifest.objectives.rpo / _HOUR
    rows = [("database", "newest usable point", f"within {objective:.0f} h")]
    rows += [(one.database, _age(one), _MARKS[one.met]) for one in fresh]
    points = ["", *_points(seen, plan.decisions)] if plan.decisions else []
    return _text([*_head(seen, plan), *columns(rows), *points, *_reaches(seen)])


def prune_text(seen: "Looked", plan: "PrunePlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what goes and why; what stays is counted, `list` shows it."""
    goes, stays = plan.deletions, sum(one.kept for one in plan.decisions)
    later = sum(one.postponed for one in plan.decisions)
    verb = "given up" if applied else "would be deleted (--apply does it)"
    counted = f"{stays} points stay, {len(goes)} {verb}, {later} in later runs"
    shown = _outcomes(done) if applied else _points(seen, goes)
    return _text([*_head(seen, plan), counted, *(("", *shown) if goes else ())])


def capture_text(zone: str, plan: "CapturePlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what the day needs, what it has, and the days before it that have nothing."""
    lines = [f"{zone}: day {plan.day}, window closes {plan.day.closes:%Y-%m-%d %H:%M} UTC"]
    rows = [(name, "there", point.identifier) for name, point in plan.present.items()]
    rows += [(one.database, one.reason, one.identifier) for one in plan.captures if not applied]
    lines += [*columns(rows), *_outcomes(done)]
    lines += [f"{name} has no point of {', '.join(days)}" for name, days in plan.gaps.items()]
    return _text([*lines, *_hint(bool(plan.captures), applied)])


def copy_text(zone: str, plan: "CopyPlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what is copied where, and what waits for what."""
    lines = [f"{zone}: {len(plan.copies)} to copy, {len(plan.waiting)} waiting"]
    rows = [(one.source.identifier, f"to {one.region}") for one in plan.copies if not applied]
    lines += [*columns(rows), *_outcomes(done)]
    waiting = [(arn.rpartition(":")[2], why) for arn, why in plan.waiting.items()]
    return _text([*lines, *columns(waiting), *_hint(bool(plan.copies), applied)])


def standing_text(
    zone: str, found: "Standing", now: datetime, room: Mapping[str, float | None]
) -> str:
    """Return the zone's state, its holds, and how long its regions have room."""
    state = found.state(now)
    lines = [f"{zone}: {state}{f' ({found.why(now)})' if found.why(now) else ''}"]
    lines += columns(
        [(one.identifier, f"{(now - one.since) / _HOUR:.0f} h", one.reason) for one in found.holds]
    )
    for region, days in room.items():
        lines.append(f"{region}: {_room(days)}")
    return _text(lines)


def release_text(
    zone: str, wanted: "Hold", conditions: "Sequence[Condition]", *, applied: bool
) -> str:
    """Return what a release waits for, or that it was made."""
    if applied:
        lines = [f"{zone}: {wanted.identifier} is released; nothing is deleted for 7 days yet"]
    else:
        lines = [f"{zone}: {wanted.identifier} waits for (--apply releases it)"]
    return _text([*lines, *columns([(_MARKS[one.met], one.sentence) for one in conditions])])


def _head(seen: "Looked", plan: "PrunePlan") -> Iterator[str]:
    why = seen.standing.why(plan.at)
    yield f"{plan.zone}: {seen.standing.state(plan.at)}{f' ({why})' if why else ''}"
    yield from (f"warning: {one}" for one in plan.warnings)


def _points(seen: "Looked", decisions: "Sequence[Decision]") -> Iterator[str]:
    zone = ZoneInfo(seen.manifest.window.timezone)
    rows: list[Row] = [("series", "region", "taken", "point", "what becomes of it")]
    for one in decisions:
        moment = one.point.taken_at
        local = f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"
        fate = one.reason if one.kept else f"goes: {one.reason}"
        row = (str(one.point.series), one.point.region, local, one.point.identifier, fate)
        rows.append(row)
    yield from columns(rows)


def _reaches(seen: "Looked") -> Iterator[str]:
    """Yield from when to when every moment can be restored, by automated backups."""
    zone = ZoneInfo(seen.manifest.window.timezone)
    rows: list[Row] = [("series", "region", "every moment from", "to")]
    for one in seen.catalogue.reaches:
        ends = [f"{end.astimezone(zone):%Y-%m-%d %H:%M}" for end in (one.oldest, one.newest) if end]
        if ends:
            rows.append((str(one.series), one.region, ends[0], ends[-1]))
    if len(rows) > 1:
        yield ""
        yield from columns(rows)


def _outcomes(done: "Sequence[Done]") -> Iterator[str]:
    rows = [("ok" if one.well else "FAILED", one.subject, one.region, one.sentence) for one in done]
    yield from columns(rows)


def _age(fresh: "Fresh") -> str:
    if fresh.point is None or fresh.age is None:
        return "none"
    return f"{fresh.age / _HOUR:.1f} h old, in {fresh.point.region}"


def _room(days: float | None) -> str:
    if days is None:
        return "nobody knows for how long there is room for snapshots"
    if days == float("inf"):
        return "room for snapshots without an end"
    short = " - ask AWS for more (quota ManualSnapshots)" if days < _FEW_DAYS else ""
    return f"room for {days:.0f} days of snapshots while nothing is deleted{short}"


def _hint(wanted: bool, applied: bool) -> Iterable[str]:
    return ("nothing was done: --apply does it",) if wanted and not applied else ()


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
