"""What lies in buckets: the latches that move traffic, the manifest, where the databases are."""

from collections.abc import Callable
from typing import Any

import pytest

from cloud import addresses, latches, manifests
from cloud.door import Cloud, Door
from cloud.effects import Effect
from cloud.failures import Denied, Missing
from continuity.errors import InvalidInput


@pytest.fixture
def bucket(backstage: Callable[..., Any]) -> str:
    place = {"LocationConstraint": "eu-central-1"}
    backstage("s3").create_bucket(Bucket="latch", CreateBucketConfiguration=place)
    return "latch"


def test_an_untouched_latch_bucket_is_empty(door: Door, bucket: str) -> None:
    assert latches.present(door, bucket) == frozenset()


def test_a_latch_is_put_once_and_stays_as_the_first_put_it(
    door: Door, bucket: str, backstage: Callable[..., Any]
) -> None:
    assert latches.put(door, bucket, "closed/home", "we1-7") is Effect.MADE
    assert latches.put(door, bucket, "closed/home", "somebody else") is Effect.ALREADY
    assert latches.present(door, bucket) == {"closed/home"}
    stored = backstage("s3").get_object(Bucket=bucket, Key="closed/home")
    assert stored["Body"].read() == b"we1-7"


def test_a_latch_whose_reply_was_lost_is_already_there(
    door: Door, bucket: str, fail: Callable[..., None]
) -> None:
    fail("PutObject", "lost reply")
    assert latches.put(door, bucket, "open/away") is Effect.ALREADY
    assert latches.present(door, bucket) == {"open/away"}


def test_two_puts_that_cross_are_decided_by_asking_again(
    door: Door, bucket: str, fail: Callable[..., None]
) -> None:
    fail("PutObject", "ConditionalRequestConflict")
    assert latches.put(door, bucket, "open/away") is Effect.MADE


def test_many_objects_are_listed_page_by_page(cloud: Cloud, door: Door, bucket: str) -> None:
    keys = {f"closed/{number}" for number in range(5)}
    for key in keys:
        latches.put(door, bucket, key)
    cloud.clients.of("s3", "eu-central-1").meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: {**params, "MaxKeys": 2}
    )
    assert latches.present(door, bucket) == keys
    assert cloud.budget.counts()["s3.ListObjectsV2"] == 3


def test_a_bucket_that_is_not_ours_is_denied(
    door: Door, bucket: str, fail: Callable[..., None]
) -> None:
    fail("ListObjectsV2", "AccessDenied")
    with pytest.raises(Denied, match="may not s3:ListBucket"):
        latches.present(door, bucket)


def test_a_manifest_that_is_not_there_is_missing(door: Door, bucket: str) -> None:
    with pytest.raises(Missing):
        manifests.read(door, bucket, "manifest.json", "we1")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b'{"zone": "we1"}'])
def test_a_copy_that_is_no_manifest_is_refused_with_its_zone(
    door: Door, bucket: str, backstage: Callable[..., Any], body: bytes
) -> None:
    backstage("s3").put_object(Bucket=bucket, Key="manifest.json", Body=body)
    with pytest.raises(InvalidInput, match="manifest of we1"):
        manifests.read(door, bucket, "manifest.json", "we1")


def test_a_throttled_read_is_repeated_with_its_body(
    cloud: Cloud, door: Door, bucket: str, backstage: Callable[..., Any], fail: Callable[..., None]
) -> None:
    backstage("s3").put_object(Bucket=bucket, Key="manifest.json", Body=b"{}")
    fail("GetObject", "SlowDown")
    with pytest.raises(InvalidInput):
        manifests.read(door, bucket, "manifest.json", "we1")
    assert cloud.budget.counts()["s3.GetObject"] == 2


FILE = ("latch", "databases.env")


def test_where_no_file_of_addresses_is_one_is_put(door: Door, bucket: str) -> None:
    assert addresses.read(door, *FILE).text == ""
    assert addresses.write(door, bucket, FILE[1], "DATABASE_ORDERS_HOST=a\n", "") is Effect.MADE
    found = addresses.read(door, *FILE)
    assert (found.host("orders"), bool(found.tag), found.at is None) == ("a", True, False)


def test_a_file_of_addresses_is_replaced_once_and_only_by_who_saw_it(
    door: Door, bucket: str, fail: Callable[..., None]
) -> None:
    addresses.write(door, bucket, FILE[1], "DATABASE_ORDERS_HOST=a\n", "")
    seen = addresses.read(door, *FILE)
    fail("PutObject", "lost reply")
    new = ("DATABASE_ORDERS_HOST=b\n", seen.tag)
    assert addresses.write(door, bucket, FILE[1], *new) is Effect.ALREADY
    assert addresses.read(door, *FILE).host("orders") == "b"
    late = ("DATABASE_ORDERS_HOST=late\n", seen.tag)
    assert addresses.write(door, bucket, FILE[1], *late) is Effect.ALREADY
    assert addresses.write(door, bucket, FILE[1], late[0], "") is Effect.ALREADY
    assert addresses.read(door, *FILE).host("orders") == "b"
