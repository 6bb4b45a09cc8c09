"""AWS Backup's restores of files: begin one, look at it, and those that were begun before.

`backup.files_point` awaits them. A job runs in the region where its point lies and replaces
nothing: it puts what is not there into a bucket, or makes a file system (AWS Backup guide,
"Restoring S3 data" and "Restore an Amazon EFS file system").
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cloud.door import Door
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.errors import PermanentError
from continuity.permissions import (
    DESCRIBE_RESTORE,
    LIST_RESTORES,
    PASS_SERVICE_ROLE,
    READ_RESTORE_METADATA,
    START_RESTORE,
)

DONE = "COMPLETED"
UNFINISHED = frozenset({"PENDING", "RUNNING"})

_BUCKET, _CREATION_TOKEN, _ITEMS = "destinationbucketname", "creationtoken", "itemstorestore"
_TOKEN = ("NextToken", "NextToken")
_TEST = "RestoreTestingPlanArn"


class Kind(StrEnum):
    """What is restored, by AWS Backup's own word (`ResourceType`)."""

    BUCKET = "S3"
    FILE_SYSTEM = "EFS"


@dataclass(frozen=True)
class Target:
    """Where a restore goes: a bucket that is there, or a file system that AWS Backup makes.

    `name` is the bucket's, or the creation token of the file system: EFS makes no second one of the
    same. Of `items`, paths in a file system, nothing else is restored; without any, everything is.
    """

    kind: Kind
    name: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class WantedRestore:
    """Which point, to where, under which key, as which role.

    AWS Backup takes two jobs of one `token` for one. `source` is the identifier of the file system
    that a point is of, empty for a bucket.
    """

    point: str
    to: Target
    key_arn: str
    role_arn: str
    token: str
    source: str = ""


@dataclass(frozen=True)
class RestoreJob:
    """One restore as AWS shows it. `percent` is AWS's own estimate, `size` bytes.

    `made` is the ARN of what came of it, empty until it is done.
    """

    identity: str
    point: str
    status: str
    percent: float = 0.0
    message: str = ""
    size: int = 0
    made: str = ""
    began: datetime | None = None
    ended: datetime | None = None

    @property
    def unfinished(self) -> bool:
        """Say whether AWS still works on it."""
        return self.status in UNFINISHED


@permitted(START_RESTORE, PASS_SERVICE_ROLE)
def start(door: Door, wanted: WantedRestore) -> str:
    """Begin a restore, and return the job's identity."""
    reply = door.change(
        "backup",
        "StartRestoreJob",
        RecoveryPointArn=wanted.point,
        IamRoleArn=wanted.role_arn,
        ResourceType=str(wanted.to.kind),
        IdempotencyToken=wanted.token,
        Metadata=_METADATA[wanted.to.kind](wanted),
    )
    return str(reply["RestoreJobId"])


def _into_bucket(wanted: WantedRestore) -> dict[str, str]:
    """Put every object under the given key. The bucket is never AWS Backup's to make.

    It would be encrypted by S3's key, and closed by defaults alone.
    """
    return {
        "DestinationBucketName": wanted.to.name,
        "NewBucket": "false",
        "Encrypted": "true",
        "EncryptionType": "SSE-KMS",
        "KMSKey": wanted.key_arn,
    }


def _as_file_system(wanted: WantedRestore) -> dict[str, str]:
    """Have a new file system made: into one that is there nothing is ever restored.

    StartRestoreJob, `Metadata`. General purpose is what the program declares; it cannot be changed.
    """
    items = {"itemsToRestore": json.dumps(wanted.to.items)} if wanted.to.items else {}
    return {
        "file-system-id": wanted.source,
        "newFileSystem": "true",
        "CreationToken": wanted.to.name,
        "Encrypted": "true",
        "KmsKeyId": wanted.key_arn,
        "PerformanceMode": "generalPurpose",
        **items,
    }


