"""What a rule is shown of a stack: frozen values, the same offline and from Pulumi's engine.

`simulator.judging` makes them of what the runner registered, `policy.crossguard` of what the engine
sends. Properties are named as on the wire: `storageEncrypted`, never `storage_encrypted`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from continuity import naming
from policy.declared import Declared


class Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN = Unknown()
"""A value that nobody can know before the resource it comes from exists."""

BUCKET = "aws:s3/bucket:Bucket"
INSTANCE = "aws:rds/instance:Instance"
KEY = "aws:kms/key:Key"
VAULT = "aws:backup/vault:Vault"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"


@dataclass(frozen=True)
class Resource:
    """One custom resource. `references` are the URNs that each property was computed from."""

    type: str
    name: str
    urn: str
    properties: Mapping[str, Any]
    protected: bool = False
    references: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def get(self, name: str) -> Any:  # noqa: ANN401 - a property may be anything
        """Return a property; None where it is absent, empty text or an empty list."""
        value = self.properties.get(name)
        return None if value in ("", [], {}) else value

    def is_known(self, name: str) -> bool:
        """Say whether a property, absent or not, can be judged now."""
        return self.properties.get(name) is not UNKNOWN

    def is_not(self, name: str, wanted: object) -> bool:
        """Say whether a property has surely another value, absent ones included."""
        return self.is_known(name) and self.get(name) != wanted

    def text(self, name: str) -> str:
        """Return a property that is text; empty where it is absent or unknown."""
        value = self.properties.get(name)
        return value if isinstance(value, str) else ""

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Return a property that is a list of tables, or one table; unknown rows are left out."""
        value = self.properties.get(name)
        found = value if isinstance(value, list) else [value]
        return [row for row in found if isinstance(row, Mapping)]

    def statements(self, name: str = "policy") -> list[Mapping[str, Any]]:
        """Return the statements of a policy document; none where it is absent or unknown."""
        text = self.text(name)
        found = json.loads(text).get("Statement", []) if text else []
        return [found] if isinstance(found, dict) else list(found)

    @property
    def region(self) -> str:
        """Return where it stands; empty for what is global and what does not say."""
        return self.text("region")

    @property
    def tags(self) -> Mapping[str, Any]:
        """Return its tags, which may be unknown one by one."""
        value = self.properties.get("tags")
        return value if isinstance(value, Mapping) else {}

    @property
    def database(self) -> str:
        """Return the database whose tag it carries, empty where it has none."""
        return str(self.tags.get(naming.TAG_DATABASE, ""))

    @property
    def is_replica(self) -> bool:
        """Say whether a database instance follows another one."""
        return self.get("replicateSourceDb") is not None


@dataclass(frozen=True)
class Operation:
    """What would happen to one resource: `create`, `update`, `replace`, `delete`, `retain`, `same`.

    `earlier` is the resource as the last run left it, where there is one.
    """

    kind: str
    type: str
    name: str
    urn: str
    replacing: tuple[str, ...] = ()
    earlier: Resource | None = None


@dataclass(frozen=True)
class Stack:
    """A zone's program after it ran: what it declares, and what would happen to what is there.

    `operations` is empty where nobody can say: Pulumi's engine does not tell policies.
    """

    declared: Declared
    resources: tuple[Resource, ...]
    operations: tuple[Operation, ...] = ()

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of some types."""
        return [resource for resource in self.resources if resource.type in types]

    def at(self, urns: Sequence[str]) -> Iterator[Resource]:
        """Yield the resources that have one of the URNs."""
        return (resource for resource in self.resources if resource.urn in urns)

    def behind(self, resource: Resource, name: str) -> Iterator[Resource]:
        """Yield the resources from which a property was computed."""
        return self.at(resource.references.get(name, ()))

    def belonging(self, kind: str, property_name: str, owner: Resource) -> list[Resource]:
        """Return the resources of a type whose property names `owner`, a bucket or a vault."""
        own = owner.text("bucket") or owner.text("name")
        return [
            resource
            for resource in self.of(kind)
            if owner.urn in resource.references.get(property_name, ())
            or (own and resource.text(property_name) == own and resource.region == owner.region)
        ]
