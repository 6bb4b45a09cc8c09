"""AWS Backup: restore jobs; moto has none of them.

Sources: the API references of StartRestoreJob, DescribeRestoreJob, ListRestoreJobs and
GetRestoreJobMetadata; AWS Backup guide, "Restoring S3 data" (metadata keys, whose spelling is not
case sensitive; a restore happens in the region of the point; what is there is not replaced) and
"Restore an Amazon EFS file system". Into a file system that is there nothing is restored in the
simulated world: Holdfast never asks for it. Assumption: files appear at the end.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.backup import urls
from moto.backup.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend
from moto.backup.responses import BackupResponse

from simulator import key_states, shared_files
from simulator.attempt import NotSimulated
from simulator.correction import Correction
from simulator.corrections import backup_content, backup_jobs
from simulator.corrections.backup_points import RecoveryPoint, kind_of, points
from simulator.corrections.rds_instances import identity
from simulator.lifecycle import after_up, draw
from simulator.timings import Takes
from simulator.world import current

for _path in (
    "{0}/restore-jobs/?$",
    "{0}/restore-jobs/(?P<job>[^/]+)$",
    "{0}/restore-jobs/(?P<job>[^/]+)/metadata$",
):
    urls.url_paths.setdefault(_path, BackupResponse.dispatch)

_BUCKET, _SHARED = "DestinationBucketName", "EFS"
_NEEDED = ("file-system-id", "newFileSystem", "CreationToken", "Encrypted", "PerformanceMode")
_KEYS = {
    "S3": (_BUCKET, "NewBucket", "Encrypted", "EncryptionType", "KMSKey"),
    _SHARED: (*_NEEDED, "KmsKeyId", "itemsToRestore"),
}
_GIGABYTE = 1024**3


@dataclass(eq=False)
class RestoreJob:
    """One restore. `status` is AWS's own word; draws of durations name it."""

    name: str
    point: RecoveryPoint
    metadata: dict[str, str]
    role: str
    created: datetime
    token: str
    status: str = "RUNNING"
    message: str = ""
    lasts_s: float = 0.0
    completed: datetime | None = None
    made: str = ""

    @property
    def kind(self) -> str:
        """Return what it restores, in AWS Backup's word."""
        return kind_of(self.point.resource)

    @property
    def ended(self) -> datetime | None:
        """Return when it was over, None while it runs."""
        return self.completed

    @property
    def allocated_storage(self) -> float:
        """Return its size in GB, by which it takes longer."""
        return backup_content.size(self.point.content) / _GIGABYTE

    def shown(self) -> dict[str, Any]:
        """Return what the API shows."""
        found: dict[str, Any] = {
            "RestoreJobId": self.name,
            "RecoveryPointArn": self.point.arn,
            "SourceResourceArn": self.point.resource,
            "BackupVaultArn": self.point.vault.backup_vault_arn,
            "CreationDate": self.created.timestamp(),
            "RecoveryPointCreationDate": self.point.created.timestamp(),
            "Status": self.status,
            "StatusMessage": self.message,
            "PercentDone": f"{self._done():.2f}%",
            "BackupSizeInBytes": backup_content.size(self.point.content),
            "IamRoleArn": self.role,
            "ResourceType": self.kind,
        }
        if self.completed is None:
            return found
        made = {"CreatedResourceArn": self.made} if self.made else {}
        return {**found, "CompletionDate": self.completed.timestamp(), **made}

    def _done(self) -> float:
        if self.status == "COMPLETED":
            return 100.0
        spent = (current().clock.now() - self.created).total_seconds()
        return min(99.0, 100.0 * spent / self.lasts_s) if self.lasts_s else 0.0


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    answers = {
        "start_restore_job": _start,
        "describe_restore_job": _describe,
        "list_restore_jobs": _list,
        "get_restore_job_metadata": _metadata,
    }
    return [Correction(BackupResponse, name, does, missing) for name, does in answers.items()]


def jobs(backend: BackupBackend) -> dict[str, RestoreJob]:
    """Return the restore jobs that were started in a region, by identity."""
    found: dict[str, RestoreJob] = backend.__dict__.setdefault("restore_jobs", {})
    return found


