"""Which files a bucket showed at a moment, from its versions. Pure.

`backup.files_plan` restores them, `backup.files_verify` compares a recovery point with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from cloud.objects import Version
from continuity import naming


@dataclass(frozen=True)
class Shown:
    """The files of a moment, by key.

    `complete_since` is the oldest moment of which the lifecycle has taken nothing; None: it takes
    nothing at all.
    """

    moment: datetime
    files: tuple[Version, ...]
    complete_since: datetime | None = None

    @property
    def complete(self) -> bool:
        """Say whether every file of the moment is still there to be restored."""
        return self.complete_since is None or self.moment >= self.complete_since

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(one.size for one in self.files)


def as_of(
    versions: Iterable[Version], moment: datetime, kept: timedelta | None, now: datetime
) -> Shown:
    """Return what was shown at a moment: of each key the newest version up to then, if no marker.

    What earlier restores made (`restored/`) is left out. S3 tells whole seconds: of two versions of
    one second the current one came last, and a file counts before the marker of its deletion, so
    that nothing is left out for a doubt.

    `kept` is for how long replaced versions stay: what was current at a moment was replaced after
    it, so the lifecycle has taken nothing of the last `kept` before `now`.
    """
    found = (one for one in versions if not one.key.startswith(naming.RESTORED))
    past = sorted((one for one in found if one.modified <= moment), key=_order)
    return Shown(
        moment,
        tuple(_newest(past)),
        None if kept is None else now - kept,
    )


def changed_between(
    versions: Iterable[Version], begun: datetime, ended: datetime
) -> frozenset[str]:
    """Return the keys that were written or deleted while something took its time."""
    return frozenset(one.key for one in versions if begun <= one.modified <= ended)


def _newest(ordered: Iterable[Version]) -> Iterator[Version]:
    for _, stack in groupby(ordered, key=lambda one: one.key):
        *_, newest = stack
        if not newest.marker:
            yield newest


def _order(version: Version) -> tuple[str, datetime, bool, bool, str]:
    return version.key, version.modified, version.latest, not version.marker, version.identity
