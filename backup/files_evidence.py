"""What a restored point of a bucket shows: the same files, their sizes and their content.

`backup.files_trials` asks. AWS Backup takes a point while the bucket is written to, so of a file
that changed meanwhile every version of that time is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from backup.files_compare import same
from backup.files_moment import Shown, changed_between
from backup.verify_subject import Result
from cloud.door import Cloud, Door
from cloud.objects import Version
from cloud.permitted import permitted
from continuity import naming
from continuity.permissions import OPEN_WITH_KEY, READ_FILE, READ_FILE_VERSION

SAMPLE = 500
"""Files of which the content is compared; names and sizes are compared of all."""

LONGEST_TAKING = timedelta(days=1)
"""How long a point may be in the making (`stacks.backup_plan`). A copy is written later, and shows
no other files for that."""

_NAMED = 5

Found = tuple[str, Sequence[Version]]
"""The bucket that a point was restored into, and what it shows."""


@dataclass(frozen=True)
class Expected:
    """What a point should hold: what was shown at its begin, and what changed until it was done.

    `versions` are those of the bucket `source`.
    """

    source: str
    shown: Shown
    versions: Sequence[Version]
    done_at: datetime

    @property
    def until(self) -> datetime:
        """Return when the point was written at the latest."""
        return min(self.done_at, self.shown.moment + LONGEST_TAKING)

    def changed(self) -> frozenset[str]:
        """Return the files that changed while the point was taken."""
        return changed_between(self.versions, self.shown.moment, self.until)


@permitted(READ_FILE, READ_FILE_VERSION, OPEN_WITH_KEY)
def results(cloud: Cloud, door: Door, expected: Expected, found: Found) -> tuple[Result, ...]:
    """Return what the comparison of a restored bucket shows.

    Raises:
        HoldfastError: a file cannot be read.
    """
    bucket, listed = found
    came = {one.key: one for one in listed if not one.key.startswith(naming.RESTORED)}
    right = candidates(expected)
    differing = _content(cloud, door, expected, (bucket, came), right)
    return (*judged(expected, came), differing)


def candidates(expected: Expected) -> Mapping[str, tuple[Version, ...]]:
    """Return the versions of each file any of which is right."""
    right = {one.key: (one,) for one in expected.shown.files}
    begun, until = expected.shown.moment, expected.until
    for one in expected.versions:
        if begun <= one.modified <= until and not one.marker:
            right[one.key] = (*right.get(one.key, ()), one)
    return right


def judged(expected: Expected, came: Mapping[str, Version]) -> tuple[Result, ...]:
    """Compare names and sizes of all files. Pure."""
    right, changed = candidates(expected), expected.changed()
    needed = {one.key for one in expected.shown.files} - changed
    missing = sorted(needed - set(came))
    extra = sorted(set(came) - set(right))
    grown = sorted(
        key
        for key, one in came.items()
        if key in right and one.size not in {version.size for version in right[key]}
    )
    files = len(expected.shown.files)
    return (
        Result("files", f"{files}", f"{len(came)}{_list(', lacking ', missing)}", not missing),
        Result("sizes", "as they were", _list("", grown) or "as they were", not grown),
        # A replica may never have come where its region was lost: nothing to compare with.
        Result("known", "all", f"all{_list(' but ', extra)}", None if extra else True),
        Result(
            "versions",
            "all that the bucket had",
            "all" if expected.shown.complete else "the lifecycle has taken some",
            True if expected.shown.complete else None,
        ),
    )


def _content(
    cloud: Cloud,
    door: Door,
    expected: Expected,
    found: tuple[str, Mapping[str, Version]],
    right: Mapping[str, tuple[Version, ...]],
) -> Result:
    bucket, came = found
    keys = sample(set(came) & set(right), str(expected.shown.moment))
    alike = cloud.workers.run(
        [partial(_alike, door, (expected.source, right[key]), (bucket, came[key])) for key in keys]
    )
    wrong = [key for key, good in zip(keys, alike, strict=True) if not good]
    return Result(
        "content", f"{len(keys)} alike", _list("", wrong) or f"{len(keys)} alike", not wrong
    )


def sample(keys: Iterable[str], seed: str, most: int = SAMPLE) -> list[str]:
    """Return so many of the keys at most, the same for the same seed."""
    ordered = sorted(keys)
    if len(ordered) <= most:
        return ordered
    return sorted(Random(seed).sample(ordered, most))


def _alike(door: Door, right: tuple[str, tuple[Version, ...]], came: tuple[str, Version]) -> bool:
    source, versions = right
    return any(same(door, (source, one), came) for one in versions)


def _list(before: str, keys: Sequence[str]) -> str:
    if not keys:
        return ""
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return f"{before}{', '.join(keys[:_NAMED])}{more}"
