"""Checks that search a text, and checks that count others: in plain moto and in this world."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator import health_checks
from simulator.backstage import client
from simulator.faults import Fault, FaultKind
from simulator.world import World

REGION, BUCKET, KEY = "eu-central-1", "latch-of-away", "warrant/home"
SAID = "this site may serve"


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def make_check(name: str, **settings: object) -> str:
    made = client("route53", "us-east-1").create_health_check(
        CallerReference=name, HealthCheckConfig=settings
    )
    return str(made["HealthCheck"]["Id"])


def make_warrant_check(name: str = "warrant", **more: object) -> str:
    return make_check(
        name,
        Type="HTTPS_STR_MATCH",
        FullyQualifiedDomainName=f"{BUCKET}.s3.{REGION}.amazonaws.com",
        ResourcePath=f"/{KEY}",
        SearchString=SAID,
        RequestInterval=10,
        FailureThreshold=3,
        **more,
    )


def put(text: str) -> Any:  # noqa: ANN401 - a boto3 client
    """Write the warrant into a bucket that anybody may read."""
    s3 = client("s3", REGION)
    if not s3.list_buckets()["Buckets"]:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        flags = (
            "BlockPublicAcls",
            "IgnorePublicAcls",
            "BlockPublicPolicy",
            "RestrictPublicBuckets",
        )
        s3.put_public_access_block(
            Bucket=BUCKET,
            PublicAccessBlockConfiguration=dict.fromkeys((*flags, "RestrictPublicBuckets"), False),
        )
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=text.encode())
    return s3


def test_moto_asks_nobody_whether_a_text_is_there() -> None:
    def told(*, corrected: bool) -> str:
        with World(seed=1, corrected=corrected) as world:
            put("revoked")
            check = make_warrant_check()
            world.clock.sleep(60)
            seen = client("route53", "us-east-1").get_health_check_status(HealthCheckId=check)
            return str(seen["HealthCheckObservations"][0]["StatusReport"]["Status"])

    assert told(corrected=False).startswith("Success")
    assert told(corrected=True) == "Failure: HTTP Status Code 200, search string not found"


def test_a_text_decides_after_three_equal_answers(world: World) -> None:
    put(f"holdfast: {SAID}")
    check = make_warrant_check()
    world.clock.sleep(60)
    assert health_checks.is_healthy(world, check)
    put("revoked")
    world.clock.sleep(15)
    assert health_checks.is_healthy(world, check)
    world.clock.sleep(20)
    assert not health_checks.is_healthy(world, check)


@pytest.mark.parametrize("text", [SAID.upper(), "x" * 5120 + SAID, "x" * 5110 + SAID, ""])
def test_a_text_counts_as_it_is_written_and_in_the_first_5120_bytes_only(
    world: World, text: str
) -> None:
    put(text)
    check = make_warrant_check()
    world.clock.sleep(60)
    assert not health_checks.is_healthy(world, check)


def test_a_text_that_nobody_can_read_is_not_there(world: World) -> None:
    s3 = put(SAID)
    check = make_warrant_check()
    s3.delete_object(Bucket=BUCKET, Key=KEY)
    world.clock.sleep(60)
    assert not health_checks.is_healthy(world, check)


def test_a_lost_region_takes_its_warrant_away_and_brings_it_back(world: World) -> None:
    put(SAID)
    check = make_warrant_check()
    lost = Fault(FaultKind.REGION_LOST, 60, region=REGION, lasts_s=60)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    seen = []
    for _ in range(3):
        world.clock.sleep(55)
        seen.append(health_checks.is_healthy(world, check))
    assert seen == [True, False, True]


def test_a_calculated_check_hears_inverted_and_disabled_children_as_they_count(
    world: World,
) -> None:
    put("revoked")
    plain = make_warrant_check("plain")
    inverted = make_warrant_check("inverted", Inverted=True)
    disabled = make_warrant_check("disabled", Disabled=True)
    world.clock.sleep(60)
    counted = {
        wanted: make_check(
            f"at least {wanted}",
            Type="CALCULATED",
            ChildHealthChecks=[plain, inverted, disabled],
            HealthThreshold=wanted,
        )
        for wanted in (0, 2, 3, 4)
    }
    healthy = {wanted: health_checks.is_healthy(world, one) for wanted, one in counted.items()}
    assert healthy == {0: True, 2: True, 3: False, 4: False}


@pytest.mark.parametrize(
    "settings",
    [
        {"Type": "CALCULATED", "ChildHealthChecks": ["nobody"], "HealthThreshold": 1},
        {"Type": "HTTPS_STR_MATCH", "FullyQualifiedDomainName": "example.com"},
    ],
)
def test_what_route_53_refuses_is_refused(settings: dict[str, object]) -> None:
    with World(seed=1, corrected=False):
        assert make_check("taken", **settings)
    with World(seed=1), pytest.raises(ClientError, match="InvalidInput"):
        make_check("refused", **settings)


def test_a_calculated_check_has_256_children_at_most(world: World) -> None:
    assert world.corrected
    child = make_warrant_check()
    with pytest.raises(ClientError, match="at most 256"):
        make_check("many", Type="CALCULATED", ChildHealthChecks=[child] * 257, HealthThreshold=1)
