"""Trials of buckets: a point restored into the site's scratch bucket, compared, thrown away.

`backup.verify` drives it, as it drives `verify_databases`. AWS Backup restores into a whole bucket,
so one trial at a time has it. Compared is with the versions in this site's own bucket of the same
purpose: replicas keep version and moment, so no other region is asked.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from backup import files_trial_jobs, verify_trials
from backup.files_evidence import Expected, results
from backup.files_moment import as_of
from backup.points import Point
from backup.restore_times import RestoreTimes
from backup.verify_subject import FILES, Answers, Sight, Trial
from cloud import buckets, objects, restore_jobs, vaults
from cloud.door import Cloud, Door
from cloud.permitted import permitted
from cloud.restore_jobs import Kind, RestoreJob, Target
from continuity import naming
from continuity.errors import PermanentError, TemporaryError
from continuity.manifest import Manifest, Site
from continuity.permissions import (
    DESCRIBE_VAULT_POINT,
    EMPTY_SCRATCH,
    LIST_FILE_VERSIONS,
    LIST_FILES,
    LIST_RESTORES,
    OPEN_WITH_KEY,
    PASS_SERVICE_ROLE,
    READ_FILE,
    READ_FILE_LIFECYCLE,
    READ_FILE_VERSION,
    READ_LEASE,
    READ_RESTORE_METADATA,
    START_RESTORE,
)
from continuity.zone import SiteName

_LONGEST = timedelta(days=1)
"""Assumption: no restore of a bucket lasts longer."""


class Files:
    """The buckets of a zone whose points lie in one site."""

    def __init__(
        self, cloud: Cloud, manifest: Manifest, site: SiteName, times: RestoreTimes
    ) -> None:
        self._cloud, self._manifest, self._times = cloud, manifest, times
        self._site: Site = manifest.sites[site]

    @property
    def _door(self) -> Door:
        return self._cloud.at(self._site.region)

    @property
    def _bucket(self) -> str:
        return self._site.safekeeping.scratch

    @property
    def _target(self) -> Target:
        return Target(Kind.BUCKET, self._bucket)

    def seconds(self, point: Point) -> float:
        """Return what was measured for this bucket, or what is assumed."""
        return self._times.point_of_files(point.series.resource, point.size_gb).seconds

    @permitted(
        START_RESTORE,
        PASS_SERVICE_ROLE,
        LIST_RESTORES,
        READ_RESTORE_METADATA,
        LIST_FILE_VERSIONS,
        EMPTY_SCRATCH,
        READ_LEASE,
    )
    def begin(self, trial: Trial) -> None:
        """Ask AWS Backup for the restore, once the scratch bucket is empty.

        Raises:
            PermanentError: the manifest names no scratch bucket.
            TemporaryError: another restore has the bucket.
        """
        if not self._bucket:
            raise PermanentError(
                f"The manifest of {self._manifest.zone} names no bucket in {self._site.region} "
                "where points of files can be tried: deploy the zone again."
            )
        if not self._owns(trial) or self._is_written(trial):
            raise TemporaryError(f"{self._bucket} is taken by another trial", 600.0)
        buckets.empty(self._door, self._bucket)
        restore_jobs.start(self._door, files_trial_jobs.wanted(trial, self._target, self._site))

    @permitted(LIST_RESTORES, READ_RESTORE_METADATA)
    def look(self, trial: Trial) -> Sight:
        """Return how far AWS Backup is."""
        return files_trial_jobs.sight(self._job(trial))

    @permitted(
        DESCRIBE_VAULT_POINT,
        LIST_FILES,
        LIST_FILE_VERSIONS,
        READ_FILE_LIFECYCLE,
        READ_FILE,
        READ_FILE_VERSION,
        OPEN_WITH_KEY,
    )
    def check(self, trial: Trial) -> Answers:
        """Compare what came back with what the bucket showed when the point was taken."""
        purpose = trial.series.resource.partition("-")[2]
        source = self._site.safekeeping.bucket(purpose)
        if not source:
            return Answers(why=f"{self._site.region} has no bucket of {purpose} to compare with")
        listed = objects.versions(self._door, source)
        kept = objects.kept_for(self._door, source)
        # S3 tells whole seconds: what was written in the second of the point counts as meanwhile.
        begun = trial.taken_at - timedelta(seconds=1)
        shown = as_of(listed, begun, kept, self._cloud.clock.now())
        expected = Expected(source, shown, listed, self._done_at(trial))
        found = objects.current(self._door, self._bucket)
        return Answers(results=results(self._cloud, self._door, expected, (self._bucket, found)))

    @permitted(LIST_RESTORES, READ_RESTORE_METADATA, LIST_FILE_VERSIONS, EMPTY_SCRATCH, READ_LEASE)
    def clear(self, trial: Trial) -> bool:
        """Empty the bucket, if it is this trial's; a restore that still writes is awaited."""
        if not self._bucket or not self._owns(trial):
            return True
        if self._is_written(trial):
            return False
        buckets.empty(self._door, self._bucket)
        return True

    @permitted(LIST_FILE_VERSIONS, EMPTY_SCRATCH)
    def strays(self, known: Sequence[str]) -> tuple[str, ...]:
        """Empty the bucket where no trial has it."""
        own = f"{naming.scratch_prefix(self._manifest.zone)}{FILES}"
        if not self._bucket or any(name.startswith(own) for name in known):
            return ()
        return (self._bucket,) if buckets.empty(self._door, self._bucket) else ()

    def _owns(self, trial: Trial) -> bool:
        """Say whether the bucket is this trial's: the first one that was written down has it."""
        known = verify_trials.read(self._door, self._site.lease_table)
        first = next((one for one in known if one.series.in_bucket), trial)
        return first.scratch == trial.scratch

    def _job(self, trial: Trial) -> RestoreJob | None:
        mine = self._jobs(trial.began, lambda one: one.point == trial.arn)
        return next(iter(mine), None)

    def _is_written(self, trial: Trial) -> bool:
        """Say whether AWS Backup writes into the bucket, for this trial or for one that died."""
        return bool(self._jobs(trial.began - _LONGEST, lambda one: one.unfinished))

    def _jobs(
        self, since: datetime, wanted: Callable[[RestoreJob], bool]
    ) -> tuple[RestoreJob, ...]:
        return restore_jobs.into(self._door, self._target, since, wanted)

    def _done_at(self, trial: Trial) -> datetime:
        point = vaults.look(self._door, self._site.safekeeping.vault, trial.arn)
        return trial.taken_at if point is None or point.done_at is None else point.done_at
