"""Which operations are noticed, and why: a table from types of resources to rules. Pure.

`cli.change_command` asks `impacts`; `maintenance.guard` judges the answer. What AWS does to a
database is written in its guide ("Settings for DB instances", the column on downtime). Whatever is
deleted or replaced is noticed unless a row here says otherwise: nobody proved that it is not.
"""

from collections.abc import Callable, Iterable, Iterator

from continuity.planned import ENDING, Doing, Planned
from maintenance.impact import Effect, Ground, Impact

Found = tuple[Effect | None, str]
"""An effect, or none where it depends on the site in which the resource is; and why."""

_STATELESS = (
    "aws:ecs/taskDefinition:",  # a new revision; the service rolls over to it
    "aws:acm/certificateValidation:",  # waits for a certificate, and is nothing in AWS
    "aws:appautoscaling/policy:",
    "aws:secretsmanager/secretVersion:",  # tasks read it when they start
)
"""What is replaced in the course of every release, without anybody noticing."""
_PROTECTING = (
    "aws:backup/",
    "aws:cloudwatch/",
    "aws:dynamodb/",
    "aws:ec2/flowLog:",
    "aws:ecr/",
    "aws:efs/replicationConfiguration:",
    "aws:kinesis/",
    "aws:lambda/",
    "aws:rds/instanceAutomatedBackupsReplication:",
    "aws:s3/bucketLifecycleConfiguration:",
    "aws:s3/bucketReplicationConfig:",
    "aws:scheduler/",
    "aws:sns/",
    "aws:sqs/",
)
"""What watches, backs up or moves the zone: clients are served without it."""

_INSTANCE_RESTARTS = {
    "engineVersion": "is upgraded, which restarts it",
    "instanceClass": "gets another class, which restarts it",
    "port": "listens on another port, which restarts it",
    "identifier": "is renamed, which restarts it under another address",
    "dbSubnetGroupName": "moves to other networks, which restarts it",
    "caCertIdentifier": "gets another certificate, which may restart it",
    "parameterGroupName": "gets another parameter group, which asks for a restart",
}
_INSTANCE_SLOWS = {
    "allocatedStorage": "gets other storage, which is slower for hours",
    "storageType": "gets other storage, which is slower for hours",
    "iops": "gets other storage, which is slower for hours",
    "storageThroughput": "gets other storage, which is slower for hours",
    "vpcSecurityGroupIds": "lets others connect than before",
    "password": "gets another password: tasks that know the old one are refused",
}
_OTHER_UPDATES: dict[str, dict[str, str]] = {
    "aws:lb/listener:": {
        "port": "listens on another port",
        "protocol": "speaks another protocol",
        "sslPolicy": "may refuse older clients",
        "defaultActions": "sends clients elsewhere",
    },
    "aws:lb/loadBalancer:": {
        "securityGroups": "lets other clients in than before",
        "subnets": "answers from other networks",
    },
    "aws:lb/targetGroup:": {"healthCheck": "judges tasks otherwise, and may find none sound"},
    "aws:route53/": dict.fromkeys(
        (
            "records",
            "aliases",
            "failoverRoutingPolicies",
            "weightedRoutingPolicies",
            "healthCheckId",
            "fqdn",
            "resourcePath",
            "failureThreshold",
            "invertHealthcheck",
            "disabled",
            "childHealthchecks",
        ),
        "decides otherwise where clients are led",
    ),
    "aws:vpc/securityGroup": dict.fromkeys(
        ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "fromPort", "toPort", "ipProtocol"),
        "lets others through than before",
    ),
    "aws:ec2/securityGroup:": dict.fromkeys(
        ("ingress", "egress"), "lets others through than before"
    ),
    "aws:ec2/route": dict.fromkeys(
        ("routes", "destinationCidrBlock", "gatewayId", "natGatewayId", "routeTableId"),
        "leads packets another way",
    ),
    "aws:kms/key:": {"isEnabled": "is switched, and with it all that it opens"},
}


