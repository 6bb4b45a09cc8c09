"""What a restore of files to a moment would copy, and what it would leave alone.

`cli` shows it, `backup.files_restore` acts on it. Looking costs a call per 1,000 versions, and two
for each file that lies at the target already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from backup import files_target
from backup.files_compare import same
from backup.files_moment import Shown, as_of
from backup.files_target import Place
from cloud import objects
from cloud.door import Cloud, Door
from cloud.failures import Missing
from cloud.objects import ARCHIVED, Version
from cloud.permitted import permitted
from continuity.errors import Refusal
from continuity.manifest import Manifest
from continuity.permissions import (
    LIST_FILE_VERSIONS,
    LIST_FILES,
    OPEN_WITH_KEY,
    READ_FILE,
    READ_FILE_LIFECYCLE,
    READ_FILE_VERSION,
)
from continuity.zone import SiteName

PER_FILE_S = 0.02
BYTES_PER_S = 400 * 1024**2
"""Assumptions: eight copies at a time, of 160 ms each and at 50 MB/s each on S3's side."""


class Fate(StrEnum):
    """What becomes of one file."""

    COPY = "to copy"
    THERE = "there already"
    DIFFERS = "something else is there"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class FileCopy:
    """One file of the moment, and the key that it gets."""

    file: Version
    key: str
    fate: Fate


@dataclass(frozen=True)
class Asked:
    """What somebody wants back: the files below `under` as they were at `moment`."""

    site: SiteName
    purpose: str
    moment: datetime
    to: str
    under: str = ""


@dataclass(frozen=True)
class FilesPlan:
    """What a restore would do. `source` is the bucket that is read, `now` when it was looked at."""

    manifest: Manifest
    asked: Asked
    source: str
    place: Place
    shown: Shown
    copies: tuple[FileCopy, ...]
    now: datetime

    def of(self, fate: Fate) -> tuple[FileCopy, ...]:
        """Return the files of one fate."""
        return tuple(one for one in self.copies if one.fate is fate)

    @property
    def region(self) -> str:
        """Return where everything happens."""
        return self.manifest.sites[self.asked.site].region

    @property
    def age(self) -> timedelta:
        """Return how much of what was written is not in it."""
        return self.now - self.asked.moment

    @property
    def within_rpo(self) -> bool:
        """Say whether no more than the objective allows is missing."""
        return self.age <= self.manifest.objectives.rpo

    @property
    def estimate(self) -> timedelta:
        """Return how long the copies should take."""
        return estimate(one.file.size for one in self.of(Fate.COPY))

    @property
    def within_rto(self) -> bool:
        """Say whether that is within the objective."""
        return self.estimate <= self.manifest.objectives.rto


@permitted(
    LIST_FILES,
    LIST_FILE_VERSIONS,
    READ_FILE_LIFECYCLE,
    READ_FILE,
    READ_FILE_VERSION,
    OPEN_WITH_KEY,
)
def plan(cloud: Cloud, manifest: Manifest, asked: Asked) -> FilesPlan:
    """Look at what was shown at a moment, and at what lies where it is to go.

    Raises:
        InvalidInput: there is no such bucket here or at the target, or that lies among live files.
        Refusal: the moment has not come yet.
    """
    source = files_target.source(manifest, asked.site, asked.purpose)
    place = files_target.place(manifest, asked.site, asked.purpose, asked.to)
    now = cloud.clock.now()
    if asked.moment > now:
        raise Refusal(f"{asked.moment:%Y-%m-%d %H:%M} UTC has not come yet.", "Give one that has.")
    door = cloud.at(manifest.sites[asked.site].region)
    found = objects.versions(door, source, asked.under)
    shown = as_of(found, asked.moment, objects.kept_for(door, source), now)
    try:
        there = _there(door, place)
    except Missing as error:
        raise files_target.missing(manifest, asked.site, place.bucket) from error
    copies = _copies(cloud, door, (source, place), shown, there)
    return FilesPlan(manifest, asked, source, place, shown, copies, now)


def estimate(sizes: Iterable[int]) -> timedelta:
    """Return how long copies of these sizes should take, eight at a time."""
    given = tuple(sizes)
    return timedelta(seconds=len(given) * PER_FILE_S + sum(given) / BYTES_PER_S)


def _copies(
    cloud: Cloud,
    door: Door,
    way: tuple[str, Place],
    shown: Shown,
    there: Mapping[str, Version],
) -> tuple[FileCopy, ...]:
    """Return what becomes of every file on its way from a bucket to a place."""
    source, place = way
    judged = [
        partial(_judge, door, source, place, file, there.get(place.prefix + file.key))
        for file in shown.files
    ]
    return tuple(cloud.workers.run(judged))


def _there(door: Door, place: Place) -> dict[str, Version]:
    try:
        return {one.key: one for one in objects.current(door, place.bucket, place.prefix)}
    except Missing:
        if place.made:
            return {}
        raise


def _judge(door: Door, source: str, place: Place, file: Version, there: Version | None) -> FileCopy:
    key = place.prefix + file.key
    if there is not None:
        alike = same(door, (source, file), (place.bucket, there))
        return FileCopy(file, key, Fate.THERE if alike else Fate.DIFFERS)
    archived = file.storage_class in ARCHIVED
    return FileCopy(file, key, Fate.ARCHIVED if archived else Fate.COPY)
