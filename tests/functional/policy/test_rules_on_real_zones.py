"""The rules over what the program really registers: nothing to say, until one thing is broken."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from continuity import naming
from policy.judge import findings, judge, stated_exceptions
from policy.rule import Finding, Rule
from policy.rules import RULES
from policy.stack import Operation, Resource, Stack
from simulator.judging import stack_of
from simulator.program import run_program
from simulator.world import World

ROOT = Path(__file__).parents[3]
Breaking = Callable[[Resource], Resource | None]
ENCRYPTION = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


@pytest.fixture(scope="module")
def stack() -> Stack:
    with World(1) as world, world.instantly():
        return stack_of(ROOT, "we1", run_program(ROOT, "we1").resources)


def test_a_deployed_zone_keeps_every_rule(stack: Stack) -> None:
    assert [str(one) for one in judge(stack, stated_exceptions())] == []


def test_hardly_anything_is_unknown_once_a_zone_is_deployed(stack: Stack) -> None:
    policies = [one for one in stack.resources if "policy" in one.properties]
    assert len(policies) > 30
    assert [one.name for one in policies if not one.statements()] == []


def having(**changed: object) -> Breaking:
    """Change properties; None takes one away."""
    return lambda one: replace(
        one,
        properties={
            name: value
            for name, value in {**one.properties, **changed}.items()
            if value is not None
        },
        references={name: urns for name, urns in one.references.items() if name not in changed},
    )


def unprotected(one: Resource) -> Resource:
    return replace(one, protected=False)


def gone(_: Resource) -> None:
    return None


def saying(wanted: Mapping[str, Any]) -> Breaking:
    """Put one more statement into a policy."""

    def add(one: Resource) -> Resource:
        name = "assumeRolePolicy" if "assumeRolePolicy" in one.properties else "policy"
        text = json.dumps({"Statement": [*one.statements(name), wanted]})
        return having(**{name: text})(one)

    return add


def silent(one: Resource) -> Resource:
    return having(policy=json.dumps({"Statement": []}))(one)


def in_the_other_region(one: Resource) -> Resource:
    return having(region="eu-central-1" if one.region == "eu-west-1" else "eu-west-1")(one)


ALL = {"Effect": "Allow", "Action": "rds:DeleteDBInstance", "Resource": "*"}
WILD = {"Effect": "Allow", "Action": "rds:*", "Resource": "arn:aws:rds:eu-west-1:1:db:we1-x"}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
HALVED = {"name": "max_slot_wal_keep_size", "value": "1"}
TLS_OFF = [{"name": "rds.force_ssl", "value": "0"}]
ROLE = "we1-permissions-failover-policy"
FILES = "we1-safekeeping-files-private-home"
SCHEDULES = "we1-safekeeping-home-backup-capture"

BREAKS: list[tuple[str, str, Breaking]] = [
    ("database-private", "we1-orders-home-1", having(publiclyAccessible=True)),
    ("database-encrypted", "we1-orders-away-1", having(kmsKeyId=None)),
    ("database-undeletable", "we1-orders-home-1", having(deletionProtection=False)),
    ("database-backed-up", "we1-orders-home-1", having(backupRetentionPeriod=1)),
    ("database-in-two-places", "we1-orders-home-1", having(multiAz=False)),
    ("database-changes-in-its-window", "we1-orders-home-1", having(applyImmediately=True)),
    ("database-of-a-known-kind", "we1-orders-home-1", lambda one: replace(one, type=CLUSTER)),
    ("database-replicated", "we1-orders-away-1", gone),
    ("database-replicated", "we1-orders-away-1", having(replicateSourceDb="arn:another")),
    ("points-copied", "we1-orders-home-1-backups-in-away", gone),
    ("points-copied", "we1-orders-home-1-backups-in-away", having(retentionPeriod=1)),
    ("points-scheduled", SCHEDULES, gone),
    ("points-meet-rpo", "we1-away-orders-stale-alarm", gone),
    ("points-meet-rpo", "we1-away-orders-stale-alarm", having(threshold=172800)),
    (
        "points-reach-back",
        f"{FILES}-lifecycle",
        having(rules=[{"noncurrentVersionExpiration": {"noncurrentDays": 30}}]),
    ),
    ("plan-copies-and-keeps", "we1-safekeeping-backups-home-files-plan", having(rules=[{}])),
    ("vault-guarded", "we1-safekeeping-backups-home-policy", silent),
    ("vault-guarded", "we1-safekeeping-backups-away-policy", gone),
    ("alarm-heard", "we1-home-orders-lag-alarm", having(alarmActions=[])),
    ("sites-equal-databases", "we1-orders-away-1", having(instanceClass="db.t3.micro")),
    ("sites-equal-databases", "we1-orders-away-1", having(engineVersion="16.1")),
    (
        "sites-equal-parameters",
        "we1-orders-parameters-away-postgres16",
        having(parameters=[HALVED]),
    ),
    ("sites-equal-tasks", "we1-away-hosting-task", having(memory="512")),
    ("kept-is-protected", "we1-home-keys-key", unprotected),
    ("kept-is-protected", "we1-orders-away-1", unprotected),
    ("files-are-protected", f"{FILES}-bucket", unprotected),
    ("nobody-is-anybody", f"{FILES}-policy", saying(READ)),
    ("nobody-is-anybody", "we1-home-latch-policy", saying(READ)),
    ("buckets-closed", f"{FILES}-access", having(blockPublicPolicy=False)),
    ("buckets-closed", "we1-home-latch-access", having(blockPublicAcls=False)),
    (
        "doors-closed",
        "we1-home-network-firewall-application-to-database-in",
        having(cidrIpv4="0.0.0.0/0"),
    ),
    (
        "tasks-inside",
        "we1-home-hosting-service",
        having(networkConfiguration={"assignPublicIp": True}),
    ),
    ("callers-named", "we1-home-incident-permission", having(sourceArn=None)),
    ("actions-named", ROLE, saying(WILD)),
    ("resources-named", ROLE, saying(ALL)),
    ("trust-narrow", "we1-permissions-failover", saying(ANYBODY)),
    (
        "policies-our-own",
        "we1-safekeeping-backups-service-backup",
        having(policyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
    (
        "roles-without-wide-policies",
        "we1-permissions-backup",
        having(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ),
    ("encrypted-with-our-key", "we1-home-alerts-topic", having(kmsMasterKeyId=None)),
    ("encrypted-with-our-key", "we1-orders-home-1", in_the_other_region),
    ("key-of-its-site", "we1-home-keys-key", in_the_other_region),
    ("keys-last", "we1-home-keys-key", having(enableKeyRotation=False)),
    ("buckets-encrypted", f"{FILES}-encryption", gone),
    (
        "logs-encrypted-on-their-way",
        "we1-safekeeping-logs-home-stream",
        having(serverSideEncryption=None),
    ),
    ("buckets-over-tls", "we1-manifest-home-policy", gone),
    ("buckets-over-tls", "we1-home-latch-policy", silent),
    ("listeners-over-tls", "we1-home-hosting-load-balancer-https", having(sslPolicy=None)),
    ("databases-over-tls", "we1-orders-parameters-home-postgres16", having(parameters=TLS_OFF)),
    ("checks-over-tls", "we1-dns-home-open", having(type="HTTP")),
    ("tagged", "we1-home-alerts-topic", having(tags={})),
    ("in-its-regions", "we1-home-alerts-topic", having(region="us-east-1")),
    ("in-its-regions", "we1-home-alerts-topic", having(region=None)),
    ("reachable-when-needed", "we1-dns-serving", lambda one: replace(one, type=REFERENCE)),
    (
        "names-answer-by-themselves",
        "we1-dns-serving",
        having(failoverRoutingPolicies=None, setIdentifier=None),
    ),
    ("sites-complete", "we1-away-latch-bucket", gone),
    ("sites-complete", "we1-manifest-away-object", gone),
    ("sites-complete", "we1-away-holding-load-balancer-balancer", gone),
    ("sites-complete", "we1-away-hosting-addresses-object", having(key="other.env")),
    ("databases-complete", "we1-orders-home-1", gone),
    ("databases-complete", "we1-away-orders-lag-alarm", gone),
    ("roles-complete", "we1-permissions-restore", gone),
    ("witness-complete", "we1-witness-latch-bucket", gone),
]
CLUSTER = "aws:rds/cluster:Cluster"
REFERENCE = "pulumi:pulumi:StackReference"


def broken(stack: Stack, name: str, breaking: Breaking) -> Stack:
    [found] = [one for one in stack.resources if one.name == name]
    changed = breaking(found)
    resources = (changed if one is found else one for one in stack.resources)
    return replace(stack, resources=tuple(one for one in resources if one is not None))


def found_by(rule: str, stack: Stack) -> list[Finding]:
    [known] = [one for one in RULES if one.name == rule]
    return list(findings(known, stack))


@pytest.mark.parametrize(("rule", "name", "breaking"), BREAKS)
def test_one_broken_property_of_a_real_resource_is_found(
    stack: Stack, rule: str, name: str, breaking: Breaking
) -> None:
    found = found_by(rule, broken(stack, name, breaking))
    assert found
    assert all(one.is_mandatory and one.sentence for one in found)


def losing(stack: Stack, name: str, kind: str) -> Stack:
    [found] = [one for one in stack.resources if one.name == name]
    operation = Operation(kind, found.type, found.name, found.urn, ("engine",), found)
    left = tuple(one for one in stack.resources if kind != "retain" or one is not found)
    return replace(stack, resources=left, operations=(operation,))


@pytest.mark.parametrize("kind", ["replace", "delete"])
@pytest.mark.parametrize(
    "name", ["we1-orders-home-1", "we1-safekeeping-backups-away-vault", "we1-home-keys-key"]
)
def test_a_plan_that_ends_what_is_kept_is_found(stack: Stack, name: str, kind: str) -> None:
    [finding] = found_by("nothing-kept-is-lost", losing(stack, name, kind))
    assert finding.resource == name
    assert f"would be {kind}d because of engine" in finding.sentence


def test_an_instance_that_serves_is_not_dropped(stack: Stack) -> None:
    [finding] = found_by("serving-stays-declared", losing(stack, "we1-orders-home-1", "retain"))
    assert "serves the zone" in finding.sentence


def test_an_instance_that_no_longer_serves_may_be_dropped(stack: Stack) -> None:
    assert found_by("serving-stays-declared", losing(stack, "we1-orders-away-1", "retain")) == []


ONLY_OPERATIONS = {"nothing-kept-is-lost", "serving-stays-declared"}
ONLY_SERVICE_ZONES = {"files-encrypted"}  # we1 has no shared file system


def test_every_rule_was_broken_once() -> None:
    names = {rule.name for rule in all_rules()}
    assert {rule for rule, *_ in BREAKS} == names - ONLY_OPERATIONS - ONLY_SERVICE_ZONES


def all_rules() -> tuple[Rule, ...]:
    return RULES


def test_what_a_backup_tag_marks_is_what_the_rules_call_files(stack: Stack) -> None:
    marked = [one.name for one in stack.resources if naming.TAG_BACKUP in one.tags]
    assert len(marked) == 2 * len(naming.FILES)