_METADATA = {Kind.BUCKET: _into_bucket, Kind.FILE_SYSTEM: _as_file_system}


@permitted(DESCRIBE_RESTORE)
def look(door: Door, identity: str) -> RestoreJob:
    """Return one job as it is now."""
    return _job(door.read("backup", "DescribeRestoreJob", RestoreJobId=identity))


@permitted(LIST_RESTORES, READ_RESTORE_METADATA)
def into(
    door: Door,
    target: Target,
    since: datetime,
    wanted: Callable[[RestoreJob], bool] = lambda _: True,
) -> tuple[RestoreJob, ...]:
    """Return the jobs to a target that were begun since, the newest first.

    The list does not say where a job goes: that costs a call for each that is `wanted`.
    """
    found = pages(
        door,
        "backup",
        "ListRestoreJobs",
        _TOKEN,
        ByResourceType=str(target.kind),
        ByCreatedAfter=since,
    )
    jobs = (_job(row) for page in found for row in page["RestoreJobs"])
    mine = (one for one in jobs if wanted(one) and _target(door, one) == target)
    return tuple(sorted(mine, key=_age, reverse=True))


@permitted(LIST_RESTORES, READ_RESTORE_METADATA)
def running(door: Door, but: tuple[str, ...], since: datetime) -> tuple[RestoreJob, ...]:
    """Return the jobs of this account begun since that AWS works on, whoever asked, of any kind.

    Those to a target whose name begins like one of `but` are left out, and the tests of restores
    that AWS Backup makes by itself. It costs a call, and one for each job found.
    """
    found = pages(door, "backup", "ListRestoreJobs", _TOKEN, ByCreatedAfter=since)
    rows = (row for page in found for row in page["RestoreJobs"])
    jobs = [_job(row) for row in rows if not row.get("CreatedBy", {}).get(_TEST)]
    return tuple(
        one for one in jobs if one.unfinished and not _target(door, one).name.startswith(but)
    )


def _target(door: Door, job: RestoreJob) -> Target:
    reply = door.read("backup", "GetRestoreJobMetadata", RestoreJobId=job.identity)
    metadata = reply.get("Metadata") or {}
    told = {key.lower(): value for key, value in metadata.items()}
    if _CREATION_TOKEN in told:
        items = _items(door, job, told.get(_ITEMS) or "[]")
        return Target(Kind.FILE_SYSTEM, str(told[_CREATION_TOKEN]), items)
    return Target(Kind.BUCKET, str(told.get(_BUCKET, "")))


def _items(door: Door, job: RestoreJob, text: str) -> tuple[str, ...]:
    """Return which paths a job restores; raise PermanentError where that cannot be understood.

    It is JSON inside a map of strings, written by whoever started the job.
    """
    try:
        found = json.loads(text)
    except (TypeError, ValueError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise PermanentError(
            f"Restore job {job.identity} of AWS Backup in {door.region} restores paths that "
            f"cannot be understood ({text!s:.200}): nobody can say whether it is the one that is "
            "looked for. Let it end, or see who started it: aws backup get-restore-job-metadata "
            f"--restore-job-id {job.identity} --region {door.region}."
        )
    return tuple(found)


def _age(job: RestoreJob) -> float:
    return job.began.timestamp() if job.began else 0.0


def _job(row: Mapping[str, Any]) -> RestoreJob:
    return RestoreJob(
        identity=row["RestoreJobId"],
        point=row.get("RecoveryPointArn", ""),
        status=row.get("Status", ""),
        percent=_percent(row.get("PercentDone")),
        message=row.get("StatusMessage", ""),
        size=row.get("BackupSizeInBytes", 0),
        made=row.get("CreatedResourceArn") or "",
        began=row.get("CreationDate"),
        ended=row.get("CompletionDate"),
    )


def _percent(told: str | None) -> float:
    try:
        return float((told or "0").rstrip("%"))
    except ValueError:
        return 0.0
