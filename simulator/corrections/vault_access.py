"""AWS Backup: the access policy of a vault; moto lacks the operations and even their addresses.

Source: the API references of Put-, Get- and DeleteBackupVaultAccessPolicy. The policy is kept with
the vault, for whoever deletes recovery points in the simulated world to ask.
"""

import json
from typing import Any

from moto.backup import urls
from moto.backup.exceptions import InvalidParameterValueException, ResourceNotFoundException
from moto.backup.models import BackupBackend
from moto.backup.responses import BackupResponse

from simulator.correction import Correction

urls.url_paths.setdefault(
    "{0}/backup-vaults/(?P<name>[^/]+)/access-policy$", BackupResponse.dispatch
)


def corrections() -> list[Correction]:
    """Return the operations that moto does not have."""
    missing = "moto does not have the operation"
    return [
        Correction(BackupResponse, "put_backup_vault_access_policy", _put, missing),
        Correction(BackupResponse, "get_backup_vault_access_policy", _get, missing),
        Correction(BackupResponse, "delete_backup_vault_access_policy", _delete, missing),
    ]


def access_policy(backend: BackupBackend, vault: str) -> str | None:
    """Return the policy of a vault, if it has one."""
    found = _vault(backend, vault).__dict__.get("access_policy")
    return None if found is None else str(found)


def _vault(backend: BackupBackend, name: str) -> Any:  # noqa: ANN401 - a moto Vault
    if name not in backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {name} does not exist.")
    return backend.vaults[name]


def _named(response: BackupResponse) -> str:
    return str(response.path.split("/")[-2])


def _put(response: BackupResponse) -> str:
    policy = json.loads(response.body).get("Policy", "")
    try:
        json.loads(policy)
    except ValueError as error:
        raise InvalidParameterValueException("The policy is not valid JSON.") from error
    _vault(response.backup_backend, _named(response)).access_policy = policy
    return "{}"


def _get(response: BackupResponse) -> str:
    backend, name = response.backup_backend, _named(response)
    policy = access_policy(backend, name)
    if policy is None:
        raise ResourceNotFoundException(f"Backup vault {name} has no access policy.")
    vault = _vault(backend, name)
    return json.dumps(
        {
            "BackupVaultName": name,
            "BackupVaultArn": vault.backup_vault_arn,
            "Policy": policy,
        }
    )


def _delete(response: BackupResponse) -> str:
    _vault(response.backup_backend, _named(response)).__dict__.pop("access_policy", None)
    return "{}"
