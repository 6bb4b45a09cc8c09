"""Health checks: in plain moto (`corrected=False`) and on the world's clock."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import health_checks
from simulator.backstage import client
from simulator.faults import Fault, FaultKind
from simulator.world import World

REGION = "eu-central-1"
BUCKET = "latch-of-away"
KEY = "open/away"
ASKING = {
    "Type": "HTTPS",
    "FullyQualifiedDomainName": f"{BUCKET}.s3.{REGION}.amazonaws.com",
    "ResourcePath": f"/{KEY}",
    "RequestInterval": 10,
    "FailureThreshold": 3,
}
READABLE = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/open/*",
}


def make_bucket(*, statement: dict[str, Any] = READABLE, region: str = REGION) -> Any:  # noqa: ANN401 - a boto3 client
    s3 = client("s3", region)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_public_access_block(
        Bucket=BUCKET,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    return s3


def make_check(reference: str = "r", **settings: object) -> dict[str, Any]:
    made: dict[str, Any] = client("route53", "us-east-1").create_health_check(
        CallerReference=reference, HealthCheckConfig=ASKING | settings
    )["HealthCheck"]
    return made


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def test_moto_never_asks_and_calls_every_check_a_success() -> None:
    def verdict(*, corrected: bool) -> str:
        with World(seed=1, corrected=corrected) as world:
            check = make_check()
            world.clock.sleep(60)
            seen = client("route53", "us-east-1").get_health_check_status(HealthCheckId=check["Id"])
            return str(seen["HealthCheckObservations"][0]["StatusReport"]["Status"])

    assert verdict(corrected=False).startswith("Success")
    assert verdict(corrected=True) == "Failure: HTTP Status Code 404, Not Found"


def test_a_new_check_is_healthy_until_three_answers_say_otherwise(world: World) -> None:
    check = make_check()["Id"]

    world.clock.sleep(29)
    assert health_checks.is_healthy(world, check)
    world.clock.sleep(2)
    assert not health_checks.is_healthy(world, check)


def test_a_new_inverted_check_is_unhealthy_until_there_is_enough_data(world: World) -> None:
    check = make_check(Inverted=True)["Id"]

    world.clock.sleep(29)
    assert not health_checks.is_healthy(world, check)
    world.clock.sleep(2)
    assert health_checks.is_healthy(world, check)


def test_an_object_makes_its_check_healthy_after_interval_times_threshold(world: World) -> None:
    s3, check = make_bucket(), make_check()["Id"]
    world.clock.sleep(61)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")

    world.clock.sleep(28)
    assert not health_checks.is_healthy(world, check)
    world.clock.sleep(2)
    assert health_checks.is_healthy(world, check)


def test_an_answer_that_comes_and_goes_flips_nothing(world: World) -> None:
    s3, check = make_bucket(), make_check()["Id"]
    world.clock.sleep(60)
    for _ in range(6):
        s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")
        world.clock.sleep(20)
        s3.delete_object(Bucket=BUCKET, Key=KEY)
        world.clock.sleep(10)
        assert not health_checks.is_healthy(world, check)


@pytest.mark.parametrize(
    ("settings", "healthy"),
    [({"Disabled": True}, True), ({"Disabled": True, "Inverted": True}, False)],
)
def test_a_disabled_check_asks_nobody_and_counts_as_healthy_before_inversion(
    world: World, settings: dict[str, object], healthy: bool
) -> None:
    check = make_check(**settings)["Id"]

    world.clock.sleep(600)

    assert health_checks.is_healthy(world, check) is healthy


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (READABLE, 200),
        (READABLE | {"Resource": f"arn:aws:s3:::{BUCKET}/closed/*"}, 403),
        (READABLE | {"Action": "s3:ListBucket"}, 403),
        (READABLE | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, 403),
        (READABLE | {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, 403),
    ],
)
def test_the_bucket_policy_decides_what_checkers_read(
    world: World, statement: dict[str, Any], code: int
) -> None:
    make_bucket(statement=statement).put_object(Bucket=BUCKET, Key=KEY, Body=b"")

    assert answer_of(world) == code


def test_checkers_are_refused_where_public_buckets_are_restricted(world: World) -> None:
    s3 = make_bucket()
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")
    s3.put_public_access_block(
        Bucket=BUCKET,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": False,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": True,
        },
    )

    assert answer_of(world) == 403


def test_checkers_cannot_read_under_a_key(world: World) -> None:
    make_bucket().put_object(Bucket=BUCKET, Key=KEY, Body=b"", ServerSideEncryption="aws:kms")

    assert answer_of(world) == 403


def test_the_wrong_regions_address_redirects_which_is_a_success(world: World) -> None:
    make_bucket(region="eu-west-1")

    assert answer_of(world) == 301


def test_a_lost_region_answers_nobody(world: World) -> None:
    make_bucket().put_object(Bucket=BUCKET, Key=KEY, Body=b"")
    check = make_check()["Id"]
    world.faults.schedule([Fault(FaultKind.REGION_LOST, 100, region=REGION, lasts_s=300)], 0)

    world.clock.sleep(95)
    assert health_checks.is_healthy(world, check)
    world.clock.sleep(36)
    assert not health_checks.is_healthy(world, check)
    world.clock.sleep(300)
    assert health_checks.is_healthy(world, check)


def test_a_check_of_any_other_host_asks_the_worlds_prober(world: World) -> None:
    answering = {"platform.example.com"}
    health_checks.PROBER.give(world, lambda host, _path: host in answering)
    check = make_check(FullyQualifiedDomainName="platform.example.com", ResourcePath="/")["Id"]

    world.clock.sleep(60)
    assert health_checks.is_healthy(world, check)
    answering.clear()
    world.clock.sleep(31)
    assert not health_checks.is_healthy(world, check)


def test_a_calculated_check_counts_its_children(world: World) -> None:
    up = make_check("up", Disabled=True)["Id"]
    down = make_check("down", Disabled=True, Inverted=True)["Id"]

    def parent(threshold: int) -> str:
        made = client("route53", "us-east-1").create_health_check(
            CallerReference=f"parent-{threshold}",
            HealthCheckConfig={
                "Type": "CALCULATED",
                "ChildHealthChecks": [up, down],
                "HealthThreshold": threshold,
            },
        )
        return str(made["HealthCheck"]["Id"])

    assert health_checks.is_healthy(world, parent(1))
    assert not health_checks.is_healthy(world, parent(2))


def test_a_check_of_an_alarm_keeps_it_and_follows_it() -> None:
    asked = {"Region": REGION, "Name": "lag"}
    settings = {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": asked,
        "InsufficientDataHealthStatus": "Unhealthy",
    }

    def made() -> dict[str, Any]:
        answer: dict[str, Any] = client("route53", "us-east-1").create_health_check(
            CallerReference="alarm", HealthCheckConfig=settings
        )["HealthCheck"]
        return answer

    with World(seed=1, corrected=False):
        assert "AlarmIdentifier" not in made()["HealthCheckConfig"]
    with World(seed=1) as world:
        check = made()
        assert check["HealthCheckConfig"]["AlarmIdentifier"] == asked
        assert not health_checks.is_healthy(world, check["Id"])
        cloudwatch = client("cloudwatch", REGION)
        cloudwatch.put_metric_alarm(
            AlarmName="lag",
            Namespace="N",
            MetricName="M",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        cloudwatch.set_alarm_state(AlarmName="lag", StateValue="OK", StateReason="test")
        assert health_checks.is_healthy(world, check["Id"])


def test_versions_count_up_and_an_update_for_another_version_is_refused() -> None:
    def update(check: dict[str, Any], version: int) -> dict[str, Any]:
        answer: dict[str, Any] = client("route53", "us-east-1").update_health_check(
            HealthCheckId=check["Id"], HealthCheckVersion=version, FailureThreshold=5
        )["HealthCheck"]
        return answer

    with World(seed=1, corrected=False):
        assert update(make_check(), 7)["HealthCheckVersion"] == 1
    with World(seed=1):
        check = make_check()
        assert update(check, 1)["HealthCheckVersion"] == 2
        with pytest.raises(ClientError, match="HealthCheckVersionMismatch"):
            update(check, 1)


def test_a_caller_reference_makes_one_check_only() -> None:
    with World(seed=1, corrected=False):
        assert make_check()["Id"] != make_check()["Id"]
    with World(seed=1):
        assert make_check()["Id"] == make_check()["Id"]
        with pytest.raises(ClientError, match="HealthCheckAlreadyExists"):
            make_check(FailureThreshold=5)


def test_a_check_in_use_can_be_deleted_and_an_unknown_one_cannot(world: World) -> None:
    api, check = client("route53", "us-east-1"), make_check()["Id"]

    api.delete_health_check(HealthCheckId=check)

    assert not health_checks.is_healthy(world, check)
    with pytest.raises(ClientError, match="NoSuchHealthCheck"):
        api.delete_health_check(HealthCheckId=check)


def answer_of(world: World) -> int:
    make_check()
    found = client("route53", "us-east-1").list_health_checks()["HealthChecks"][0]["Id"]
    world.clock.sleep(11)
    seen = client("route53", "us-east-1").get_health_check_status(HealthCheckId=found)
    status = str(seen["HealthCheckObservations"][0]["StatusReport"]["Status"])
    return int(
        status.removeprefix("Success: ")
        .removeprefix("Failure: ")
        .removeprefix("HTTP Status Code ")[:3]
    )
