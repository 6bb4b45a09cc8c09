"""What the commands of `holdfast backup` say to people: the verdict first, then each point."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.columns import Row, columns

if TYPE_CHECKING:
    from backup.capture_plan import CapturePlan
    from backup.copy_plan import CopyPlan
    from backup.forecast import Until
    from backup.freshness import Fresh
    from backup.keep import Decision, PrunePlan
    from backup.outcome import Done
    from cli.backup_options import Looked

_HOUR = timedelta(hours=1)
MARKS = {True: "yes", False: "no", None: "unknown"}


def listing_text(
    seen: "Looked",
    plan: "PrunePlan",
    fresh: "Sequence[Fresh]",
    until: "Mapping[str, Until]",
) -> str:
    """Return how fresh each series is, then every point with its reason and its end."""
    from backup import capture_plan, files_gaps

    objective = seen.manifest.objectives.rpo / _HOUR
    rows = [("series", "newest usable point", f"within {objective:.0f} h")]
    rows += [(str(one.series), _age(one), MARKS[one.met]) for one in fresh]
    points = ["", *_points(seen, plan.decisions, until)] if plan.decisions else []
    missing = [
        *_missing(capture_plan.gaps(seen.manifest, seen.catalogue)),
        *_missing(files_gaps.gaps(seen.manifest, seen.catalogue)),
    ]
    return _text([*_head(seen, plan), *columns(rows), *missing, *points, *_reaches(seen)])


def prune_text(seen: "Looked", plan: "PrunePlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what goes and why; what stays is counted, `list` shows it."""
    goes, stays = plan.deletions, sum(one.kept for one in plan.decisions)
    later = sum(one.postponed for one in plan.decisions)
    verb = "given up" if applied else "would be deleted (--apply does it)"
    counted = f"{stays} points stay, {len(goes)} {verb}, {later} in later runs"
    shown = [*_outcomes(done)] if applied else [*_points(seen, goes, {})] if goes else []
    return _text([*_head(seen, plan), counted, *(("", *shown) if shown else ())])


def capture_text(zone: str, plan: "CapturePlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what the day needs, what it has, and the days before it that have nothing."""
    lines = [f"{zone}: day {plan.day}, window closes {plan.day.closes:%Y-%m-%d %H:%M} UTC"]
    rows = [(name, "there", point.identifier) for name, point in plan.present.items()]
    rows += [(one.database, one.reason, one.identifier) for one in plan.captures if not applied]
    lines += [*columns(rows), *_outcomes(done)]
    lines += _missing(plan.gaps)
    return _text([*lines, *_hint(bool(plan.captures), applied)])


def copy_text(zone: str, plan: "CopyPlan", done: "Sequence[Done]", *, applied: bool) -> str:
    """Return what is copied where, and what waits for what."""
    lines = [f"{zone}: {len(plan.copies)} to copy, {len(plan.waiting)} waiting"]
    rows = [(one.source.identifier, f"to {one.region}") for one in plan.copies if not applied]
    lines += [*columns(rows), *_outcomes(done)]
    waiting = [(arn.rpartition(":")[2], why) for arn, why in plan.waiting.items()]
    return _text([*lines, *columns(waiting), *_hint(bool(plan.copies), applied)])


def _head(seen: "Looked", plan: "PrunePlan") -> Iterator[str]:
    why = seen.standing.why(plan.at)
    yield f"{plan.zone}: {seen.standing.state(plan.at)}{f' ({why})' if why else ''}"
    yield from (f"warning: {one}" for one in plan.warnings)


def _points(
    seen: "Looked", decisions: "Sequence[Decision]", until: "Mapping[str, Until]"
) -> Iterator[str]:
    zone = ZoneInfo(seen.manifest.window.timezone)
    rows: list[Row] = [("series", "region", "taken", "point", "kept until", "what becomes of it")]
    for one in decisions:
        moment = one.point.taken_at
        local = f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"
        fate = one.reason if one.kept else f"goes: {one.reason}"
        point, end = one.point, _end(until.get(one.point.arn), zone)
        rows.append((str(point.series), point.region, local, point.identifier, end, fate))
    yield from columns(rows if until else [(*row[:4], row[5]) for row in rows])


def _missing(gaps: "Mapping[str, Sequence[str]]") -> list[str]:
    return [f"{name} has no point of {', '.join(days)}" for name, days in gaps.items()]


def _end(until: "Until | None", zone: ZoneInfo) -> str:
    """Say when a point goes: about a day, or nobody knows when."""
    if until is None:
        return "-"
    return f"about {until.about.astimezone(zone):%Y-%m-%d}" if until.about else "open"


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
    rows = [(_state(one), one.subject, one.region, one.sentence) for one in done]
    yield from columns(rows)


def _state(done: "Done") -> str:
    if done.waits:
        return "waits"
    return "ok" if done.well else "FAILED"


def _age(fresh: "Fresh") -> str:
    if fresh.point is None or fresh.age is None:
        return "none"
    return f"{fresh.age / _HOUR:.1f} h old, in {fresh.point.region}"


def _hint(wanted: bool, applied: bool) -> Iterable[str]:
    return ("nothing was done: --apply does it",) if wanted and not applied else ()


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
