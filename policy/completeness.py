"""Zones are whole: each site has everything that a failover to it would ask for.

A part is looked for by its type, its region, and the name that run time knows it by
(`continuity.naming`): a part that exists under another name is as good as missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from continuity import naming
from continuity.health_alarms import DatabaseAlarm, PlatformAlarm, of_database
from continuity.zone import SiteName
from policy.placement import CONTROL_PLANE
from policy.rule import StackRule, Wrong
from policy.stack import ALARM, BUCKET, INSTANCE, KEY, VAULT, Resource, Stack

_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
_TABLE = "aws:dynamodb/table:Table"
_ROLES = ("failover", "backup", "readiness", "restore", "incident", "retire")
_BUCKETS = (*naming.FILES, "latch", "manifest", "addresses", "logs", "scratch")
_TABLES = ("lease", "journal", "incidents")


@dataclass(frozen=True)
class _Part:
    """Something that each site has: `found` says of a resource of `type` there whether it is it."""

    what: str
    type: str
    found: Callable[[Resource], bool]


def _named(ending: str, name: str = "name") -> Callable[[Resource], bool]:
    return lambda resource: resource.text(name).endswith(ending)


def _parts(zone: str, site: SiteName) -> Iterator[_Part]:
    prefix = naming.in_site(zone, site)
    yield _Part("key", KEY, lambda _: True)
    yield _Part("backup vault", VAULT, _named(f"{prefix}-vault"))
    yield _Part("load balancer of the platform", _BALANCER, _named(f"{prefix}-platform"))
    yield _Part("load balancer of the holding page", _BALANCER, _named(f"{prefix}-holding"))
    yield _Part("service", "aws:ecs/service:Service", _named(f"{prefix}-platform"))
    yield _Part("topic of alerts", "aws:sns/topic:Topic", _named(f"{prefix}-alerts"))
    yield _Part("copy of the manifest", _OBJECT, _named(naming.MANIFEST_KEY, "key"))
    yield _Part("file of addresses", _OBJECT, _named(naming.ADDRESSES_KEY, "key"))
    for purpose in _BUCKETS:
        yield _Part(f"bucket for {purpose}", BUCKET, _named(f"-{prefix}-{purpose}", "bucket"))
    for purpose in _TABLES:
        name = naming.table(zone, site, purpose)
        yield _Part(f"table {name}", _TABLE, _named(name))
    for alarm in PlatformAlarm:
        yield _Part(f"alarm {alarm}", ALARM, _named(f"{prefix}-{alarm}"))


def _sites(stack: Stack) -> Iterator[Wrong]:
    for site, region in stack.declared.regions.items():
        here = [one for one in stack.resources if one.region == region]
        for part in _parts(stack.declared.zone, site):
            if not any(one.type == part.type and part.found(one) for one in here):
                yield Wrong(
                    f"{site} in {region} has no {part.what}; a failover there would miss it: "
                    "declare it as the other site has it."
                )


def _databases(stack: Stack) -> Iterator[Wrong]:
    declared = stack.declared
    for site, region in declared.regions.items():
        instances = {one.database for one in stack.of(INSTANCE) if one.region == region}
        alarms = [one.text("name") for one in stack.of(ALARM) if one.region == region]
        for database in declared.databases:
            if database not in instances:
                yield Wrong(
                    f"{database} has no instance in {site} ({region}); declare one there, "
                    "a replica where the site stands by."
                )
            for kind in DatabaseAlarm:
                name = naming.in_site(declared.zone, site, of_database(database, kind))
                if name not in alarms:
                    yield Wrong(f"{database} has no alarm {name} in {region}; declare it.")


def _roles(stack: Stack) -> Iterator[Wrong]:
    names = {one.text("name") for one in stack.of("aws:iam/role:Role")}
    for purpose in _ROLES:
        name = naming.role(stack.declared.zone, purpose)
        if name not in names:
            yield Wrong(
                f"There is no role {name}, and nobody can make one while {CONTROL_PLANE} is lost; "
                "declare it."
            )


def _witness(stack: Stack) -> Iterator[Wrong]:
    region = stack.declared.witness
    found = [
        one
        for one in stack.of(BUCKET)
        if one.region == region and one.text("bucket").endswith("-witness-latch")
    ]
    if not found:
        yield Wrong(
            f"The witness in {region} has no latch: losing the standby would stop the zone; "
            "declare it."
        )


RULES = (
    StackRule("sites-complete", "Each site has every part that a failover to it asks for.", _sites),
    StackRule(
        "databases-complete",
        "Each database has an instance and its alarms in both sites.",
        _databases,
    ),
    StackRule("roles-complete", "The roles of run time exist before they are needed.", _roles),
    StackRule("witness-complete", "A third region keeps the warrants.", _witness),
)
