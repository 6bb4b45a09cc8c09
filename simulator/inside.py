"""What lies inside moto, read without a call: no latency, no fault, no line in the call log.

`simulator.content`, `platform`, `truth` and `invariants` look at the world through these
functions, because the truth must not depend on what an API would answer. Nothing here changes
anything. moto is untyped, so its objects are `Any` and are given names at this border.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends
from moto.rds.models import rds_backends

from continuity import naming

ACCOUNT: str = DEFAULT_ACCOUNT_ID

CONNECTABLE = frozenset(
    {
        "available",
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "maintenance",
        "modifying",
        "resetting-master-credentials",
        "storage-config-upgrade",
        "storage-full",
        "storage-initialization",
        "storage-optimization",
    }
)
"""Statuses in which an instance accepts connections (RDS guide, "Viewing DB instance status");
`storage-full` is left to its caller: it connects but does not write."""


def instance(region: str, identifier: str) -> Any | None:  # noqa: ANN401 - a moto DBInstance
    """Return the database instance of this name, if it exists."""
    return instances(region).get(identifier)


def instances(region: str) -> Mapping[str, Any]:
    """Return the live mapping of the database instances of a region, by identifier."""
    found: Mapping[str, Any] = rds_backends[ACCOUNT][region].databases
    return found


def snapshot(region: str, name: str) -> Any:  # noqa: ANN401 - a moto DBSnapshot
    """Return the snapshot of this name; raises KeyError where there is none."""
    return rds_backends[ACCOUNT][region].database_snapshots[name]


def finder(region: str) -> Callable[[str], Any | None]:
    """Return a fast look-up of instances by lower-case identifier, for many in a row.

    moto's mapping folds case at each step; its store is keyed by what RDS makes of any name.
    """
    store = rds_backends[ACCOUNT][region].databases._store
    nothing = (None, None)
    return lambda identifier: store.get(identifier, nothing)[1]


def all_instances() -> Iterator[Any]:
    """Walk the database instances of every region, in a stable order."""
    for _, backend in sorted(rds_backends[ACCOUNT].items()):
        yield from list(backend.databases.values())


def named(region: str | None, database: str | None) -> Iterator[Any]:
    """Walk the instances of a database, named as in its zone or by identifier, in some region."""
    for found in all_instances():
        if region in (None, found.region) and database in (
            None,
            database_of(found),
            found.db_instance_identifier,
        ):
            yield found


def source_of(replica: Any) -> Any | None:  # noqa: ANN401 - moto DBInstances
    """Return the instance that a replica follows, if it still exists."""
    named = replica.source_db_instance_identifier
    if not named:
        return None
    if ":" in named:
        _, _, _, region, _, _, identifier = named.split(":", 6)
        return instance(region, identifier)
    return instance(replica.region, named)


def has_storage(instance: Any) -> bool:  # noqa: ANN401 - a moto DBInstance
    """Say whether an instance reaches its storage (`simulator.lost_databases` takes it away)."""
    return not getattr(instance, "_holdfast_storage_lost", False)


def database_of(instance: Any) -> str | None:  # noqa: ANN401 - a moto DBInstance
    """Return the logical database that an instance belongs to, from its tags."""
    return tags_of(instance).get(naming.TAG_DATABASE)


def tags_of(instance: Any) -> dict[str, str]:  # noqa: ANN401 - a moto DBInstance
    """Return the tags of an instance as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in instance.tags}


def service(region: str, cluster: str, name: str) -> Any | None:  # noqa: ANN401 - a moto Service
    """Return an ECS service, if it exists."""
    return ecs_backends[ACCOUNT][region].services.get(f"{cluster}:{name}")


def services(region: str) -> Iterator[Any]:
    """Walk the ECS services of a region."""
    yield from ecs_backends[ACCOUNT][region].services.values()


def has_load_balancer(region: str, dns_name: str) -> bool:
    """Say whether a load balancer with this DNS name and a listener exists."""
    balancers = elbv2_backends[ACCOUNT][region].load_balancers.values()
    return any(one.dns_name == dns_name and one.listeners for one in balancers)


def admits(region: str, groups: Iterable[str], source_group: str, port: int) -> bool:
    """Say whether any of these security groups lets a source group's members in on a port."""
    backend = ec2_backends[ACCOUNT][region]
    found = (backend.get_security_group_from_id(group) for group in groups)
    rules = [rule for group in found if group is not None for rule in group.ingress_rules]
    return any(_admits(rule, source_group, port) for rule in rules)


def _admits(rule: Any, source_group: str, port: int) -> bool:  # noqa: ANN401 - a moto rule
    if rule.ip_protocol not in ("-1", "tcp"):
        return False
    if rule.ip_protocol == "tcp" and not rule.from_port <= port <= rule.to_port:
        return False
    return bool(rule.source_group.get("GroupId") == source_group)


def table_items(region: str, table: str) -> Mapping[Any, Any]:
    """Return the live items of a DynamoDB table, as moto keeps them; empty without the table."""
    found = dynamodb_backends[ACCOUNT][region].tables.get(table)
    items: Mapping[Any, Any] = found.items if found is not None else {}
    return items
