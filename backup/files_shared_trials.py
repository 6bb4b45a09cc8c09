"""Trials of shared file systems: a point restored into a new one, read, compared, deleted.

`backup.verify` drives it, as it drives `files_trials`. AWS Backup makes the file system, under the
trial's own name as its creation token; a function reads it once it is led there, beside one that
reads the site's own (decision 0040). One trial at a time has that function.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backup import (
    answers,
    files_mounting,
    files_shared_answers,
    files_trial_jobs,
    verify_trials,
)
from backup.files_shared_answers import Answer, name
from backup.points import Point
from backup.restore_times import RestoreTimes
from backup.verify_subject import FILES, Answers, Result, Sight, Trial
from cloud import file_systems, readers, restore_jobs
from cloud.door import Cloud, Door
from cloud.failures import Busy
from cloud.file_systems import FileSystem
from cloud.permitted import permissions_of, permitted
from cloud.restore_jobs import Kind, RestoreJob, Target
from continuity import naming
from continuity.errors import PermanentError, TemporaryError
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    ASK_READER,
    DELETE_SCRATCH_FILES,
    DESCRIBE_FILE_SYSTEM_COPIES,
    DESCRIBE_FILE_SYSTEMS,
    LIST_RESTORES,
    PASS_SERVICE_ROLE,
    READ_LEASE,
    READ_RESTORE_METADATA,
    START_RESTORE,
)
from continuity.proving import ReadingPlace
from continuity.zone import SiteName

LED_WITHIN = timedelta(hours=1)
"""How long it may take, once the site's own was read, until the reader mounts what was restored: a
restore may have ended hours before anybody looks. Assumption: mount targets take two minutes, a
change of a function in a network one (Lambda API, UpdateFunctionConfiguration)."""


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

    @property
    def _place(self) -> ReadingPlace:
        return self._site.scratch.files

    def seconds(self, point: Point) -> float:
        """Return what was measured for this file system, or what is assumed."""
        return self._times.point_of_files(point.series.resource, point.size_gb).seconds

    @permitted(START_RESTORE, PASS_SERVICE_ROLE, READ_LEASE)
    def begin(self, trial: Trial) -> None:
        """Ask AWS Backup for a file system of this trial's name; asked twice it makes one.

        Raises:
            PermanentError: the manifest names nothing that could read it.
            TemporaryError: another trial has the reader.
        """
        if not self._place.live or not self._place.restored:
            raise PermanentError(
                f"The manifest of {self._manifest.zone} names no functions in {self._site.region} "
                "that read file systems: deploy the zone again."
            )
        if not self._owns(trial):
            raise TemporaryError(f"{self._place.restored} is taken by another trial", 600.0)
        source = source_of(self._manifest, trial.series.resource)
        wanted = files_trial_jobs.wanted(trial, _target(trial), self._site, source)
        restore_jobs.start(self._door, wanted)

    @permitted(LIST_RESTORES, READ_RESTORE_METADATA)
    def look(self, trial: Trial) -> Sight:
        """Return how far AWS Backup is."""
        return files_trial_jobs.sight(next(iter(self._jobs(trial)), None))

    @permitted(
        DESCRIBE_FILE_SYSTEMS,
        DESCRIBE_FILE_SYSTEM_COPIES,
        ASK_READER,
        *permissions_of(answers.read),
        *permissions_of(files_mounting.led),
    )
    def check(self, trial: Trial) -> Answers:
        """Have the site's own read and what was restored led to its reader, then have that read."""
        came = file_systems.by_token(self._door, trial.scratch)
        if came is None:
            return Answers(why=f"{trial.scratch} went away before it was looked at")
        live = self._answer(trial, "live")
        restored = None if live is None else self._answer(trial, "restored")
        for answer in (live, restored):
            if answer is not None and answer["error"]:
                return Answers(why=str(answer["error"]))
        if live is not None and restored is not None:
            shown = files_shared_answers.results(live, restored)
            return Answers(results=(*self._made(came), *shown))
        led = self._led(trial, came)
        if live is None:
            return self._ask_live(trial)
        return self._ask_restored(trial, live) if led else self._patience(trial, live)

    @permitted(
        LIST_RESTORES,
        READ_RESTORE_METADATA,
        DESCRIBE_FILE_SYSTEMS,
        DELETE_SCRATCH_FILES,
        READ_LEASE,
        *permissions_of(answers.drop),
        *permissions_of(files_mounting.let_go),
        *permissions_of(files_mounting.cut_off),
    )
    def clear(self, trial: Trial) -> bool:
        """Delete the file system of this trial; one that is still being written is awaited."""
        if trial.ready is None and any(one.unfinished for one in self._jobs(trial)):
            return False
        if self._owns(trial) and not files_mounting.let_go(self._door, self._place):
            return False
        came = file_systems.by_token(self._door, trial.scratch)
        if came is not None and not self._delete(came):
            return False
        if came is not None and file_systems.by_token(self._door, trial.scratch) is not None:
            return False
        for of in ("live", "restored"):
            answers.drop(self._door, self._site.lease_table, name(trial, of))
        return True

    @permitted(
        DESCRIBE_FILE_SYSTEMS,
        DELETE_SCRATCH_FILES,
        *permissions_of(files_mounting.let_go),
        *permissions_of(files_mounting.cut_off),
    )
    def strays(self, known: Sequence[str]) -> tuple[str, ...]:
        """Delete file systems that a trial had made and nobody remembers; none where none is.

        What is still mounted takes several calls.
        """
        if not self._site.safekeeping.file_system:
            return ()
        own = f"{naming.scratch_prefix(self._manifest.zone)}{FILES}"
        found = file_systems.sweep(self._door, own)
        left = [one for one in found if one.token not in known and not one.going]
        if not left or not files_mounting.let_go(self._door, self._place):
            return ()
        return tuple(one.token for one in left if self._delete(one))

    def _delete(self, came: FileSystem) -> bool:
        """Delete a file system once no way leads to it; say whether it came to that."""
        if not files_mounting.cut_off(self._door, came.identifier):
            return False
        if not came.going:
            file_systems.delete(self._door, came.identifier)
        return True

    def _made(self, came: FileSystem) -> tuple[Result, ...]:
        key = self._site.key_arn
        return (
            Result("restored", "a file system", came.identifier, met=True),
            Result("key", key, came.key, came.key == key),
        )

    def _answer(self, trial: Trial, of: str) -> Answer | None:
        return answers.read(self._door, self._site.lease_table, name(trial, of))

    def _ask_live(self, trial: Trial) -> Answers:
        if trial.asked is not None:
            return Answers()
        source = source_of(self._manifest, trial.series.resource)
        mine = self._site.safekeeping.file_system
        following = file_systems.following(self._door, mine)
        why = files_shared_answers.incomparable(mine, source, trial.taken_at, following)
        event = files_shared_answers.about_live(trial, self._site.lease_table, why)
        readers.ask(self._door, self._place.live, event)
        return Answers(asked=True)

    def _ask_restored(self, trial: Trial, live: Answer) -> Answers:
        """Ask, unless that was done: what was asked before the other answer came was the other."""
        if trial.asked is not None and trial.asked > datetime.fromisoformat(live["read_at"]):
            return Answers()
        event = files_shared_answers.about_restored(trial, self._site.lease_table, live)
        readers.ask(self._door, self._place.restored, event)
        return Answers(asked=True)

    def _led(self, trial: Trial, came: FileSystem) -> bool:
        """Bring the reader nearer; what AWS does not take yet it may never take (`_patience`)."""
        try:
            return files_mounting.led(self._door, self._place, came.identifier, trial.scratch)
        except Busy:
            return False

    def _patience(self, trial: Trial, live: Answer) -> Answers:
        if self._cloud.clock.now() - datetime.fromisoformat(live["read_at"]) < LED_WITHIN:
            return Answers()
        return Answers(why=f"{self._place.restored} could not be led to {trial.scratch}")

    def _owns(self, trial: Trial) -> bool:
        """Say whether the reader is this trial's: the first one that was written down has it."""
        known = verify_trials.read(self._door, self._site.lease_table)
        first = next((one for one in known if one.series.shared), trial)
        return first.scratch == trial.scratch

    def _jobs(self, trial: Trial) -> tuple[RestoreJob, ...]:
        return restore_jobs.into(
            self._door, _target(trial), trial.began, lambda one: one.point == trial.arn
        )


def source_of(manifest: Manifest, resource: str) -> str:
    """Return the identifier of the file system that a series is of: `home-file-system`."""
    return manifest.sites[SiteName(resource.partition("-")[0])].safekeeping.file_system


def _target(trial: Trial) -> Target:
    return Target(Kind.FILE_SYSTEM, trial.scratch)
