"""What the readers of file systems are asked, and what their answers are worth together. Pure.

`backup.files_shared_trials` asks. A file system keeps no versions, so nobody can say all that a
point should hold. What is known for certain is less: a file of the site's own file system that
nobody touched since the point was begun was there then, and held what it holds now. So it must have
come back. Of what was changed or deleted since nothing is known, and nothing is said.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from backup.verify_subject import Result, Trial
from cloud.file_systems import Following

Answer = Mapping[str, Any]
"""What `backup.file_reader` left."""

_SECOND = timedelta(seconds=1)
"""What was written in the second of the point counts as written since."""


def name(trial: Trial, of: str) -> str:
    """Return under which name a reader answers for a trial, `live` or `restored`."""
    return f"{trial.scratch} {of}"


def about_live(trial: Trial, table: str, why: str) -> dict[str, object]:
    """Return what is asked of the site's own file system; `why` says that it proves nothing."""
    before = datetime.fromtimestamp(0, trial.taken_at.tzinfo) if why else trial.taken_at - _SECOND
    return {
        "table": table,
        "answer": name(trial, "live"),
        "before": before.isoformat(),
        "seed": trial.scratch,
        "why": why,
    }


def about_restored(trial: Trial, table: str, live: Answer) -> dict[str, object]:
    """Return what is asked of the file system that was restored."""
    return {
        "table": table,
        "answer": name(trial, "restored"),
        "sample": live["sample"],
        "seed": trial.scratch,
    }


def incomparable(mine: str, source: str, taken_at: datetime, following: Following | None) -> str:
    """Return why a site's own file system `mine` says nothing of a point of `source`; else empty.

    It does only where one has followed the other since before the point, and, where the site's own
    is the one that follows, up to the point. A file system that served in between, or was
    overwritten, may hold older files than the point, with older moments.
    """
    if following is None or source != following.source:
        return "the file system of this point has not been the one that others follow"
    if following.since >= taken_at:
        return f"which one follows which was changed at {_text(following.since)}, after the point"
    if mine == source:
        return ""
    if mine not in following.targets:
        return "this site's file system does not follow that of the point"
    if following.synced is None or following.synced < taken_at:
        until = "nothing" if following.synced is None else _text(following.synced)
        return f"this site's file system has received {until}, and not up to the point"
    return ""


def results(live: Answer, restored: Answer) -> tuple[Result, ...]:
    """Return what both answers show. Nothing that is uncertain refutes."""
    return (_files(live, restored), _readable(restored), _content(live, restored))


def _files(live: Answer, found: Answer) -> Result:
    """Compare the counts: every file that nobody touched since must be among what came back."""
    least, size = live["old_files"], live["old_bytes"]
    expected = f"at least the {least} files of {size} bytes that nobody touched since"
    told = f"{found['files']} of {found['bytes']} bytes"
    if live["why"]:
        expected = f"some; not compared: {live['why']}"
    if not found["whole"]:
        met = True if found["files"] else None
        return Result("files", expected, f"{told} counted until time was up", met)
    if not found["files"]:
        return Result("files", expected, "none at all", _empty(live))
    return Result("files", expected, told, found["files"] >= least and found["bytes"] >= size)


def _empty(live: Answer) -> bool | None:
    """Say whether nothing may come back: where nothing is there, or nobody knows what was."""
    if live["old_files"]:
        return False
    return True if live["whole"] and not live["files"] else None


def _readable(found: Answer) -> Result:
    bad = found["unreadable"]
    return Result(
        "readable",
        "every file that was read",
        f"{found['read']} read of {found['files']}{_list(', but not ', bad)}",
        not bad["count"],
    )


def _content(live: Answer, found: Answer) -> Result:
    """Tell of the sample which files came back with other bytes, or not at all.

    A file of which that cannot be said refutes nothing; of such files alone nothing is proven.
    """
    drawn = len(live["sample"])
    missing, differing, undecided = (found[k] for k in ("missing", "differing", "undecided"))
    by_size = f" ({found['by_size']} by size alone)" if found["by_size"] else ""
    wrong = _list(", lacking ", missing) + _list(", other bytes in ", differing)
    unclear = _list(", undecided about ", undecided)
    nothing_said = undecided["count"] and not found["alike"]
    return Result(
        "content",
        f"{drawn} alike, {_drawn(live)}",
        f"{found['alike']} alike{by_size}{wrong}{unclear}",
        False if wrong else None if nothing_said else True,
    )


def _drawn(live: Answer) -> str:
    if live["why"]:
        return "nothing being compared"
    if len(live["sample"]) < live["old_files"]:
        return f"drawn from {live['old_files']} that nobody touched since"
    return "all that nobody touched since" + ("" if live["whole"] else ", as far as time was")


def _list(before: str, paths: Mapping[str, Any]) -> str:
    if not paths["count"]:
        return ""
    more = paths["count"] - len(paths["names"])
    return f"{before}{', '.join(paths['names'])}{f' and {more} more' if more else ''}"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