def impacts(plan: Iterable[Planned], ground: Ground) -> tuple[Impact, ...]:
    """Return everything in a plan that is noticed, service first, else in the plan's order."""
    found = [
        Impact(planned, effect or ground.effect(planned), why)
        for planned in plan
        for effect, why in _reasons(planned)
    ]
    return tuple(sorted(found, key=lambda one: one.effect is not Effect.SERVICE))


def _reasons(planned: Planned) -> Iterator[Found]:
    if planned.doing in ENDING:
        yield from _ended(planned)
    elif planned.doing is Doing.UPDATE:
        for begins, rule in _UPDATES:
            if planned.type.startswith(begins):
                yield from rule(planned)


def _ended(planned: Planned) -> Iterator[Found]:
    if planned.type.startswith(_STATELESS):
        return
    effect = Effect.REDUNDANCY if planned.type.startswith(_PROTECTING) else None
    because = f", because of {', '.join(planned.replacing)}" if planned.replacing else ""
    yield effect, f"is {planned.doing}d{because}"


def _instance(planned: Planned) -> Iterator[Found]:
    # Clients write to the primary alone: what happens to a replica only thins the protection.
    effect = Effect.REDUNDANCY if planned.after.get("replicateSourceDb") else None
    yield from _differing(planned, _INSTANCE_RESTARTS, effect)
    yield from _differing(planned, _INSTANCE_SLOWS, effect)
    if planned.begins("multiAz"):
        yield effect, "becomes Multi-AZ: writes are slower while the second copy is made"
    if planned.ends("multiAz"):
        yield Effect.REDUNDANCY, "is Multi-AZ no more: a lost data centre takes it along"
    if planned.ends("replicateSourceDb"):
        yield None, "is promoted: only a failover may do that"
    if planned.begins("backupRetentionPeriod") or planned.ends("backupRetentionPeriod"):
        yield effect, "has its backups switched, which interrupts it for a moment"
    if planned.ends("backupRetentionPeriod"):
        yield Effect.REDUNDANCY, "has no backups any more, and loses those that it has"


def _parameters(planned: Planned) -> Iterator[Found]:
    before, after = _by_name(planned.before), _by_name(planned.after)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    waiting = [name for name in changed if after.get(name, {}).get("applyMethod") != "immediate"]
    if waiting:
        yield None, f"asks its databases for a restart: {', '.join(waiting)}"


def _by_name(inputs: object) -> dict[str, dict[str, object]]:
    rows = inputs.get("parameters") if isinstance(inputs, dict) else None
    found = rows if isinstance(rows, list) else []
    return {str(row["name"]): row for row in found if isinstance(row, dict) and "name" in row}


def _service(planned: Planned) -> Iterator[Found]:
    low = planned.after.get("deploymentMinimumHealthyPercent")
    if isinstance(low, int | float) and low < 100:  # noqa: PLR2004 - percent of the tasks
        keys = ("taskDefinition", "networkConfiguration", "loadBalancers")
        if any(planned.differs(key) for key in keys):
            yield None, f"rolls over with {low:g} % of its tasks"
    if planned.falls("desiredCount"):
        yield None, "loses tasks"


def _scaling(planned: Planned) -> Iterator[Found]:
    for key in ("minCapacity", "maxCapacity"):
        if planned.falls(key):
            yield None, f"may lose tasks: {key} {planned.before[key]} -> {planned.after[key]}"


def _other(planned: Planned) -> Iterator[Found]:
    for begins, keys in _OTHER_UPDATES.items():
        if planned.type.startswith(begins):
            yield from _differing(planned, keys, None)


def _differing(planned: Planned, reasons: dict[str, str], effect: Effect | None) -> Iterator[Found]:
    told = dict.fromkeys(why for key, why in reasons.items() if planned.differs(key))
    yield from ((effect, why) for why in told)


_UPDATES: tuple[tuple[str, Callable[[Planned], Iterator[Found]]], ...] = (
    ("aws:rds/instance:", _instance),
    ("aws:rds/parameterGroup:", _parameters),
    ("aws:ecs/service:", _service),
    ("aws:appautoscaling/target:", _scaling),
    ("aws:", _other),
)
