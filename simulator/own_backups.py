"""RDS: a region shows the automated backups of each of its own instances, with what they reach.

moto lists an instance's automated snapshots instead, and no window. Source: the API reference of
DBInstanceAutomatedBackup. `corrections.rds_backup_replication` answers with it, and adds what the
region receives from others.
"""

from typing import Any

from moto.rds.models import RDSBackend

from simulator import backup_history

ACTIVE = "active"


def shown(backend: RDSBackend, identifier: str | None) -> list[dict[str, Any]]:
    """Return the backups of what runs in a region, of one instance or of all."""
    return [
        _shown(instance)
        for name, instance in backend.databases.items()
        if instance.backup_retention_period and identifier in (None, name)
    ]


def _shown(instance: Any) -> dict[str, Any]:  # noqa: ANN401 - a moto DBInstance
    found = backup_history.own_window(instance)
    name = f"ab-{instance.dbi_resource_id.removeprefix('db-').lower()}"
    shown = {
        "DBInstanceArn": instance.db_instance_arn,
        "DBInstanceAutomatedBackupsArn": (
            f"arn:aws:rds:{instance.region}:{instance.backend.account_id}:auto-backup:{name}"
        ),
        "DBInstanceIdentifier": instance.db_instance_identifier,
        "DbiResourceId": instance.dbi_resource_id,
        "Region": instance.region,
        "AllocatedStorage": instance.allocated_storage,
        "StorageType": instance.storage_type,
        "Engine": instance.engine,
        "Encrypted": instance.storage_encrypted,
        "KmsKeyId": instance.kms_key_id,
        "BackupRetentionPeriod": instance.backup_retention_period,
        "Status": ACTIVE,
    }
    if found is not None:
        shown["RestoreWindow"] = {"EarliestTime": found[0], "LatestTime": found[1]}
    return shown
