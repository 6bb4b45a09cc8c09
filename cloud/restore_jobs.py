"""AWS Backup's restores of buckets: begin one, look at it, and those that were begun before.

`backup.files_point` awaits them. A job runs in the region where its point lies, puts what is not
there into a bucket, and replaces nothing (AWS Backup guide, "Restoring S3 data").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.door import Door
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import (
    DESCRIBE_RESTORE,
    LIST_RESTORES,
    PASS_SERVICE_ROLE,
    READ_RESTORE_METADATA,
    START_RESTORE,
)

DONE = "COMPLETED"
UNFINISHED = frozenset({"PENDING", "RUNNING"})

_BUCKET = "destinationbucketname"
_TOKEN = ("NextToken", "NextToken")


@dataclass(frozen=True)
class WantedRestore:
    """Which point, into which bucket that is there, under which key, as which role.

    AWS Backup takes two jobs of one `token` for one.
    """

    point: str
    bucket: str
    key_arn: str
    role_arn: str
    token: str


@dataclass(frozen=True)
class RestoreJob:
    """One restore as AWS shows it. `percent` is AWS's own estimate, `size` bytes."""

    identity: str
    point: str
    status: str
    percent: float = 0.0
    message: str = ""
    size: int = 0
    began: datetime | None = None
    ended: datetime | None = None

    @property
    def unfinished(self) -> bool:
        """Say whether AWS still works on it."""
        return self.status in UNFINISHED


@permitted(START_RESTORE, PASS_SERVICE_ROLE)
def start(door: Door, wanted: WantedRestore) -> str:
    """Begin a restore into a bucket that is there, and return the job's identity.

    Every object is put under the given key. The bucket is never AWS Backup's to make: it would be
    encrypted by S3's key, and closed by defaults alone.
    """
    reply = door.change(
        "backup",
        "StartRestoreJob",
        RecoveryPointArn=wanted.point,
        IamRoleArn=wanted.role_arn,
        ResourceType="S3",
        IdempotencyToken=wanted.token,
        Metadata={
            "DestinationBucketName": wanted.bucket,
            "NewBucket": "false",
            "Encrypted": "true",
            "EncryptionType": "SSE-KMS",
            "KMSKey": wanted.key_arn,
        },
    )
    return str(reply["RestoreJobId"])


@permitted(DESCRIBE_RESTORE)
def look(door: Door, identity: str) -> RestoreJob:
    """Return one job as it is now."""
    return _job(door.read("backup", "DescribeRestoreJob", RestoreJobId=identity))


@permitted(LIST_RESTORES, READ_RESTORE_METADATA)
def into(
    door: Door,
    bucket: str,
    since: datetime,
    wanted: Callable[[RestoreJob], bool] = lambda _: True,
) -> tuple[RestoreJob, ...]:
    """Return the jobs into a bucket that were begun since, the newest first.

    The list does not say where a job goes: that costs a call for each that is `wanted`.
    """
    found = pages(
        door, "backup", "ListRestoreJobs", _TOKEN, ByResourceType="S3", ByCreatedAfter=since
    )
    jobs = (_job(row) for page in found for row in page["RestoreJobs"])
    mine = (one for one in jobs if wanted(one) and _destination(door, one) == bucket)
    return tuple(sorted(mine, key=_age, reverse=True))


@permitted(LIST_RESTORES, READ_RESTORE_METADATA)
def running(door: Door, but: str, since: datetime) -> tuple[RestoreJob, ...]:
    """Return the jobs of this account begun since that AWS works on, whoever asked, of any kind.

    Those into the bucket `but` are left out. It costs a call, and one for each job found.
    """
    found = pages(door, "backup", "ListRestoreJobs", _TOKEN, ByCreatedAfter=since)
    jobs = [_job(row) for page in found for row in page["RestoreJobs"]]
    return tuple(one for one in jobs if one.unfinished and _destination(door, one) != but)


def _destination(door: Door, job: RestoreJob) -> str:
    reply = door.read("backup", "GetRestoreJobMetadata", RestoreJobId=job.identity)
    told = {key.lower(): value for key, value in reply.get("Metadata", {}).items()}
    return str(told.get(_BUCKET, ""))


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
        began=row.get("CreationDate"),
        ended=row.get("CompletionDate"),
    )


def _percent(told: str | None) -> float:
    try:
        return float((told or "0").rstrip("%"))
    except ValueError:
        return 0.0
