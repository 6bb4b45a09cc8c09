"""The job of AWS Backup behind a trial of files: what it is asked for, and how far it is. Pure.

`backup.files_trials` restores a bucket with it, `backup.files_shared_trials` a file system.
"""

from hashlib import sha256

from backup.verify_subject import Presence, Sight, Trial
from cloud.restore_jobs import DONE, RestoreJob, Target, WantedRestore
from continuity.manifest import Site


def wanted(trial: Trial, to: Target, site: Site, source: str = "") -> WantedRestore:
    """Return what restores a trial's point; asked for twice, AWS Backup makes one job of it.

    `source` is the identifier of the file system that the point is of, empty for a bucket.
    """
    token = sha256(trial.scratch.encode()).hexdigest()
    return WantedRestore(
        trial.arn, to, site.key_arn, site.safekeeping.service_role_arn, token, source
    )


def sight(job: RestoreJob | None) -> Sight:
    """Return how far AWS Backup is, None being no job at all."""
    if job is None:
        return Sight(Presence.MISSING)
    if job.unfinished:
        return Sight(Presence.COMING)
    if job.status == DONE:
        return Sight(Presence.READY, ready=job.ended)
    why = f"AWS Backup gave up its restore {job.identity} ({job.status}): {job.message}"
    return Sight(Presence.BROKEN, why)
