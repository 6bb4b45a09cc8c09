"""AWS Backup: recovery points, and the jobs that make and copy them; moto has none of it.

Source: the API references of StartBackupJob, StartCopyJob, ListCopyJobs, DescribeRecoveryPoint,
DeleteRecoveryPoint and ListRecoveryPointsByBackupVault. A point is `CREATING` until its job is
done; a copy is under the key of its vault. Assumptions: it keeps the creation date of its source,
and a source cannot be deleted meanwhile.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from moto.backup import urls
from moto.backup.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend, backup_backends
from moto.backup.responses import BackupResponse

from simulator.correction import Correction
from simulator.corrections import backup_content, backup_jobs
from simulator.corrections.backup_content import Kept
from simulator.corrections.backup_legal_holds import covered
from simulator.corrections.rds_instances import identity
from simulator.lifecycle import after_up, draw
from simulator.timings import Takes
from simulator.world import current

for _path in (
    "{0}/backup-jobs$",
    "{0}/copy-jobs/?$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/?$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/(?P<arn>.+)$",
):
    urls.url_paths.setdefault(_path, BackupResponse.dispatch)

_KINDS = {"s3": "S3", "elasticfilesystem": "EFS", "rds": "RDS"}
_MEBIBYTE = 1024**2


@dataclass(eq=False)
class RecoveryPoint:
    """One point in a vault. `content` is what the files were when it was begun."""

    arn: str
    vault: Any  # a moto Vault; moto's classes have no types
    resource: str
    role: str
    created: datetime
    source_vault: str = ""
    status: str = "CREATING"
    completed: datetime | None = None
    content: tuple[Kept, ...] = ()

    def shown(self) -> dict[str, Any]:
        """Return what the API shows."""
        found = {
            "RecoveryPointArn": self.arn,
            "BackupVaultName": self.vault.backup_vault_name,
            "BackupVaultArn": self.vault.backup_vault_arn,
            "ResourceArn": self.resource,
            "ResourceType": kind_of(self.resource),
            "IamRoleArn": self.role,
            "Status": self.status,
            "CreationDate": self.created.timestamp(),
            "EncryptionKeyArn": self.vault.encryption_key_arn,
            "IsEncrypted": True,
        }
        if self.completed is not None:
            found |= {
                "CompletionDate": self.completed.timestamp(),
                "BackupSizeInBytes": backup_content.size(self.content) or 100 * _MEBIBYTE,
            }
        return found | ({"SourceBackupVaultArn": self.source_vault} if self.source_vault else {})


@dataclass(frozen=True)
class CopyJob:
    """One copy of a point into another vault. `state` is AWS's own word."""

    identity: str
    source: RecoveryPoint
    destination: RecoveryPoint
    state: str = "RUNNING"

    @property
    def ended(self) -> datetime | None:
        """Return when it was over, None while it runs."""
        return None if _runs(self) else self.destination.completed

    def shown(self) -> dict[str, Any]:
        """Return what the API shows."""
        return {
            "CopyJobId": self.identity,
            "SourceBackupVaultArn": self.source.vault.backup_vault_arn,
            "SourceRecoveryPointArn": self.source.arn,
            "DestinationBackupVaultArn": self.destination.vault.backup_vault_arn,
            "DestinationRecoveryPointArn": self.destination.arn,
            "ResourceArn": self.source.resource,
            "CreationDate": self.source.created.timestamp(),
            "State": self.state,
        }


def kind_of(resource: str) -> str:
    """Return what a resource is in AWS Backup's word."""
    return _KINDS.get(resource.split(":")[2], "S3")


def points(vault: Any) -> dict[str, RecoveryPoint]:  # noqa: ANN401 - a moto Vault
    """Return what lies in a vault, by ARN; it goes when moto resets the vault."""
    found: dict[str, RecoveryPoint] = vault.__dict__.setdefault("recovery_points", {})
    return found


def jobs(backend: BackupBackend) -> dict[str, CopyJob]:
    """Return the copy jobs that were started in a region, by identity."""
    found: dict[str, CopyJob] = backend.__dict__.setdefault("copy_jobs", {})
    return found


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    answers = {
        "start_backup_job": _start_backup,
        "start_copy_job": _start_copy,
        "list_copy_jobs": _list_copies,
        "list_recovery_points_by_backup_vault": _list_points,
        "describe_recovery_point": _describe,
        "delete_recovery_point": _delete,
    }
    return [Correction(BackupResponse, name, does, missing) for name, does in answers.items()]


