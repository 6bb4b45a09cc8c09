"""The proof after a failover: what no deployment may do to a zone that was just recovered. Pure.

`reconcile` holds every preview of the new role data against it, ours and the real engine's; a
pipeline may do the same. One table from a type of resource to the rule about it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from continuity.planned import ENDING, Doing, Planned

INSTANCE = "aws:rds/instance:Instance"
_OTHER_DATABASES = ("aws:rds/cluster:", "aws:rds/globalCluster:", "aws:docdb/", "aws:neptune/")
_CHECK = "aws:route53/healthCheck:HealthCheck"
_SERVING = (
    "aws:ecs/service:",
    "aws:ecs/cluster:",
    "aws:lb/loadBalancer:",
    "aws:lb/targetGroup:",
    "aws:lb/listener:",
    "aws:appautoscaling/",
)
"""What the platform of a site consists of: without any of it the site serves nobody."""
_KEPT = (
    "aws:s3/bucket:Bucket",
    "aws:efs/fileSystem:",
    "aws:kms/key:",
    "aws:kms/replicaKey:",
    "aws:backup/vault:Vault",
    "aws:dynamodb/table:",
    "aws:secretsmanager/secret:Secret",
    "aws:route53/zone:",
    "aws:route53/record:",
)
"""What holds data, opens it, or is the zone's name: never replaced or deleted on the way."""


@dataclass(frozen=True)
class Live:
    """What serves a zone as the world is.

    `region` is the serving site's, `instances` the identifiers of its databases, `latches` the
    buckets that say where traffic goes.
    """

    region: str
    instances: frozenset[str]
    latches: frozenset[str]


@dataclass(frozen=True)
class Unexpected:
    """One operation that must not be: of which resource, and why."""

    urn: str
    reason: str


def judge(plan: Iterable[Planned], live: Live) -> tuple[Unexpected, ...]:
    """Return every operation of a plan that must not be, in order; none is the proof."""
    return tuple(
        Unexpected(planned.urn, reason)
        for planned in plan
        if planned.doing is not Doing.SAME
        for reason in _reasons(planned, live)
    )


def _reasons(planned: Planned, live: Live) -> Iterator[str]:
    for concerns, rule in _RULES:
        if concerns(planned, live):
            yield from rule(planned, live)


def _database(planned: Planned, live: Live) -> Iterator[str]:
    identifier = str(planned.after.get("identifier", planned.before.get("identifier", "")))
    serves = identifier in live.instances
    if planned.doing in ENDING:
        why = f" ({', '.join(planned.replacing)})" if planned.replacing else ""
        yield f"would {planned.doing} the database {identifier}{why}"
    elif planned.doing is Doing.RETAIN and planned.name in live.instances:
        # By its name in the program: what was renamed there is another instance of that identifier.
        yield f"would drop {identifier} from the program, although it serves"
    elif planned.doing is Doing.CREATE:
        yield from _created(planned, identifier, serves=serves)
    elif planned.doing is Doing.UPDATE:
        yield from _changed(planned, identifier)


def _created(planned: Planned, identifier: str, *, serves: bool) -> Iterator[str]:
    if serves:
        yield f"would create {identifier}, which is there and serves: the state must import it"
    elif not planned.after.get("replicateSourceDb"):
        yield f"would create {identifier} empty: after a failover every new instance is a replica"


def _changed(planned: Planned, identifier: str) -> Iterator[str]:
    if planned.ends("replicateSourceDb"):
        yield (
            f"would ask RDS to promote {identifier}: either the state was not refreshed, or it "
            "still is a replica, which only a run may promote"
        )
    elif planned.begins("replicateSourceDb"):
        yield f"would make {identifier} a replica, which RDS cannot do to a database"
    elif planned.differs("replicateSourceDb"):
        yield f"would have {identifier} follow another source, which RDS cannot do"
    yield from _weakened(planned, identifier)


def _weakened(planned: Planned, identifier: str) -> Iterator[str]:
    if planned.differs("identifier"):
        yield f"would rename {planned.before.get('identifier')} to {identifier}"
    if planned.ends("backupRetentionPeriod"):
        yield f"would turn the backups of {identifier} off, which deletes those that it has"
    if planned.ends("deletionProtection"):
        yield f"would let {identifier} be deleted"
    if planned.differs("engineVersion"):
        yield f"would change the engine version of {identifier}, which restarts it"
    if planned.differs("instanceClass"):
        yield f"would change the class of {identifier}, which restarts it"


def _other_database(planned: Planned, _: Live) -> Iterator[str]:
    if planned.doing in ENDING:
        yield f"would {planned.doing} the database {planned.name}"


def _serving(planned: Planned, _: Live) -> Iterator[str]:
    if planned.doing in (*ENDING, Doing.RETAIN):
        yield f"would {planned.doing} {planned.name}, which serves"
    for key in ("minCapacity", "maxCapacity", "desiredCount"):
        if planned.doing is Doing.UPDATE and planned.falls(key):
            numbers = f"{planned.before[key]} to {planned.after[key]}"
            yield f"would scale the serving site in: {key} from {numbers}"


def _latch(planned: Planned, _: Live) -> Iterator[str]:
    yield f"would {planned.doing} {planned.name}: the latches say where traffic goes"


def _check(planned: Planned, _: Live) -> Iterator[str]:
    yield f"would {planned.doing} the health check {planned.name}, by which traffic goes"


def _kept(planned: Planned, _: Live) -> Iterator[str]:
    if planned.doing in ENDING:
        yield f"would {planned.doing} {planned.name}, which nothing brings back"


def _is_latch(planned: Planned, live: Live) -> bool:
    found = {planned.before.get("bucket"), planned.after.get("bucket")}
    return planned.type.startswith("aws:s3/") and bool(found & live.latches)


Concern = Callable[[Planned, Live], bool]
Rule = Callable[[Planned, Live], Iterator[str]]
_RULES: tuple[tuple[Concern, Rule], ...] = (
    (lambda one, _: one.type == INSTANCE, _database),
    (lambda one, _: one.type.startswith(_OTHER_DATABASES), _other_database),
    (lambda one, live: one.region == live.region and one.type.startswith(_SERVING), _serving),
    (_is_latch, _latch),
    (lambda one, _: one.type == _CHECK, _check),
    (lambda one, _: one.type.startswith(_KEPT), _kept),
)
