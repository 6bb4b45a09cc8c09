"""Log groups that RDS makes by itself, for an instance that exports its logs and finds none.

`corrections.rds_instances` calls `ensure_group` when an instance is born. Who declares the group
of such an instance afterwards must import it: CreateLogGroup then answers that it exists.

Source: RDS user guide, "Publishing PostgreSQL logs to CloudWatch Logs": the group is
`/aws/rds/instance/NAME/postgresql`, and RDS creates it where it is missing.
"""

from typing import Any

from moto.logs.models import logs_backends

_LOG = "postgresql"

Instance = Any
"""A moto `DBInstance`; moto is untyped here."""


def ensure_group(instance: Instance) -> None:
    """Make the group of an instance's PostgreSQL log, if it exports that and there is none."""
    if _LOG not in (getattr(instance, "enabled_cloudwatch_logs_exports", None) or ()):
        return
    backend = logs_backends[instance.backend.account_id][instance.region]
    name = f"/aws/rds/instance/{instance.db_instance_identifier}/{_LOG}"
    if name not in backend.groups:
        backend.create_log_group(log_group_name=name, tags={})
