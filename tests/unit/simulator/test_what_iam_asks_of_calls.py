"""The action and the resource that IAM asks for, call by call: names are often not boto3's."""

from datetime import UTC, datetime

import pytest

from simulator.call_log import Call
from simulator.rights.asked import Asked
from simulator.rights.rules import action, asked

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
RDS = "arn:aws:rds:eu-west-1:123456789012"
ECS = "arn:aws:ecs:eu-west-1:123456789012"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/"


def call(service: str, operation: str, **parameters: object) -> Call:
    return Call(service, operation, "eu-west-1", NOW, parameters=parameters)


CASES: dict[str, tuple[Call, set[tuple[str, str]]]] = {
    "a listing is of its bucket": (
        call("s3", "ListObjectsV2", Bucket="b"), {("s3:ListBucket", "arn:aws:s3:::b")}),
    "a head is a get": (
        call("s3", "HeadObject", Bucket="b", Key="k/x"),
        {("s3:GetObject", "arn:aws:s3:::b/k/x")}),
    "a sweep asks for all databases of the account in its region": (
        call("rds", "DescribeDBInstances"), {("rds:DescribeDBInstances", f"{RDS}:db:*")}),
    "a sweep of snapshots asks for all of them": (
        call("rds", "DescribeDBSnapshots"), {("rds:DescribeDBSnapshots", f"{RDS}:snapshot:*")}),
    "a list of offers is about no resource": (
        call("rds", "DescribeOrderableDBInstanceOptions", Engine="postgres"),
        {("rds:DescribeOrderableDBInstanceOptions", "*")}),
    "alarms are asked for all at once": (
        call("cloudwatch", "DescribeAlarms", AlarmNames=["a"]),
        {("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*")}),
    "a schedule is named by its group and itself": (
        call("scheduler", "GetSchedule", GroupName="g", Name="n"),
        {
            (
                "scheduler:GetSchedule",
                "arn:aws:scheduler:eu-west-1:123456789012:schedule/g/n",
            )
        }),
    "whom a file system is copied to is asked of itself": (
        call("efs", "DescribeReplicationConfigurations", FileSystemId="fs-1"),
        {
            (
                "elasticfilesystem:DescribeReplicationConfigurations",
                "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",
            )
        }),
    "a quota is named by its service": (
        call("service-quotas", "GetServiceQuota", ServiceCode="fargate", QuotaCode="L-1"),
        {
            (
                "servicequotas:GetServiceQuota",
                "arn:aws:servicequotas:eu-west-1:123456789012:fargate/L-1",
            )
        }),
    "a mail asks for its sender's domain and for the set that it names": (
        call(
            "sesv2", "SendEmail", FromEmailAddress="Status <status@example.com>",
            ConfigurationSetName="we1-away-mail"),
        {
            ("ses:SendEmail", f"arn:aws:ses:eu-west-1:123456789012:{name}")
            for name in ("identity/example.com", "configuration-set/we1-away-mail")
        }),
    "a new legal hold has no name yet": (
        call("backup", "CreateLegalHold", Title="t"),
        {("backup:CreateLegalHold", "arn:aws:backup:eu-west-1:123456789012:legal-hold:*")}),
    "a change of a group asks for both": (
        call("rds", "ModifyDBInstance", DBInstanceIdentifier="a", DBParameterGroupName="g"),
        {("rds:ModifyDBInstance", f"{RDS}:db:a"), ("rds:ModifyDBInstance", f"{RDS}:pg:g")}),
    "a snapshot asks for the database and for itself": (
        call("rds", "CreateDBSnapshot", DBInstanceIdentifier="a", DBSnapshotIdentifier="s"),
        {("rds:CreateDBSnapshot", f"{RDS}:db:a"), ("rds:CreateDBSnapshot", f"{RDS}:snapshot:s")}),
    "tags and a key are asked for beside": (
        call(
            "rds", "CopyDBSnapshot", SourceDBSnapshotIdentifier="arn:aws:rds:x:1:snapshot:s",
            TargetDBSnapshotIdentifier="t", KmsKeyId=KEY, Tags=[{"Key": "a", "Value": "b"}]),
        {
            ("rds:CopyDBSnapshot", "arn:aws:rds:x:1:snapshot:s"),
            ("rds:CopyDBSnapshot", f"{RDS}:snapshot:t"),
            ("rds:AddTagsToResource", f"{RDS}:snapshot:t"),
            ("kms:CreateGrant", KEY),
            ("kms:DescribeKey", KEY),
        }),
    "a restore asks for every place it names": (
        call(
            "rds", "RestoreDBInstanceToPointInTime", TargetDBInstanceIdentifier="a",
            SourceDBInstanceAutomatedBackupsArn=f"{RDS}:auto-backup:ab-1",
            DBSubnetGroupName="n", DBParameterGroupName="g"),
        {
            ("rds:RestoreDBInstanceToPointInTime", f"{RDS}:{name}")
            for name in ("db:a", "auto-backup:ab-1", "subgrp:n", "pg:g")
        }),
    "a transaction asks for each of its items": (
        call("dynamodb", "TransactWriteItems", TransactItems=[
            {"ConditionCheck": {"TableName": "lease"}},
            {"Put": {"TableName": "journal"}},
            {"Put": {"TableName": "journal"}},
        ]),
        {
            ("dynamodb:ConditionCheckItem", f"{TABLE}lease"),
            ("dynamodb:PutItem", f"{TABLE}journal"),
        }),
    "a service is named within its cluster": (
        call("ecs", "DescribeServices", cluster="c", services=["a"]),
        {("ecs:DescribeServices", f"{ECS}:service/c/a")}),
    "a task definition passes its roles on": (
        call("ecs", "RegisterTaskDefinition", family="f", taskRoleArn="arn:r"),
        {
            ("ecs:RegisterTaskDefinition", f"{ECS}:task-definition/f:1"),
            ("iam:PassRole", "arn:r"),
        }),
    "Route 53 knows neither region nor account": (
        call("route53", "ListResourceRecordSets", HostedZoneId="/hostedzone/Z1"),
        {("route53:ListResourceRecordSets", "arn:aws:route53:::hostedzone/Z1")}),
    "who one is, is told to everybody": (call("sts", "GetCallerIdentity"), set()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_iam_asks(case: str) -> None:
    made, wanted = CASES[case]
    assert set(asked(made) or ()) == {Asked(*pair) for pair in wanted}


def test_what_no_rule_knows_is_not_guessed() -> None:
    assert asked(call("rds", "CopyDBParameterGroup")) is None


def test_services_have_other_names_in_iam() -> None:
    assert action(call("elbv2", "DescribeLoadBalancers")) == (
        "elasticloadbalancing:DescribeLoadBalancers"
    )
    assert action(call("rds", "DescribeEvents")) == "rds:DescribeEvents"
