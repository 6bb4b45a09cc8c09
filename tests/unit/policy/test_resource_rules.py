"""Every rule over one resource: what it lets pass, and what it says of each way to be wrong."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from policy import judge
from policy.declared import Declared
from policy.rule import ResourceRule
from policy.rules import RULES
from policy.stack import UNKNOWN, Resource

Judged = Callable[..., list[str]]

REGION = "eu-west-1"
OWN_KEY = f"arn:aws:kms:{REGION}:123456789012:key/1"
OTHER_KEY = "arn:aws:kms:eu-central-1:123456789012:key/2"
TAGS = {"holdfast:zone": "t1", "holdfast:site": "home", "holdfast:database": "orders"}
INSTANCE = {
    "region": REGION,
    "identifier": "t1-orders-home-1",
    "publiclyAccessible": False,
    "storageEncrypted": True,
    "kmsKeyId": OWN_KEY,
    "deletionProtection": True,
    "deleteAutomatedBackups": False,
    "skipFinalSnapshot": False,
    "backupRetentionPeriod": 14,
    "multiAz": True,
    "applyImmediately": False,
    "autoMinorVersionUpgrade": False,
    "tags": TAGS,
}
REPLICA = {
    **INSTANCE,
    "replicateSourceDb": "arn:aws:rds:eu-central-1:123456789012:db:t1-orders-away-1",
    "backupRetentionPeriod": 0,
    "multiAz": False,
    "skipFinalSnapshot": True,
}


def granting(*statements: Mapping[str, object]) -> dict[str, object]:
    return {"policy": json.dumps({"Statement": [{"Effect": "Allow", **one} for one in statements]})}


def trusting(**statement: object) -> dict[str, object]:
    return {"assumeRolePolicy": json.dumps({"Statement": {"Effect": "Allow", **statement}})}


LATCH = "arn:aws:s3:::holdfast-123456789012-t1-home-latch"
CALLER = "aws:lambda/permission:Permission"
ORDERS = "arn:aws:rds:eu-west-1:123456789012:db:t1-*"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - the name of a type
RDS, S3, IAM = "aws:rds/instance:Instance", "aws:s3/bucket:Bucket", "aws:iam/rolePolicy:RolePolicy"
MANAGED = "arn:aws:iam::aws:policy"
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
DAILY = {"holdfast:backup": "daily"}
LISTENER = {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
TO_HTTPS = {"defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]}
COPY = {"destinationVaultArn": "arn"}
OPEN_443 = {"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
PUBLISH = {"Action": "sns:Publish", "Principal": {"Service": "cloudwatch.amazonaws.com"}}

RIGHT: list[tuple[str, str, Mapping[str, Any]]] = [
    ("database-private", RDS, INSTANCE),
    ("database-encrypted", RDS, INSTANCE),
    ("database-encrypted", RDS, {**INSTANCE, "kmsKeyId": UNKNOWN}),
    ("database-undeletable", RDS, INSTANCE),
    ("database-undeletable", RDS, REPLICA),
    ("database-backed-up", RDS, INSTANCE),
    ("database-backed-up", RDS, REPLICA),
    ("database-in-two-places", RDS, INSTANCE),
    ("database-in-two-places", RDS, REPLICA),
    ("database-changes-in-its-window", RDS, INSTANCE),
    ("database-of-a-known-kind", RDS, INSTANCE),
    ("kept-is-protected", RDS, INSTANCE),
    ("files-are-protected", S3, {"tags": DAILY, "forceDestroy": False}),
    (
        "plan-copies-and-keeps",
        "aws:backup/plan:Plan",
        {"region": REGION, "rules": [{"ruleName": "daily", "copyActions": [COPY]}]},
    ),
    (
        "plan-copies-and-keeps",
        "aws:backup/plan:Plan",
        {"region": "eu-central-1", "rules": [{"ruleName": "daily"}]},
    ),
    ("alarm-heard", "aws:cloudwatch/metricAlarm:MetricAlarm", {"alarmActions": [UNKNOWN]}),
    ("nobody-is-anybody", "aws:sns/topic:Topic", granting(PUBLISH)),
    (
        "nobody-is-anybody",
        "aws:s3/bucketPolicy:BucketPolicy",
        granting({"Action": ["s3:GetObject"], "Resource": f"{LATCH}/open/home", "Principal": "*"}),
    ),
    ("doors-closed", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", OPEN_443),
    (
        "tasks-inside",
        "aws:ecs/service:Service",
        {"networkConfiguration": {"assignPublicIp": False}},
    ),
    ("callers-named", CALLER, {"principal": "sns.amazonaws.com", "sourceArn": UNKNOWN}),
    ("actions-named", IAM, granting({"Action": ["rds:ModifyDBInstance"], "Resource": ORDERS})),
    ("actions-named", IAM, {"policy": UNKNOWN}),
    ("resources-named", IAM, granting({"Action": "rds:ModifyDBInstance", "Resource": ORDERS})),
    ("resources-named", IAM, granting({"Action": "cloudwatch:GetMetricData", "Resource": "*"})),
    (
        "resources-named",
        IAM,
        granting(
            {
                "Action": "rds:DeleteDBInstance",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:ResourceTag/holdfast:zone": "t1"}},
            }
        ),
    ),
    ("trust-narrow", "aws:iam/role:Role", trusting(Principal={"Service": "lambda.amazonaws.com"})),
    ("trust-narrow", "aws:iam/role:Role", trusting(Principal=ROOT, Condition=MFA)),
    (
        "policies-our-own",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"policyArn": f"{MANAGED}/service-role/AWSBackupServiceRolePolicyForBackup"},
    ),
    ("roles-without-wide-policies", "aws:iam/role:Role", {}),
    ("encrypted-with-our-key", RDS, INSTANCE),
    ("encrypted-with-our-key", SECRET, {"region": REGION, "name": "holdfast-channels/t1/slack"}),
    ("encrypted-with-our-key", "aws:sqs/queue:Queue", {"kmsMasterKeyId": "alias/holdfast-t1-home"}),
    (
        "keys-last",
        "aws:kms/key:Key",
        {"enableKeyRotation": True, "deletionWindowInDays": 30},
    ),
    ("files-encrypted", "aws:efs/fileSystem:FileSystem", {"encrypted": True}),
    (
        "logs-encrypted-on-their-way",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        {"serverSideEncryption": {"enabled": True}},
    ),
    ("listeners-over-tls", "aws:lb/listener:Listener", LISTENER),
    ("listeners-over-tls", "aws:lb/listener:Listener", {"protocol": "HTTP", **TO_HTTPS}),
    (
        "databases-over-tls",
        "aws:rds/parameterGroup:ParameterGroup",
        {"family": "postgres16", "parameters": [{"name": "rds.force_ssl", "value": "1"}]},
    ),
    ("checks-over-tls", "aws:route53/healthCheck:HealthCheck", {"type": "HTTPS_STR_MATCH"}),
    ("checks-over-tls", "aws:route53/healthCheck:HealthCheck", {"type": "CALCULATED"}),
    ("tagged", RDS, INSTANCE),
    ("tagged", "aws:iam/role:Role", {"tags": {"holdfast:zone": "t1"}}),
    ("tagged", "aws:kms/alias:Alias", {"region": REGION}),
    ("in-its-regions", RDS, INSTANCE),
    ("in-its-regions", "aws:iam/role:Role", {}),
    ("in-its-regions", S3, {"region": "eu-north-1"}),
    ("reachable-when-needed", RDS, INSTANCE),
    (
        "names-answer-by-themselves",
        "aws:route53/record:Record",
        {"aliases": [{"name": "x"}], "failoverRoutingPolicies": [{"type": "PRIMARY"}]},
    ),
]

WRONG: list[tuple[str, str, Mapping[str, Any], str]] = [
    ("database-private", RDS, {**INSTANCE, "publiclyAccessible": True}, "from the internet"),
    ("database-private", RDS, {}, "publicly_accessible"),
    ("database-encrypted", RDS, {**INSTANCE, "storageEncrypted": False}, "not encrypted"),
    ("database-encrypted", RDS, {**INSTANCE, "kmsKeyId": None}, "AWS's own key"),
    ("database-undeletable", RDS, {**INSTANCE, "deletionProtection": False}, "with one call"),
    ("database-undeletable", RDS, {**INSTANCE, "deleteAutomatedBackups": True}, "its backups"),
    ("database-undeletable", RDS, {**INSTANCE, "skipFinalSnapshot": True}, "last snapshot"),
    ("database-backed-up", RDS, {**INSTANCE, "backupRetentionPeriod": 7}, "7 days, but 14"),
    ("database-in-two-places", RDS, {**INSTANCE, "multiAz": False}, "one availability zone"),
    ("database-changes-in-its-window", RDS, {**INSTANCE, "applyImmediately": True}, "restart"),
    (
        "database-changes-in-its-window",
        RDS,
        {**INSTANCE, "autoMinorVersionUpgrade": True},
        "by itself",
    ),
    ("database-of-a-known-kind", "aws:docdb/cluster:Cluster", {}, "no rule of this pack"),
    ("files-are-protected", S3, {"tags": DAILY, "forceDestroy": True}, "emptied"),
    (
        "plan-copies-and-keeps",
        "aws:backup/plan:Plan",
        {"region": REGION, "rules": [{"ruleName": "daily"}]},
        "copies no point",
    ),
    (
        "plan-copies-and-keeps",
        "aws:backup/plan:Plan",
        {
            "region": REGION,
            "rules": [{"copyActions": [{**COPY, "lifecycle": {"deleteAfter": 30}}]}],
        },
        "after 30 days, the retention reaches back 164",
    ),
    ("alarm-heard", "aws:cloudwatch/metricAlarm:MetricAlarm", {}, "nobody hears"),
    (
        "alarm-heard",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {"alarmActions": ["x"], "actionsEnabled": False},
        "nobody hears",
    ),
    (
        "nobody-is-anybody",
        "aws:sns/topic:Topic",
        granting({**PUBLISH, "Principal": {"AWS": "*"}}),
        "anybody in the world do sns:Publish",
    ),
    (
        "nobody-is-anybody",
        "aws:s3/bucketPolicy:BucketPolicy",
        granting({"Action": ["s3:GetObject"], "Resource": f"{LATCH}/*", "Principal": "*"}),
        "anybody in the world",
    ),
    (
        "nobody-is-anybody",
        "aws:s3/bucketPolicy:BucketPolicy",
        granting(
            {
                "Action": ["s3:GetObject"],
                "Resource": "arn:aws:s3:::holdfast-123456789012-t1-home-private/open/home",
                "Principal": "*",
            }
        ),
        "anybody in the world",
    ),
    (
        "doors-closed",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {**OPEN_443, "fromPort": 5432, "toPort": 5432},
        "5432",
    ),
    (
        "doors-closed",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"cidrIpv6": "::/0", "ipProtocol": "-1"},
        "whole internet",
    ),
    (
        "tasks-inside",
        "aws:ecs/service:Service",
        {"networkConfiguration": {"assignPublicIp": True}},
        "public addresses",
    ),
    ("callers-named", CALLER, {"principal": "sns.amazonaws.com"}, "in source_arn"),
    ("callers-named", CALLER, {"principal": "*"}, "lets anybody call"),
    ("actions-named", IAM, granting({"Action": "rds:*", "Resource": ORDERS}), "allows rds:*"),
    ("actions-named", IAM, granting({"NotAction": "iam:*", "Resource": ORDERS}), "everything but"),
    (
        "resources-named",
        IAM,
        granting({"Action": ["rds:DeleteDBInstance", "sts:GetCallerIdentity"], "Resource": "*"}),
        "allows rds:DeleteDBInstance on every resource",
    ),
    (
        "resources-named",
        IAM,
        granting({"Action": "rds:DeleteDBInstance", "Resource": "arn:aws:rds:*:*:*"}),
        "on every resource",
    ),
    (
        "resources-named",
        IAM,
        granting({"Action": "rds:DeleteDBInstance", "NotResource": ORDERS}),
        "all but a few",
    ),
    ("trust-narrow", "aws:iam/role:Role", trusting(Principal="*"), "anybody in the world"),
    ("trust-narrow", "aws:iam/role:Role", trusting(Principal=ROOT), "second factor"),
    (
        "policies-our-own",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"policyArn": f"{MANAGED}/AdministratorAccess"},
        "AdministratorAccess",
    ),
    (
        "roles-without-wide-policies",
        "aws:iam/role:Role",
        {"managedPolicyArns": [f"{MANAGED}/PowerUserAccess"]},
        "PowerUserAccess",
    ),
    ("encrypted-with-our-key", RDS, {**INSTANCE, "kmsKeyId": OTHER_KEY}, "a key of eu-central-1"),
    ("encrypted-with-our-key", "aws:sns/topic:Topic", {"region": REGION}, "kms_master_key_id"),
    ("encrypted-with-our-key", SECRET, {"region": REGION, "name": "holdfast/t1/x"}, "kms_key_id"),
    ("encrypted-with-our-key", "aws:sqs/queue:Queue", {"region": REGION}, "kms_master_key_id"),
    (
        "encrypted-with-our-key",
        "aws:cloudwatch/logGroup:LogGroup",
        {"region": REGION, "kmsKeyId": ""},
        "kms_key_id",
    ),
    ("keys-last", "aws:kms/key:Key", {"deletionWindowInDays": 30}, "never renewed"),
    (
        "keys-last",
        "aws:kms/key:Key",
        {"enableKeyRotation": True, "deletionWindowInDays": 7},
        "gone 7 days after",
    ),
    ("files-encrypted", "aws:efs/fileSystem:FileSystem", {}, "not encrypted"),
    (
        "logs-encrypted-on-their-way",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        {},
        "in the clear",
    ),
    (
        "listeners-over-tls",
        "aws:lb/listener:Listener",
        {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-2016-08"},
        "old TLS (ELBSecurityPolicy-2016-08)",
    ),
    (
        "listeners-over-tls",
        "aws:lb/listener:Listener",
        {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06"},
        "old TLS",
    ),
    (
        "listeners-over-tls",
        "aws:lb/listener:Listener",
        {"protocol": "HTTP", "defaultActions": [{"type": "forward"}]},
        "without TLS",
    ),
    (
        "databases-over-tls",
        "aws:rds/parameterGroup:ParameterGroup",
        {"family": "postgres16", "parameters": [{"name": "rds.force_ssl", "value": "0"}]},
        "rds.force_ssl",
    ),
    ("checks-over-tls", "aws:route53/healthCheck:HealthCheck", {"type": "HTTP"}, "without TLS"),
    ("tagged", RDS, {**INSTANCE, "tags": {}}, "no tag holdfast:zone"),
    ("tagged", RDS, {**INSTANCE, "tags": {**TAGS, "holdfast:zone": "t2"}}, "holdfast:zone = t2"),
    ("tagged", RDS, {**INSTANCE, "tags": {**TAGS, "holdfast:site": "away"}}, "give it home"),
    ("tagged", "aws:new/thing:Thing", {"region": REGION}, "no tag holdfast:zone"),
    ("in-its-regions", RDS, {**INSTANCE, "region": "us-east-1"}, "us-east-1"),
    ("in-its-regions", RDS, {**INSTANCE, "region": "eu-west-3"}, "where the zone has nothing"),
    ("in-its-regions", S3, {}, "does not say its region"),
    ("reachable-when-needed", "pulumi:pulumi:StackReference", {}, "state of another stack"),
    ("reachable-when-needed", "aws:cloudfront/distribution:Distribution", {}, "us-east-1"),
    (
        "names-answer-by-themselves",
        "aws:route53/record:Record",
        {"aliases": [{"name": "one.balancer"}]},
        "always leads to one.balancer",
    ),
]


def one(kind: str, properties: Mapping[str, Any], *, protected: bool = True) -> Resource:
    return Resource(
        kind, "t1-thing", f"urn:pulumi:t1::holdfast::{kind}::t1-thing", properties, protected
    )


@pytest.mark.parametrize(("rule", "kind", "properties"), RIGHT)
def test_what_is_right_passes(
    judged: Judged, rule: str, kind: str, properties: Mapping[str, Any]
) -> None:
    assert judged(rule, one(kind, properties)) == []


@pytest.mark.parametrize(("rule", "kind", "properties", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_name(
    judged: Judged, rule: str, kind: str, properties: Mapping[str, Any], said: str
) -> None:
    sentences = judged(rule, one(kind, properties))
    assert all(sentence.startswith("t1-thing: ") for sentence in sentences)
    assert said in "\n".join(sentences)


@pytest.mark.parametrize("rule", ["kept-is-protected", "files-are-protected"])
def test_what_must_not_go_is_protected(judged: Judged, rule: str) -> None:
    kind, properties = (RDS, INSTANCE) if rule == "kept-is-protected" else (S3, {"tags": DAILY})
    [sentence] = judged(rule, one(kind, properties, protected=False))
    assert "give it the option protect" in sentence


def test_every_rule_over_a_resource_has_something_that_passes_and_something_that_fails() -> None:
    names = {rule.name for rule in RULES if isinstance(rule, ResourceRule)}
    assert {name for name, *_ in RIGHT} == names
    assert {name for name, *_ in WRONG} | {"kept-is-protected"} == names


def test_no_rule_complains_of_what_is_not_known_yet(declared: Declared) -> None:
    everything = {name: UNKNOWN for *_, properties in RIGHT for name in properties}
    unknown = [one(kind, everything) for kind in sorted({kind for _, kind, _ in RIGHT})]
    said = [
        f"{rule.name}: {found}"
        for rule in RULES
        if isinstance(rule, ResourceRule)
        for resource in unknown
        for found in judge.of_resource(rule, resource, declared)
    ]
    assert said == []