def _start(response: BackupResponse) -> str:
    asked, backend = json.loads(response.body), response.backup_backend
    known = jobs(backend)
    token = asked.get("IdempotencyToken", "")
    for job in known.values():
        if token and job.token == token:
            return json.dumps({"RestoreJobId": job.name})
    point = _point(backend, asked["RecoveryPointArn"])
    metadata = _spelled(kind_of(point.resource), asked["Metadata"])
    _check(point, metadata)
    now = current().clock.now()
    job = RestoreJob(identity("restore-"), point, metadata, asked["IamRoleArn"], now, token)
    known[job.name] = job
    job.lasts_s = draw(job, Takes.RESTORE_FILES)
    after_up(backend.region_name, job.lasts_s, lambda: _finish(backend, job))
    return json.dumps({"RestoreJobId": job.name})


def _check(point: RecoveryPoint, metadata: dict[str, str]) -> None:
    if point.status not in {"COMPLETED", "AVAILABLE"}:
        raise InvalidRequestException(f"{point.arn} is {point.status}.")
    shared = kind_of(point.resource) == _SHARED
    for key in _NEEDED if shared else (_BUCKET,):
        if not metadata.get(key):
            raise InvalidRequestException(f"Metadata has no {key}.")
    if shared and metadata["newFileSystem"].lower() != "true":
        raise NotSimulated("a restore into a file system that is there")


def _finish(backend: BackupBackend, job: RestoreJob) -> None:
    job.completed = current().clock.now()
    job.message = _obstacle(backend, job)
    job.status = "FAILED" if job.message else "COMPLETED"
    if job.message:
        return
    content, region = job.point.content, backend.region_name
    if job.kind == _SHARED:
        job.made = backup_content.put_into_new(content, region, job.metadata)
        return
    bucket = job.metadata[_BUCKET]
    if not backup_content.exists(bucket):
        backup_content.create(bucket, region)
    backup_content.put_back(content, bucket, job.metadata)
    job.made = f"arn:aws:s3:::{bucket}"


def _obstacle(backend: BackupBackend, job: RestoreJob) -> str:
    """Return why a job fails, empty where it does not."""
    taken = _taken(backend, job)
    if taken:
        return taken
    named = (job.metadata.get(key) for key in ("KMSKey", "KmsKeyId"))
    for arn in (job.point.vault.encryption_key_arn, *named):
        if state := key_states.unusable(arn):
            return f"The KMS key {arn} is {state}."
    return ""


def _taken(backend: BackupBackend, job: RestoreJob) -> str:
    """Return why the target does not do: what is to be new is there, or the other way round."""
    if job.kind == _SHARED:
        token = job.metadata["CreationToken"]
        there = shared_files.exists(backend.region_name, token)
        return f"A file system with creation token {token} exists already." if there else ""
    bucket = job.metadata[_BUCKET]
    new = job.metadata.get("NewBucket", "false").lower() == "true"
    if new == backup_content.exists(bucket):
        return f"Bucket {bucket} {'exists already' if new else 'does not exist'}."
    return ""


def _describe(response: BackupResponse) -> str:
    return json.dumps(_named(response).shown())


def _list(response: BackupResponse) -> str:
    """Answer with the jobs of a status, begun after a moment, and of a kind, newest last."""
    status, kind = response._get_param("status"), response._get_param("resourceType")
    after = backup_jobs.moment(response._get_param("createdAfter"))
    chosen = (
        job
        for job in backup_jobs.remembered(jobs(response.backup_backend))
        if status in (None, job.status) and kind in (None, job.kind) and job.created > after
    )
    return json.dumps({"RestoreJobs": [job.shown() for job in chosen]})


def _metadata(response: BackupResponse) -> str:
    job = _named(response)
    return json.dumps({"RestoreJobId": job.name, "Metadata": job.metadata})


def _named(response: BackupResponse) -> RestoreJob:
    name = str(response.path).split("/")[2]
    known = jobs(response.backup_backend)
    if name not in known:
        raise ResourceNotFoundException(f"Restore job {name} does not exist.")
    return known[name]


def _point(backend: BackupBackend, arn: str) -> RecoveryPoint:
    """Return a point of this region: no other one's can be restored here."""
    for vault in backend.vaults.values():
        if arn in points(vault):
            return points(vault)[arn]
    raise ResourceNotFoundException(f"Recovery point {arn} does not exist.")


def _spelled(kind: str, metadata: dict[str, str]) -> dict[str, str]:
    keys = {name.lower(): name for name in _KEYS[kind]}
    unknown = sorted(key for key in metadata if key.lower() not in keys)
    if unknown:
        raise InvalidRequestException(f"Metadata has unknown keys: {', '.join(unknown)}.")
    return {keys[key.lower()]: value for key, value in metadata.items()}
