import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError, WaiterError

from simulator import backstage
from simulator.attempt import NotSimulated
from simulator.call_log import Outcome
from simulator.clock import VirtualWorkers
from simulator.faults import Fault, FaultKind
from simulator.guard import NetworkBlocked
from simulator.world import World

Api = Any  # boto3's clients have no common type

HOME, AWAY = "eu-west-1", "eu-central-1"
CONNECT_S, READ_S = 2.0, 7.0
SESSION = boto3.Session()


def api(service: str, region: str = HOME, *, attempts: int = 1) -> Api:
    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    patience = Config(connect_timeout=CONNECT_S, read_timeout=READ_S, retries=retries)
    return SESSION.client(service, region_name=region, config=patience)


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=1) as entered:
        yield entered


def begin(world: World, *faults: Fault) -> None:
    world.faults.schedule(faults, origin=world.clock.monotonic())
    world.clock.sleep(0)


def outcomes(world: World) -> list[Outcome]:
    return [call.outcome for call in world.calls]


def make_bucket(region: str = HOME) -> None:
    backstage.client("s3", region).create_bucket(
        Bucket="latch", CreateBucketConfiguration={"LocationConstraint": region}
    )


def test_a_call_takes_virtual_time_and_is_logged(world: World) -> None:
    api("rds").describe_db_instances()
    assert 0.15 <= world.clock.monotonic() <= 0.4
    (call,) = world.calls
    assert (call.name, call.region, call.outcome) == ("rds.DescribeDBInstances", HOME, Outcome.OK)


def test_parallel_calls_overlap(world: World) -> None:
    describe = api("rds").describe_db_instances
    VirtualWorkers(world.clock, 20).run([describe] * 20)
    assert world.clock.monotonic() < 0.5


def test_a_lost_region_costs_the_clients_own_connect_timeout(world: World) -> None:
    begin(world, Fault(FaultKind.REGION_LOST, 0, region=HOME))
    with pytest.raises(ConnectTimeoutError):
        api("rds").describe_db_instances()
    assert world.clock.monotonic() == CONNECT_S
    assert outcomes(world) == [Outcome.UNREACHABLE]
    api("rds", AWAY).describe_db_instances()


def test_global_services_are_lost_with_the_region_of_their_control_plane(world: World) -> None:
    begin(world, Fault(FaultKind.REGION_LOST, 0, region="us-east-1"))
    for service, operation in (("route53", "list_hosted_zones"), ("iam", "list_roles")):
        with pytest.raises(ConnectTimeoutError):
            getattr(api(service), operation)()
    api("sts").get_caller_identity()


def test_a_bucket_is_lost_with_its_region_whoever_asks(world: World) -> None:
    make_bucket()
    begin(world, Fault(FaultKind.REGION_LOST, 0, region=HOME))
    with pytest.raises(ConnectTimeoutError):
        api("s3", AWAY).list_objects_v2(Bucket="latch")


def test_a_region_that_is_lost_before_it_acts_does_nothing(world: World) -> None:
    make_bucket()
    begin(world, Fault(FaultKind.REGION_LOST, 0.001, region=HOME))
    with pytest.raises(ReadTimeoutError):
        api("s3").put_object(Bucket="latch", Key="open/away")
    assert outcomes(world) == [Outcome.NO_REPLY]
    assert "Contents" not in backstage.client("s3", HOME).list_objects_v2(Bucket="latch")


def test_a_region_that_is_lost_after_it_acted_takes_the_answer_with_it(world: World) -> None:
    make_bucket()
    world.on_effect(lambda _: begin_loss(world))
    with pytest.raises(ReadTimeoutError):
        api("s3").put_object(Bucket="latch", Key="open/away")
    assert outcomes(world) == [Outcome.REPLY_LOST]
    assert "Contents" in backstage.client("s3", HOME).list_objects_v2(Bucket="latch")


def begin_loss(world: World) -> None:
    world.faults.schedule(
        [Fault(FaultKind.REGION_LOST, 0, region=HOME)], origin=world.clock.monotonic()
    )


SERVICES = {
    "rds": "describe_db_instances",
    "cloudwatch": "list_metrics",
    "ecs": "list_clusters",
    "dynamodb": "list_tables",
    "s3": "list_buckets",
    "route53": "list_hosted_zones",
    "ec2": "describe_vpcs",
    "kms": "list_keys",
    "secretsmanager": "list_secrets",
    "elbv2": "describe_load_balancers",
    "iam": "list_roles",
    "sts": "get_caller_identity",
    "logs": "describe_log_groups",
    "acm": "list_certificates",
}
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "SlowDown",
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("kind", "codes", "statuses"),
    [
        (FaultKind.THROTTLE, THROTTLED, {400, 503}),
        (FaultKind.SERVER_ERRORS, {"InternalServerError", "ServiceUnavailable"}, {500, 503}),
        (
            FaultKind.DENIED,
            {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"},
            {400, 403},
        ),
    ],
)
def test_errors_speak_the_protocol_of_every_service(
    world: World, service: str, kind: FaultKind, codes: set[str], statuses: set[int]
) -> None:
    begin(world, Fault(kind, 0))
    with pytest.raises(ClientError) as refused:
        getattr(api(service), SERVICES[service])()
    answer = refused.value.response
    assert answer["Error"]["Code"] in codes
    assert answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] in statuses


