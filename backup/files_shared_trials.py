"""Trials of shared file systems: a point restored into a new one, looked at, deleted.

`backup.verify` drives it, as it drives `files_trials`. AWS Backup makes the file system, under the
trial's own name as its creation token. Nothing here can mount it, so what a trial shows is less
than one of a bucket shows: that AWS Backup restored the whole point under our key, that EFS meters
something in it, and how long it took. What the files hold nobody read (decision 0023).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backup import files_trial_jobs
from backup.points import Point
from backup.restore_times import RestoreTimes
from backup.verify_subject import FILES, Answers, Result, Sight, Trial
from cloud import file_systems, restore_jobs
from cloud.door import Cloud, Door
from cloud.file_systems import FileSystem
from cloud.permitted import permitted
from cloud.restore_jobs import Kind, RestoreJob, Target
from continuity import naming
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    DELETE_SCRATCH_FILES,
    DESCRIBE_FILE_SYSTEMS,
    LIST_RESTORES,
    PASS_SERVICE_ROLE,
    READ_RESTORE_METADATA,
    START_RESTORE,
)
from continuity.zone import SiteName

EMPTY = 16 * 1024
"""Bytes that a file system without files may have: 6 KB (EFS guide, "Metering"); assumption: no
more than 10 for the directory into which AWS Backup restores."""

METERED_WITHIN = timedelta(hours=2)
"""EFS API reference, FileSystemSize: the size is right once nothing was written for "a couple of
hours". As soon as anything is metered that is enough; for nothing this long is waited."""


class SharedFiles:
    """The shared file systems of a zone whose points lie in one site."""

    def __init__(
        self, cloud: Cloud, manifest: Manifest, site: SiteName, times: RestoreTimes
    ) -> None:
        self._cloud, self._manifest, self._times = cloud, manifest, times
        self._site: Site = manifest.sites[site]

    @property
    def _door(self) -> Door:
        return self._cloud.at(self._site.region)

    def seconds(self, point: Point) -> float:
        """Return what was measured for this file system, or what is assumed."""
        return self._times.point_of_files(point.series.resource, point.size_gb).seconds

    @permitted(START_RESTORE, PASS_SERVICE_ROLE)
    def begin(self, trial: Trial) -> None:
        """Ask AWS Backup for a file system of this trial's name; asked twice it makes one."""
        source = source_of(self._manifest, trial.series.resource)
        wanted = files_trial_jobs.wanted(trial, _target(trial), self._site, source)
        restore_jobs.start(self._door, wanted)

    @permitted(LIST_RESTORES, READ_RESTORE_METADATA)
    def look(self, trial: Trial) -> Sight:
        """Return how far AWS Backup is."""
        return files_trial_jobs.sight(next(iter(self._jobs(trial)), None))

    @permitted(DESCRIBE_FILE_SYSTEMS)
    def check(self, trial: Trial) -> Answers:
        """Look at what came of it, once EFS has metered it."""
        came = file_systems.by_token(self._door, trial.scratch)
        if came is None:
            return Answers(why=f"{trial.scratch} went away before it was looked at")
        mine = self._site.safekeeping.file_system
        live = file_systems.look(self._door, mine) if mine else None
        size = size_of(came, live, since=trial.ready or trial.began, now=self._cloud.clock.now())
        if size is None:
            return Answers()
        key = self._site.key_arn
        return Answers(
            results=(
                Result("restored", "a file system; nobody reads its files", came.identifier, True),
                Result("key", key, came.key, came.key == key),
                size,
            )
        )

    @permitted(LIST_RESTORES, READ_RESTORE_METADATA, DESCRIBE_FILE_SYSTEMS, DELETE_SCRATCH_FILES)
    def clear(self, trial: Trial) -> bool:
        """Delete the file system of this trial; one that is still being written is awaited."""
        if any(one.unfinished for one in self._jobs(trial)):
            return False
        came = file_systems.by_token(self._door, trial.scratch)
        if came is None:
            return True
        if not came.going:
            file_systems.delete(self._door, came.identifier)
        return file_systems.by_token(self._door, trial.scratch) is None

    @permitted(DESCRIBE_FILE_SYSTEMS, DELETE_SCRATCH_FILES)
    def strays(self, known: Sequence[str]) -> tuple[str, ...]:
        """Delete file systems that a trial had made and nobody remembers; none where none is."""
        if not self._site.safekeeping.file_system:
            return ()
        own = f"{naming.scratch_prefix(self._manifest.zone)}{FILES}"
        found = file_systems.sweep(self._door, own)
        left = [one for one in found if one.token not in known and not one.going]
        for one in left:
            file_systems.delete(self._door, one.identifier)
        return tuple(one.token for one in left)

    def _jobs(self, trial: Trial) -> tuple[RestoreJob, ...]:
        return restore_jobs.into(
            self._door, _target(trial), trial.began, lambda one: one.point == trial.arn
        )


def source_of(manifest: Manifest, resource: str) -> str:
    """Return the identifier of the file system that a series is of: `home-file-system`."""
    return manifest.sites[SiteName(resource.partition("-")[0])].safekeeping.file_system


def _target(trial: Trial) -> Target:
    return Target(Kind.FILE_SYSTEM, trial.scratch)


def size_of(
    came: FileSystem, live: FileSystem | None, *, since: datetime, now: datetime
) -> Result | None:
    """Return what EFS metered; None while it may still meter more than nothing.

    The live one is told beside it and not compared: it was written to since, and the point may be
    months old. Where that holds nothing either, nothing is what should come back.
    """
    metered = came.metered_at is not None and came.metered_at >= since
    beside = f"the live one has {live.size} bytes" if live else "there is no live one"
    expected = f"more than an empty one; {beside}"
    if metered and (came.size > EMPTY or (live is not None and live.size <= EMPTY)):
        return Result("size", expected, f"{came.size} bytes", met=True)
    if now - since < METERED_WITHIN:
        return None
    found = f"{came.size} bytes" if metered else "not metered yet"
    return Result("size", expected, found, met=None)