def _start_backup(response: BackupResponse) -> str:
    asked = json.loads(response.body)
    backend = response.backup_backend
    vault = _vault(backend, asked["BackupVaultName"])
    point = _begun(backend, vault, asked["ResourceArn"], asked["IamRoleArn"])
    point.content = backup_content.content(point.resource)
    seconds = draw(point, Takes.BACK_UP_FILES)
    after_up(backend.region_name, seconds, lambda: _complete(point))
    return json.dumps({"BackupJobId": identity("job-"), "RecoveryPointArn": point.arn})


def _start_copy(response: BackupResponse) -> str:
    asked = json.loads(response.body)
    backend = response.backup_backend
    source = _found(backend, asked["SourceBackupVaultName"], asked["RecoveryPointArn"])
    if source.status != "COMPLETED":
        raise InvalidRequestException(f"{source.arn} is {source.status}.")
    region, name = re.split(r":", asked["DestinationBackupVaultArn"])[3::3]
    there = backup_backends[backend.account_id][region]
    copy = _begun(there, _vault(there, name), source.resource, asked["IamRoleArn"])
    copy.created, copy.source_vault = source.created, source.vault.backup_vault_arn
    copy.content = source.content
    job = CopyJob(identity("copy-"), source, copy)
    jobs(backend)[job.identity] = job

    def done() -> None:
        _complete(copy)
        jobs(backend)[job.identity] = replace(job, state="COMPLETED")

    after_up(region, draw(copy, Takes.COPY_FILES), done)
    return json.dumps({"CopyJobId": job.identity})


def _list_copies(response: BackupResponse) -> str:
    state, point = response._get_param("state"), response._get_param("sourceRecoveryPointArn")
    chosen = (
        job
        for job in backup_jobs.remembered(jobs(response.backup_backend))
        if state in (None, job.state) and point in (None, job.source.arn)
    )
    return json.dumps({"CopyJobs": [job.shown() for job in chosen]})


def _list_points(response: BackupResponse) -> str:
    vault = _vault(response.backup_backend, _part(response, 2))
    return json.dumps({"RecoveryPoints": [point.shown() for point in points(vault).values()]})


def _describe(response: BackupResponse) -> str:
    return json.dumps(_named(response).shown())


def _delete(response: BackupResponse) -> str:
    point = _named(response)
    copied = {job.source.arn for job in jobs(response.backup_backend).values() if _runs(job)}
    if point.arn in copied:
        raise InvalidRequestException(f"A copy of {point.arn} is being made.")
    vault = point.vault.backup_vault_name
    if covered(response.backup_backend, vault, point.resource, point.created):
        raise InvalidRequestException(f"{point.arn} is under a legal hold.")
    del points(point.vault)[point.arn]
    return "{}"


def _runs(job: CopyJob) -> bool:
    return job.state == "RUNNING"


def _begun(backend: BackupBackend, vault: Any, resource: str, role: str) -> RecoveryPoint:  # noqa: ANN401 - a moto Vault
    place = f"arn:aws:backup:{backend.region_name}:{backend.account_id}"
    arn = f"{place}:recovery-point:{identity('rp-').lower()}"
    point = RecoveryPoint(arn, vault, resource, role, current().clock.now())
    points(vault)[arn] = point
    return point


def _complete(point: RecoveryPoint) -> None:
    point.status = "COMPLETED"
    point.completed = current().clock.now()


def _named(response: BackupResponse) -> RecoveryPoint:
    return _found(response.backup_backend, _part(response, 2), unquote(_part(response, 4)))


def _part(response: BackupResponse, index: int) -> str:
    return str(response.path.split("/", 4)[index])


def _found(backend: BackupBackend, vault: str, arn: str) -> RecoveryPoint:
    known = points(_vault(backend, vault))
    if arn not in known:
        raise ResourceNotFoundException(f"Recovery point {arn} does not exist.")
    return known[arn]


def _vault(backend: BackupBackend, name: str) -> Any:  # noqa: ANN401 - a moto Vault
    if name not in backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {name} does not exist.")
    return backend.vaults[name]
