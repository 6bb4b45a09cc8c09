"""What a task runs: the platform's container, told which site it is in and where its data is.

Pure; `stacks.hosting` puts it into the task definition.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONTAINER = "platform"


@dataclass(frozen=True)
class DatabaseAccess:
    """How tasks of one site reach one database: `password_arn` is the site's own copy."""

    name: str
    host: str
    port: int
    schema: str
    user: str
    password_arn: str


@dataclass(frozen=True)
class Container:
    """The one container of a task. `buckets` are the site's own, by purpose."""

    image: str
    port: int
    zone: str
    site: str
    region: str
    log_group: str
    databases: tuple[DatabaseAccess, ...]
    buckets: Mapping[str, str] = field(default_factory=dict)


def definitions(container: Container) -> str:
    """Return the JSON that ECS takes. Equal containers give equal text: no needless release."""
    return json.dumps(
        [
            {
                "name": CONTAINER,
                "image": container.image,
                "essential": True,
                "portMappings": [{"containerPort": container.port, "protocol": "tcp"}],
                "environment": _pairs("value", _environment(container)),
                "secrets": _pairs("valueFrom", _passwords(container.databases)),
                "logConfiguration": _logs(container),
            }
        ],
        sort_keys=True,
    )


def _environment(container: Container) -> dict[str, str]:
    found = {
        "HOLDFAST_ZONE": container.zone,
        "HOLDFAST_SITE": container.site,
        "PORT": str(container.port),
    }
    for purpose, bucket in container.buckets.items():
        found[f"FILES_{purpose.upper()}_BUCKET"] = bucket
    for database in container.databases:
        prefix = _prefix(database)
        found[f"{prefix}_HOST"] = database.host
        found[f"{prefix}_PORT"] = str(database.port)
        found[f"{prefix}_NAME"] = database.schema
        found[f"{prefix}_USER"] = database.user
    return found


def _passwords(databases: Iterable[DatabaseAccess]) -> dict[str, str]:
    return {f"{_prefix(database)}_PASSWORD": database.password_arn for database in databases}


def _prefix(database: DatabaseAccess) -> str:
    return f"DATABASE_{database.name.upper().replace('-', '_')}"


def _pairs(value: str, settings: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, value: settings[name]} for name in sorted(settings)]


def _logs(container: Container) -> dict[str, object]:
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": container.log_group,
            "awslogs-region": container.region,
            "awslogs-stream-prefix": CONTAINER,
        },
    }