@pytest.mark.parametrize("service", ["rds", "ecs", "cloudwatch", "s3", "ec2"])
def test_botocore_retries_what_it_would_retry_at_aws(world: World, service: str) -> None:
    random.seed(1)  # botocore draws how long it backs off, and may draw next to nothing
    begin(world, Fault(FaultKind.THROTTLE, 0, times=2))
    getattr(api(service, attempts=3), SERVICES[service])()
    assert outcomes(world) == [Outcome.THROTTLED, Outcome.THROTTLED, Outcome.OK]
    assert world.clock.monotonic() > 0.3, "backing off takes virtual time"


def test_a_lost_reply_has_been_executed_and_a_read_timeout_has_not(world: World) -> None:
    make_bucket()
    begin(
        world,
        Fault(FaultKind.LOST_REPLY, 0, times=1),
        Fault(FaultKind.READ_TIMEOUT, 0, times=1),
    )
    keys = ("first", "second", "third")
    for key in keys[:2]:
        with pytest.raises(ReadTimeoutError):
            api("s3").put_object(Bucket="latch", Key=key)
    assert world.clock.monotonic() == pytest.approx(2 * READ_S, abs=0.5)
    api("s3").put_object(Bucket="latch", Key=keys[2])
    listed = backstage.client("s3", HOME).list_objects_v2(Bucket="latch")["Contents"]
    assert [row["Key"] for row in listed] == ["first", "third"]
    assert outcomes(world) == [Outcome.REPLY_LOST, Outcome.NO_REPLY, Outcome.OK]
    assert len(world.calls.effects()) == 2


def test_a_lost_refusal_changed_nothing(world: World) -> None:
    begin(world, Fault(FaultKind.LOST_REPLY, 0))
    with pytest.raises(ReadTimeoutError):
        api("rds").reboot_db_instance(DBInstanceIdentifier="nobody")
    assert outcomes(world) == [Outcome.NO_REPLY]


def test_retrying_a_lost_reply_meets_what_it_did_itself(world: World) -> None:
    begin(world, Fault(FaultKind.LOST_REPLY, 0, times=1))
    with pytest.raises(ClientError, match="already exists"):
        api("rds", attempts=3).create_db_instance(
            DBInstanceIdentifier="orders",
            Engine="postgres",
            DBInstanceClass="db.m6g.large",
            AllocatedStorage=20,
            MasterUsername="holder",
            MasterUserPassword="not-a-secret",
        )
    assert outcomes(world) == [Outcome.REPLY_LOST, Outcome.REFUSED]


def test_slow_is_as_many_seconds_longer(world: World) -> None:
    begin(world, Fault(FaultKind.SLOW, 0, seconds=5))
    api("rds").describe_db_instances()
    assert 5.15 <= world.clock.monotonic() <= 5.4


def test_too_slow_for_its_caller_still_happens(world: World) -> None:
    make_bucket()
    begin(world, Fault(FaultKind.SLOW, 0, seconds=60))
    with pytest.raises(ReadTimeoutError):
        api("s3").put_object(Bucket="latch", Key="open/away")
    assert world.clock.monotonic() == pytest.approx(READ_S, abs=0.1)
    look = partial(backstage.client("s3", HOME).list_objects_v2, Bucket="latch")
    assert "Contents" not in look()
    world.clock.sleep(60)
    assert "Contents" in look()
    assert outcomes(world) == [Outcome.REPLY_LOST]


def test_rds_throttles_reading_beyond_a_hundred_at_once(world: World) -> None:
    rds = api("rds")

    def describe() -> str:
        try:
            rds.describe_db_instances(MaxRecords=20)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "ok"

    told = VirtualWorkers(world.clock, 150).run([describe] * 150)
    assert 100 <= told.count("ok") <= 106
    assert told.count("Throttling") == 150 - told.count("ok")
    assert world.calls.counts(Outcome.THROTTLED) == {
        "rds.DescribeDBInstances": told.count("Throttling")
    }
    world.clock.sleep(10)
    assert describe() == "ok"


def test_waiters_wait_on_the_worlds_clock(world: World) -> None:
    with pytest.raises(WaiterError, match="Max attempts"):
        api("s3").get_waiter("bucket_exists").wait(Bucket="nowhere")
    assert world.clock.monotonic() >= 19 * 5


def test_what_moto_lacks_is_never_an_answer_of_aws(world: World) -> None:
    with pytest.raises(NotSimulated, match="DescribeCertificates"):
        api("rds").describe_certificates()
    assert outcomes(world) == []


def test_a_path_that_moto_lacks_is_no_answer_of_aws_either() -> None:
    with World(seed=1), pytest.raises(NotSimulated, match="ListFrameworks"):
        api("backup").list_frameworks()


def test_a_host_that_moto_does_not_know_is_blocked(world: World) -> None:
    assert world.calls.counts() == {}
    with pytest.raises(NetworkBlocked, match="arc-region-switch"):
        api("arc-region-switch").list_plans()
