"""What AWS's own clients send, read back: botocore makes the requests, nothing answers them."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3.session
import pytest
from botocore.awsrequest import AWSPreparedRequest

from simulator.serving.wire import Asked, Unreadable, read
from simulator.world import World

ENDPOINT = "http://127.0.0.1:4766"
REGION = "eu-central-1"


class Sent(Exception):
    """Carries a request instead of sending it."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.request = request


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[World]:
    with World(1) as world:
        yield world


def asked(service: str, operation: str, /, **arguments: object) -> Asked:
    session = boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106 - opens nothing
    client: Any = session.client(service, region_name=REGION, endpoint_url=ENDPOINT)  # type: ignore[call-overload]

    def carry(request: AWSPreparedRequest, **_: object) -> None:
        raise Sent(request)

    client.meta.events.register_first("before-send", carry)
    with pytest.raises(Sent) as caught:
        getattr(client, operation)(**arguments)
    request = caught.value.request
    target = request.url.removeprefix(ENDPOINT)
    headers = {key: _text(value) for key, value in request.headers.items()}
    return read(str(request.method), target, headers, _bytes(request.body))


def _bytes(body: Any) -> bytes:  # noqa: ANN401 - text, bytes or a file, as botocore likes
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else body or b""


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


LATCH = {"Bucket": "latch-bucket", "Key": "closed/home"}
ITEM = {"TableName": "lease", "Item": {"name": {"S": "lease"}, "version": {"N": "1"}}}


@pytest.mark.parametrize(
    ("service", "method", "operation", "arguments"),
    [
        ("rds", "promote_read_replica", "PromoteReadReplica", {"DBInstanceIdentifier": "we1-a"}),
        ("dynamodb", "put_item", "PutItem", ITEM),
        ("s3", "put_object", "PutObject", {**LATCH, "Body": b"x", "IfNoneMatch": "*"}),
        ("s3", "list_objects_v2", "ListObjectsV2", {"Bucket": "latch-bucket"}),
        ("ecs", "update_service", "UpdateService", {"service": "platform", "desiredCount": 0}),
        ("ec2", "describe_security_groups", "DescribeSecurityGroups", {"GroupIds": ["sg-1"]}),
        ("elbv2", "describe_load_balancers", "DescribeLoadBalancers", {"Names": ["lb"]}),
        ("efs", "describe_replication_configurations", "DescribeReplicationConfigurations", {}),
        ("sesv2", "get_account", "GetAccount", {}),
        ("backup", "list_backup_plans", "ListBackupPlans", {}),
        ("scheduler", "list_schedules", "ListSchedules", {}),
    ],
)
def test_a_call_is_read_as_it_was_made(
    service: str, method: str, operation: str, arguments: Mapping[str, object]
) -> None:
    found = asked(service, method, **arguments)
    assert (found.service, found.operation, found.region) == (service, operation, REGION)
    kept = {key: value for key, value in arguments.items() if key not in ("Body", "IfNoneMatch")}
    assert {key: found.parameters[key] for key in kept} == kept
    assert ".amazonaws.com/" in str(found.request.url)


def test_metrics_are_known_by_the_path_that_they_are_sent_to() -> None:
    found = asked("cloudwatch", "list_metrics", Namespace="AWS/RDS")
    assert (found.service, found.operation) == ("cloudwatch", "ListMetrics")


def test_a_global_service_is_asked_where_its_control_plane_lives() -> None:
    found = asked("route53", "list_health_checks")
    assert (found.service, found.operation, found.region) == (
        "route53",
        "ListHealthChecks",
        "us-east-1",
    )
    assert str(found.request.url).startswith("https://route53.amazonaws.com/")


def test_an_unsigned_request_is_nobodys() -> None:
    with pytest.raises(Unreadable, match="not signed"):
        read("GET", "/", {}, b"")


@pytest.mark.parametrize(
    ("service", "target"), [("no-such-service", "/"), ("route53", "/2013-04-01/nothing")]
)
def test_what_aws_does_not_have_is_unreadable(service: str, target: str) -> None:
    scope = f"AWS4-HMAC-SHA256 Credential=x/20260303/{REGION}/{service}/aws4_request, Signature=x"
    with pytest.raises(Unreadable):
        read("GET", target, {"Authorization": scope}, b"")
