"""Answers that are kept are the answers that AWS would give: one story, told with and without."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from moto.rds.models import rds_backends

from cloud.clients import Clients
from cloud.door import Cloud, Door
from drill.functions import OneByOne
from simulator import inside
from simulator.attempt import NotSimulated
from simulator.faults import Fault, FaultKind
from simulator.repeated_answers import repeated
from simulator.short_wire import ShortWire
from simulator.world import World

REGION = "eu-west-1"
Ask = Callable[..., Any]
Around = Callable[[World], AbstractContextManager[None]]


def _told(around: Around) -> Iterator[object]:
    """Change things, and ask twice after each change."""
    world = World(seed=5)
    with world, around(world):
        door = Cloud(world.clock, OneByOne(), clients=Clients()).at(REGION)
        names = _made(door)
        for change in _changes(door, names):
            change()
            for _ in range(2):
                yield from _asked(door, names)
            world.clock.sleep(1800.0)
            yield from _asked(door, names)
        yield from _in_trouble(world, door)
        yield [replace(call, parameters={}) for call in world.calls]


def _in_trouble(world: World, door: Door) -> Iterator[object]:
    """Ask while AWS will not, cannot or does not answer, and change what cannot be changed."""
    for kind in (FaultKind.THROTTLE, FaultKind.SERVER_ERRORS, FaultKind.LOST_REPLY):
        for service, operation, arguments in (
            ("rds", "DescribeDBInstances", {}),
            ("dynamodb", "BatchGetItem", {"RequestItems": {"control": {"Keys": _KEYS}}}),
            ("dynamodb", "GetItem", {"TableName": "control", "Key": {"name": {"S": "lease"}}}),
            ("backup", "ListLegalHolds", {}),
            ("cloudwatch", "DescribeAlarms", {}),
        ):
            fault = Fault(kind, 0.0, service=service, times=1)
            world.faults.schedule([fault], origin=world.clock.monotonic())
            yield _answer(door.read, service, operation, arguments)
    for service, operation, arguments in (
        ("rds", "DeleteDBSnapshot", {"DBSnapshotIdentifier": "nobody's"}),
        ("backup", "DeleteBackupVault", {"BackupVaultName": "nobody's"}),
        ("dynamodb", "DescribeTable", {"TableName": "nobodys"}),
        ("kms", "DescribeKey", {"KeyId": "nobody's"}),
        ("cloudwatch", "PutMetricData", {"Namespace": "Own", "MetricData": _NUMBERS}),
        ("cloudwatch", "PutMetricData", {"Namespace": "Own", "MetricData": "none"}),
        ("cloudwatch", "GetMetricStatistics", _ASKED),
    ):
        yield _answer(door.change, service, operation, arguments)


_KEYS = [{"name": {"S": "hold"}}]
_MOMENT = datetime(2026, 3, 3, 9, 0, 0, 250_000, tzinfo=UTC)
_NUMBERS = [
    {
        "MetricName": "a & b",
        "Value": 1.5,
        "Dimensions": [{"Name": "é", "Value": "x=y"}],
        "Timestamp": _MOMENT,
    }
]


_ASKED = {
    "Namespace": "Own",
    "MetricName": "a & b",
    "Dimensions": [{"Name": "é", "Value": "x=y"}],
    "StartTime": _MOMENT - timedelta(hours=1),
    "EndTime": _MOMENT + timedelta(hours=1),
    "Period": 60,
    "Statistics": ["Sum"],
}


def _made(door: Door) -> dict[str, str]:
    key = door.change("kms", "CreateKey")["KeyMetadata"]["KeyId"]
    door.change("backup", "CreateBackupVault", BackupVaultName="vault")
    door.change(
        "dynamodb",
        "CreateTable",
        TableName="control",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    place = {"LocationConstraint": REGION}
    door.change("s3", "CreateBucket", Bucket="manifests", CreateBucketConfiguration=place)
    door.change("s3", "PutObject", Bucket="manifests", Key="zone", Body=b"{}")
    door.change(
        "rds",
        "CreateDBInstance",
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.r7g.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="holdfast",
        MasterUserPassword="not-a-secret",
        Tags=[{"Key": f"tag-{number}", "Value": "long " * 9} for number in range(20)],
    )
    door.change(
        "cloudwatch",
        "PutMetricAlarm",
        AlarmName="many",
        Namespace="Own",
        MetricName="errors",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    door.clock.sleep(3600.0)
    return {"key": key}


def _changes(door: Door, names: dict[str, str]) -> Iterator[Callable[[], object]]:
    taken = {"DBInstanceIdentifier": "orders", "Tags": [{"Key": "why", "Value": "<this & that>"}]}
    item = {"name": {"S": "hold"}, "since": {"N": "1"}, "deep": {"M": {"a": {"S": "b"}}}}
    yield lambda: door.change("rds", "CreateDBSnapshot", DBSnapshotIdentifier="first", **taken)
    yield lambda: door.change("dynamodb", "PutItem", TableName="control", Item=item)
    yield lambda: door.change("rds", "CreateDBSnapshot", DBSnapshotIdentifier="second", **taken)
    yield lambda: door.change(
        "dynamodb",
        "UpdateItem",
        TableName="control",
        Key={"name": {"S": "hold"}},
        UpdateExpression="SET deep.a = :other",
        ExpressionAttributeValues={":other": {"S": "c"}},
    )
    yield lambda: door.change(
        "rds",
        "AddTagsToResource",
        ResourceName=f"arn:aws:rds:{REGION}:123456789012:snapshot:first",
        Tags=[{"Key": "proven", "Value": "2026"}],
    )
    yield lambda: door.change(
        "rds",
        "ModifyDBInstance",
        DBInstanceIdentifier="orders",
        BackupRetentionPeriod=5,
        ApplyImmediately=True,
    )
    yield lambda: door.change("kms", "DisableKey", KeyId=names["key"])
    yield lambda: door.change("s3", "PutObject", Bucket="manifests", Key="zone", Body=b"[]")
    yield lambda: door.change("rds", "DeleteDBSnapshot", DBSnapshotIdentifier="first")
    yield lambda: door.cloud.at("eu-central-1").change(
        "rds",
        "CopyDBSnapshot",
        SourceDBSnapshotIdentifier=f"arn:aws:rds:{REGION}:123456789012:snapshot:second",
        TargetDBSnapshotIdentifier="copied",
        SourceRegion=REGION,
        Tags=taken["Tags"],
    )
    yield from _changes_of_plain_items(door)
    numbers = [{"MetricName": "errors", "Value": 3.0}]
    yield lambda: door.change("cloudwatch", "PutMetricData", Namespace="Own", MetricData=numbers)
    yield lambda: door.change("cloudwatch", "DisableAlarmActions", AlarmNames=["many"])
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    yield lambda: door.change(
        "s3",
        "PutBucketLifecycleConfiguration",
        Bucket="manifests",
        LifecycleConfiguration={"Rules": [rule]},
    )


def _changes_of_plain_items(door: Door) -> Iterator[Callable[[], object]]:
    """Yield changes of items that have nothing but texts and numbers, as evidence has."""
    for name, told in (("proof:a", 'said "é"'), ("proof:b", "x"), ("lease", "1")):
        item = {"name": {"S": name}, "tried:1": {"S": told}, "count": {"N": "7"}}
        yield partial(door.change, "dynamodb", "PutItem", TableName="control", Item=item)
    for number in (2, 3):
        yield partial(
            door.change,
            "dynamodb",
            "UpdateItem",
            TableName="control",
            Key={"name": {"S": "proof:a"}},
            UpdateExpression="SET #new = :body REMOVE #old",
            ConditionExpression="attribute_not_exists(#new)",
            ExpressionAttributeNames={"#new": f"tried:{number}", "#old": f"tried:{number - 1}"},
            ExpressionAttributeValues={":body": {"S": "more " * number}},
        )
    key = {"name": {"S": "proof:b"}}
    yield partial(door.change, "dynamodb", "DeleteItem", TableName="control", Key=key)


def _asked(door: Door, names: dict[str, str]) -> Iterator[object]:
    hold = {"name": {"S": "hold"}}
    lease = {"name": {"S": "lease"}}
    wanted = {"control": {"Keys": [hold, lease]}}
    proofs = [{"name": {"S": name}} for name in ("proof:b", "proof:a", "nobody's")]
    plain = {"control": {"Keys": proofs, "ConsistentRead": True}}
    for service, operation, arguments in (
        ("rds", "DescribeDBSnapshots", {"MaxRecords": 100}),
        ("rds", "DescribeDBSnapshots", {"DBSnapshotIdentifier": "second"}),
        ("rds", "DescribeDBInstances", {}),
        ("dynamodb", "GetItem", {"TableName": "control", "Key": hold}),
        ("dynamodb", "BatchGetItem", {"RequestItems": wanted}),
        ("dynamodb", "GetItem", {"TableName": "control", "Key": lease, "ConsistentRead": True}),
        ("dynamodb", "BatchGetItem", {"RequestItems": plain}),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"control": {"Keys": proofs[1:2]}}}),
        ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["many", "none"], "MaxRecords": 100}),
        ("kms", "DescribeKey", {"KeyId": names["key"]}),
        ("backup", "ListCopyJobs", {"ByState": "RUNNING"}),
        ("backup", "ListRecoveryPointsByBackupVault", {"BackupVaultName": "vault"}),
        ("s3", "GetObject", {"Bucket": "manifests", "Key": "zone"}),
        ("s3", "ListObjectsV2", {"Bucket": "manifests", "Prefix": "z"}),
        ("s3", "ListObjectVersions", {"Bucket": "manifests"}),
        ("s3", "GetBucketLifecycleConfiguration", {"Bucket": "manifests"}),
        ("backup", "ListRestoreJobs", {"ByResourceType": "S3"}),
        ("backup", "ListBackupPlans", {}),
        ("cloudwatch", "DescribeAlarms", {}),
    ):
        yield _answer(door.read, service, operation, arguments)


def _answer(ask: Ask, service: str, operation: str, arguments: Mapping[str, Any]) -> object:
    """Return what is answered: the reply without its headers, or how it is refused."""
    try:
        reply = ask(service, operation, **arguments)
    except Exception as error:  # noqa: BLE001 - what is refused must be refused alike
        return operation, type(error), str(error)
    return operation, {key: one for key, one in reply.items() if key != "ResponseMetadata"}


@pytest.fixture(scope="module")
def plain() -> list[object]:
    return list(_told(lambda _: nullcontext()))


def test_what_is_answered_once_more_is_what_would_be_answered(plain: list[object]) -> None:
    kept = list(_told(repeated))
    assert len(kept) == len(plain) > 200
    for one, other in zip(kept, plain, strict=True):
        assert one == other


def test_what_changes_while_a_question_is_on_its_way_is_in_the_answer() -> None:
    world = World(seed=5)
    with world, repeated(world):
        door = Cloud(world.clock, OneByOne(), clients=Clients()).at(REGION)
        _made(door)
        taken = {"DBInstanceIdentifier": "orders", "DBSnapshotIdentifier": "first"}
        door.change("rds", "CreateDBSnapshot", **taken)
        world.clock.sleep(3600.0)
        snapshot = rds_backends[inside.ACCOUNT][REGION].database_snapshots["first"]
        for number in "1", "2", "3":
            tags = [{"Key": "marked", "Value": number}]
            door.read("rds", "DescribeDBSnapshots", MaxRecords=100)
            world.clock.at(0.001, partial(setattr, snapshot, "tags", tags))
            found = door.read("rds", "DescribeDBSnapshots", MaxRecords=100)["DBSnapshots"]
            told = [one["TagList"] for one in found if one["DBSnapshotIdentifier"] == "first"]
            assert told == [tags]


def test_an_answer_that_is_kept_bears_the_moment_of_its_call() -> None:
    world = World(seed=5, start=datetime(2026, 1, 1, 12, tzinfo=UTC))
    with world, repeated(world):
        door = Cloud(world.clock, OneByOne(), clients=Clients()).at(REGION)
        names = _made(door)
        for _ in range(3):
            door.read("kms", "DescribeKey", KeyId=names["key"])
            world.clock.sleep(3600.0)
        assert abs((door.clock.now() - world.clock.now()).total_seconds()) < 5
        told = door.read("kms", "DescribeKey", KeyId=names["key"])["ResponseMetadata"]
        assert told["HTTPHeaders"]["date"] == world.clock.now().strftime(
            "%a, %d %b %Y %H:%M:%S GMT"
        )


def test_what_botocore_makes_more_of_than_http_goes_the_long_way() -> None:
    world = World(seed=5)
    with world, repeated(world):
        clients, wire = Clients(credentials=("AKIAIOSFODNN7EXAMPLE", "", "")), ShortWire()
        taken = {
            operation
            for service, operation in (
                ("rds", "CopyDBSnapshot"),
                ("rds", "DeleteDBSnapshot"),
                ("backup", "StartRestoreJob"),
                ("dynamodb", "UpdateItem"),
                ("cloudwatch", "PutMetricData"),
                ("s3", "GetObject"),  # is answered with a stream
            )
            if wire.takes(clients.of(service, REGION), operation)
        }
    assert taken == {
        "CopyDBSnapshot",
        "DeleteDBSnapshot",
        "StartRestoreJob",
        "UpdateItem",
        "PutMetricData",
    }


def test_what_moto_lacks_is_told_as_a_gap_of_the_simulation() -> None:
    world = World(seed=5)
    with world, repeated(world):
        door = Cloud(world.clock, OneByOne(), clients=Clients()).at(REGION)
        with pytest.raises(NotSimulated, match="ListFrameworks"):
            door.read("backup", "ListFrameworks")
