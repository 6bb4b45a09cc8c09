"""What a task runs: the platform's container, told which site it is in and what its data is called.

Where its databases are it is told by a file of the site (`stacks.addresses`). Pure;
`stacks.hosting` puts it into the task definition.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from continuity.addresses import variable

CONTAINER = "platform"


@dataclass(frozen=True)
class DatabaseAccess:
    """How tasks of one site reach one database: `password_arn` is the site's own copy.

    `host` is not part of a container: it goes into the file of addresses (`stacks.addresses`).
    """

    name: str
    host: str
    port: int
    schema: str
    user: str
    password_arn: str


@dataclass(frozen=True)
class Container:
    """The one container of a task. `buckets` are the site's own, by purpose.

    `addresses` is the ARN of the file that tells where the databases are, `addressed` what tells
    one text of it from another: ECS reads the file when a task starts, so a text that the program
    changed must be a new release.
    """

    image: str
    port: int
    zone: str
    site: str
    region: str
    log_group: str
    databases: tuple[DatabaseAccess, ...]
    addresses: str
    addressed: str
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
                "environmentFiles": [{"type": "s3", "value": container.addresses}],
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
        "HOLDFAST_ADDRESSES": container.addressed,
        "PORT": str(container.port),
    }
    for purpose, bucket in container.buckets.items():
        found[f"FILES_{purpose.upper()}_BUCKET"] = bucket
    for database in container.databases:
        found[variable(database.name, "PORT")] = str(database.port)
        found[variable(database.name, "NAME")] = database.schema
        found[variable(database.name, "USER")] = database.user
    return found


def _passwords(databases: Iterable[DatabaseAccess]) -> dict[str, str]:
    return {variable(database.name, "PASSWORD"): database.password_arn for database in databases}


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
