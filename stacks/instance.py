"""A database instance as RDS takes it, by role: the one place where primary and replica differ.

`stacks.database` calls `arguments` for both sites. Everything outside `_role` is alike in both,
so a replica that was promoted becomes the primary of the program without being replaced.
"""

from dataclasses import dataclass

import pulumi

from continuity import naming
from stacks.firewall import POSTGRES
from stacks.place import Place
from stacks.settings_databases import DatabaseSettings
from stacks.windows import RdsWindows

ENGINE = "postgres"
USER = "holdfast"
_STRIPED_GB, _STRIPED_IOPS = 400, 12_000


@dataclass(frozen=True)
class Declared:
    """What the stack's settings say of one instance."""

    identifier: str
    settings: DatabaseSettings
    windows: RdsWindows
    place: Place


@dataclass(frozen=True)
class Surroundings:
    """What an instance stands on in its own region; none of it is ever taken from the other."""

    key_arn: pulumi.Input[str]
    subnet_group: pulumi.Input[str]
    security_group: pulumi.Input[str]
    parameter_group: pulumi.Input[str]


def arguments(
    declared: Declared,
    surroundings: Surroundings,
    source: pulumi.Input[str] | None,
    password: pulumi.Input[str],
) -> dict[str, object]:
    """Return an instance's arguments: a replica of `source`, or the primary where there is none."""
    settings = declared.settings
    return {
        "region": declared.place.region,
        "identifier": declared.identifier,
        "instance_class": settings.instance_class,
        "engine": ENGINE,
        "engine_version": settings.engine_version,
        "auto_minor_version_upgrade": False,  # the version is this program's, alike in both sites
        "allocated_storage": settings.storage_gb,
        "storage_type": "gp3",
        "iops": _iops(settings.storage_gb),
        "storage_encrypted": True,
        "kms_key_id": surroundings.key_arn,
        "port": POSTGRES,
        "publicly_accessible": False,
        "db_subnet_group_name": surroundings.subnet_group,
        "vpc_security_group_ids": [surroundings.security_group],
        "parameter_group_name": surroundings.parameter_group,
        "backup_window": declared.windows.backup,
        "maintenance_window": declared.windows.maintenance,
        "apply_immediately": False,  # what restarts a database waits for the window
        "copy_tags_to_snapshot": True,
        "deletion_protection": True,
        "delete_automated_backups": False,
        # The first goes into a group of `stacks.log_groups`, the second into one that RDS makes.
        "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"],
        "tags": declared.place.tags(settings.name),
        **_role(declared, source, password),
    }


def _iops(storage_gb: int) -> int | None:
    """Return what gp3 storage of a size does at no extra price, where RDS wants it said.

    From 400 GB on, RDS stripes PostgreSQL's storage over four volumes. It refuses the number for
    less storage, asks for it otherwise, and takes none below half of the gigabytes (Amazon RDS,
    "gp3 storage", and `Iops` of CreateDBInstance).
    """
    return _STRIPED_IOPS if _STRIPED_GB <= storage_gb <= 2 * _STRIPED_IOPS else None


def _role(
    declared: Declared, source: pulumi.Input[str] | None, password: pulumi.Input[str]
) -> dict[str, object]:
    """Return what only the primary or only the replica has.

    A replica takes no backups of its own (RDS refuses to promote while one is being taken) and
    no final snapshot (RDS refuses that for replicas); its user and password are its source's.
    """
    if source is not None:
        return {
            "replicate_source_db": source,
            "multi_az": False,
            "backup_retention_period": 0,
            "skip_final_snapshot": True,
        }
    return {
        "db_name": naming.schema(declared.settings.name),
        "username": USER,
        "password": password,
        "multi_az": True,
        "backup_retention_period": declared.settings.backup_days,
        "skip_final_snapshot": False,
        "final_snapshot_identifier": f"{declared.identifier}-final",
    }
