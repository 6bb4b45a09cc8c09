"""What `holdfast backup restore-files` says, to people and to programs."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.columns import Row, columns

if TYPE_CHECKING:
    from backup.files_plan import FilesPlan
    from backup.files_point import PointPlan
    from backup.files_restore import Progress, Restored
    from cloud.restore_jobs import RestoreJob

Json = dict[str, object]

_MARKS = {True: "within", False: "BEYOND"}
_FEW = 10
_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_STEP = 1024


def plan_text(plan: "FilesPlan", done: "Restored | None") -> str:
    """Return what a restore to a moment would do, or did."""
    return "\n".join([*_planned(plan), *_outcome(plan, done)]) + "\n"


def plan_json(plan: "FilesPlan", done: "Restored | None") -> Json:
    """Return the same for programs; sizes are bytes, lengths seconds."""
    return {
        "zone": plan.manifest.zone,
        "site": str(plan.asked.site),
        "region": plan.region,
        "bucket": plan.asked.purpose,
        "source": plan.source,
        "to": str(plan.place),
        "at": plan.asked.moment.isoformat(),
        "applied": done is not None,
        "files": len(plan.shown.files),
        "size": plan.shown.size,
        "complete": plan.shown.complete,
        "counts": _counts(plan),
        "differing": [one.key for one in plan.copies if one.fate == "something else is there"],
        "age_s": plan.age.total_seconds(),
        "rpo_met": plan.within_rpo,
        "estimate_s": plan.estimate.total_seconds(),
        "rto_met": plan.within_rto,
        "done": None if done is None else _done_json(done),
    }


def point_text(plan: "PointPlan", job: "RestoreJob | None") -> str:
    """Return what a restore of a point would do, or did."""
    lines = [
        f"{plan.manifest.zone}: {plan.point} to {plan.place}, by AWS Backup",
        *columns(
            [
                ("taken", _local(plan, plan.point.taken_at)),
                *_objectives(plan),
                ("because", plan.expected.source),
            ]
        ),
    ]
    if plan.doubt:
        lines.append(f"warning: {plan.doubt}")
    if plan.begun is not None:
        lines.append(f"it was begun already: job {plan.begun.identity} is {plan.begun.status}")
    if job is None:
        lines.append("nothing was done: --apply does it")
    else:
        lines.append(f"restored by job {job.identity}: {_bytes(job.size)}{_lasted(job)}")
        if plan.point.series.shared:
            lines.append(
                f"made {job.made.rpartition('/')[2]}: the files are in /aws-backup-restore_DATETIME"
                " of it; give it mount targets to look at them"
            )
    return "\n".join(lines) + "\n"


def point_json(plan: "PointPlan", job: "RestoreJob | None") -> Json:
    """Return the same for programs."""
    return {
        "zone": plan.manifest.zone,
        "site": str(plan.site),
        "point": plan.point.arn,
        "refuted": plan.point.refuted,
        "series": str(plan.point.series),
        "to": str(plan.place),
        "applied": job is not None,
        "age_s": plan.age.total_seconds(),
        "rpo_met": plan.within_rpo,
        "estimate_s": plan.estimate.total_seconds(),
        "estimate_from": plan.expected.source,
        "rto_met": plan.within_rto,
        "begun": None if plan.begun is None else plan.begun.identity,
        "job": None if job is None else _job_json(job),
    }


def _job_json(job: "RestoreJob") -> Json:
    return {"identity": job.identity, "size": job.size, "made": job.made}


def progress_text(progress: "Progress") -> str:
    """Return one line about how far the copies are."""
    left = f", {_long(progress.left)} to go" if progress.left else ""
    return f"{progress.files} of {progress.of} files, {_bytes(progress.size)}{left}"


def job_text(job: "RestoreJob") -> str:
    """Return one line about how far AWS Backup is."""
    return f"job {job.identity} is {job.status}, {job.percent:.0f} %"


def _planned(plan: "FilesPlan") -> Iterator[str]:
    shown = plan.shown
    yield (
        f"{plan.manifest.zone}: {plan.asked.purpose} of {plan.asked.site} as of "
        f"{_local(plan, plan.asked.moment)} to {plan.place}"
    )
    yield from columns(
        [
            ("files", f"{len(shown.files)}, {_bytes(shown.size)}"),
            *((fate, str(count)) for fate, count in _counts(plan).items() if count),
            *_objectives(plan),
        ]
    )
    if not shown.complete and shown.complete_since is not None:
        yield (
            "warning: versions that were replaced before "
            f"{_local(plan, shown.complete_since)} are gone; a recovery point may have them"
        )
    differing = [one.key for one in plan.copies if one.fate == "something else is there"]
    yield from (f"  differs, and stays as it is: {key}" for key in differing[:_FEW])


def _objectives(plan: "FilesPlan | PointPlan") -> Iterator[Row]:
    goals = plan.manifest.objectives
    yield "age", f"{_long(plan.age)}, {_MARKS[plan.within_rpo]} {_long(goals.rpo)}"
    yield "takes", f"about {_long(plan.estimate)}, {_MARKS[plan.within_rto]} {_long(goals.rto)}"


def _outcome(plan: "FilesPlan", done: "Restored | None") -> Iterator[str]:
    if done is None:
        yield "nothing was done: --apply does it"
        return
    yield f"{done.copied} copied ({_bytes(done.size)}) in {_long(done.lasted)}, {done.there} there"
    if done.unproven:
        yield f"{len(done.unproven)} have no checksum in {plan.source}: only sizes were compared"
    yield from (f"  FAILED  {one.subject}: {one.sentence}" for one in done.failed[:_FEW])
    if len(done.failed) > _FEW:
        yield f"  and {len(done.failed) - _FEW} more"


def _counts(plan: "FilesPlan") -> dict[str, int]:
    from backup.files_plan import Fate

    return {str(fate): len(plan.of(fate)) for fate in Fate}


def _done_json(done: "Restored") -> Json:
    return {
        "copied": done.copied,
        "size": done.size,
        "there": done.there,
        "unproven": list(done.unproven),
        "failed": [asdict(one) for one in done.failed],
        "lasted_s": done.lasted.total_seconds(),
    }


def _local(plan: "FilesPlan | PointPlan", moment: datetime | None) -> str:
    zone = ZoneInfo(plan.manifest.window.timezone)
    return "-" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _long(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _lasted(job: "RestoreJob") -> str:
    if job.began is None or job.ended is None:
        return ""
    return f" in {_long(job.ended - job.began)}"


def _bytes(size: int) -> str:
    shown, unit = float(size), 0
    while shown >= _STEP and unit < len(_UNITS) - 1:
        shown, unit = shown / _STEP, unit + 1
    return f"{shown:.0f} {_UNITS[unit]}"
