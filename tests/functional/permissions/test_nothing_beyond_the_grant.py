"""What no step and no look declares is denied, and so is what belongs to another zone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cloud.failures import Denied, Rejected
from continuity import naming
from failover.readiness import look
from failover.readiness.judge import judge
from simulator.attempt import NotSimulated

Zone = Any  # the fixture of conftest.py, which no test can import


@pytest.fixture(autouse=True)
def _as_the_failover_role(zone: Zone) -> Iterator[None]:
    zone.may_all()
    yield
    zone.signed_in("failover")


def change(zone: Zone, service: str, operation: str, **arguments: object) -> None:
    zone.cloud.at(zone.away.region).change(service, operation, **arguments)


def outside(zone: Zone) -> dict[str, tuple[str, str, dict[str, object]]]:
    mine = zone.manifest.databases[0].members[zone.manifest.standby].identifier
    latch, group = zone.away.latch, zone.away.database_security_group
    return {
        "rds:DeleteDBInstance": (
            "rds", "DeleteDBInstance", {"DBInstanceIdentifier": mine, "SkipFinalSnapshot": True}),
        "rds:StopDBInstance": ("rds", "StopDBInstance", {"DBInstanceIdentifier": mine}),
        "s3:DeleteObject": (
            "s3", "DeleteObject", {"Bucket": latch.bucket, "Key": latch.warrant_key}),
        "ec2:AuthorizeSecurityGroupIngress": (
            "ec2", "AuthorizeSecurityGroupIngress", {"GroupId": group, "IpPermissions": []}),
        "kms:DisableKey": ("kms", "DisableKey", {"KeyId": zone.away.key_arn}),
        "dynamodb:DeleteItem": (
            "dynamodb", "DeleteItem",
            {"TableName": zone.away.journal_table, "Key": {"run": {"S": "x"}}}),
        "iam:DeleteRole": ("iam", "DeleteRole", {"RoleName": naming.role("sa1", "failover")}),
        "ecs:DeleteCluster": ("ecs", "DeleteCluster", {"cluster": zone.away.hosting.cluster}),
    }  # fmt: skip


OUTSIDE = (
    "rds:DeleteDBInstance",
    "rds:StopDBInstance",
    "s3:DeleteObject",
    "ec2:AuthorizeSecurityGroupIngress",
    "kms:DisableKey",
    "dynamodb:DeleteItem",
    "iam:DeleteRole",
    "ecs:DeleteCluster",
)


@pytest.mark.parametrize("action", OUTSIDE)
def test_what_nobody_declares_is_denied(zone: Zone, action: str) -> None:
    service, operation, arguments = outside(zone)[action]
    with pytest.raises(Denied, match=f"may not {action}"):
        change(zone, service, operation, **arguments)


def test_a_database_of_another_zone_is_out_of_reach(zone: Zone) -> None:
    with pytest.raises(Denied, match=r"on resource: arn:aws:rds:us-east-2:\d+:db:we1-orders"):
        change(zone, "rds", "PromoteReadReplica", DBInstanceIdentifier="we1-orders-home-1")


def test_a_group_of_parameters_of_another_zone_is_out_of_reach_too(zone: Zone) -> None:
    mine = zone.manifest.databases[0].members[zone.manifest.standby].identifier
    with pytest.raises(Denied, match=r"on resource: arn:aws:rds:us-east-2:\d+:pg:we1-orders"):
        change(
            zone,
            "rds",
            "ModifyDBInstance",
            DBInstanceIdentifier=mine,
            DBParameterGroupName="we1-orders",
        )


def test_a_snapshot_of_another_zone_is_out_of_reach_and_a_tagged_one_is_not(zone: Zone) -> None:
    mine = zone.manifest.databases[0].members[zone.manifest.standby].identifier
    owners = {"by-hand": zone.manifest.zone, "we1-orders-by-hand": "we1"}
    with zone.world.instantly():
        for name, owner in owners.items():
            zone.aws("rds").create_db_snapshot(
                DBInstanceIdentifier=mine,
                DBSnapshotIdentifier=name,
                Tags=[{"Key": naming.TAG_ZONE, "Value": owner}],
            )
    for name, refusal in {"by-hand": Rejected, "we1-orders-by-hand": Denied}.items():
        with pytest.raises(refusal):
            change(
                zone,
                "rds",
                "RestoreDBInstanceFromDBSnapshot",
                DBInstanceIdentifier=mine,
                DBSnapshotIdentifier=name,
            )


def test_another_object_in_the_latch_bucket_is_out_of_reach(zone: Zone) -> None:
    with pytest.raises(Denied, match="latch/open/elsewhere"):
        change(zone, "s3", "PutObject", Bucket=zone.away.latch.bucket, Key="open/elsewhere")


def test_a_denied_call_changes_nothing_and_is_written_down_as_denied(zone: Zone) -> None:
    before = len(zone.world.calls)
    with pytest.raises(Denied):
        change(zone, "kms", "DisableKey", KeyId=zone.away.key_arn)
    [call] = list(zone.world.calls)[before:]
    assert (call.outcome, call.effect) == ("denied", False)
    state = zone.aws("kms").describe_key(KeyId=zone.away.key_arn)["KeyMetadata"]["KeyState"]
    assert state == "Enabled"


def test_the_readiness_role_may_look_at_everything_and_change_nothing(zone: Zone) -> None:
    cloud = zone.signed_in("readiness")
    found = judge(look.take(cloud, zone.manifest))
    assert {one.name for one in found.findings} & {"unreadable", "permission-missing"} == set()
    assert found.looked_at > 40
    latch = zone.away.latch
    with pytest.raises(Denied, match="holdfast-sa1-readiness may not s3:PutObject"):
        cloud.at(zone.away.region).change(
            "s3", "PutObject", Bucket=latch.bucket, Key=latch.open_key
        )


def test_what_readiness_may_not_read_is_a_finding_that_names_the_right(zone: Zone) -> None:
    cloud = zone.signed_in("readiness")
    zone.may([], "readiness")
    found = judge(look.take(cloud, zone.manifest))
    zone.may_all("readiness")
    unread = {one.subject: one.what for one in found.findings if one.name == "unreadable"}
    assert "holdfast-sa1-readiness may not rds:DescribeDBInstances" in unread["standby instances"]
    assert "may not route53:GetHealthCheck" in unread["checks home not closed"]
    assert not found.ready


def test_an_operation_of_which_nobody_knows_what_iam_asks_is_a_gap_and_no_verdict(
    zone: Zone,
) -> None:
    names = {"RoleName": naming.role("sa1", "failover"), "PolicyName": "more"}
    row = {"Effect": "Allow", "Action": "rds:CopyDBParameterGroup", "Resource": "arn:aws:rds:*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [row]})
    zone.aws("iam").put_role_policy(**names, PolicyDocument=text)
    copy = {
        "SourceDBParameterGroupIdentifier": "sa1-orders",
        "TargetDBParameterGroupIdentifier": "other",
        "TargetDBParameterGroupDescription": "x",
    }
    try:
        with pytest.raises(NotSimulated, match=r"rds\.CopyDBParameterGroup"):
            change(zone, "rds", "CopyDBParameterGroup", **copy)
    finally:
        zone.aws("iam").delete_role_policy(**names)


def test_the_account_itself_may_everything_and_so_may_the_simulator(zone: Zone) -> None:
    assert zone.aws("rds").describe_db_instances()["DBInstances"]
