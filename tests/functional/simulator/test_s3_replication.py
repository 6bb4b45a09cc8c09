"""What is written to a bucket appears in its twin, later and whole; and copies that must be new."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.faults import Fault, FaultKind
from simulator.world import World

HOME, AWAY = "eu-west-1", "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/replication"


def pair() -> None:
    for region in (HOME, AWAY):
        s3 = client("s3", region)
        where = {"LocationConstraint": region}
        s3.create_bucket(Bucket=region, CreateBucketConfiguration=where)
        s3.put_bucket_versioning(Bucket=region, VersioningConfiguration={"Status": "Enabled"})
    client("s3", HOME).put_object(Bucket=HOME, Key="before", Body=b"0")
    for source, target in ((HOME, AWAY), (AWAY, HOME)):
        rule = {
            "ID": "all",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {
                "Bucket": f"arn:aws:s3:::{target}",
                "EncryptionConfiguration": {"ReplicaKmsKeyID": f"key-of-{target}"},
            },
        }
        client("s3", source).put_bucket_replication(
            Bucket=source, ReplicationConfiguration={"Role": ROLE, "Rules": [rule]}
        )


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=2) as world:
        pair()
        yield world


def put(key: str, body: bytes, region: str = HOME, **more: Any) -> str:  # noqa: ANN401 - boto3's
    made = client("s3", region).put_object(Bucket=region, Key=key, Body=body, **more)
    return str(made["VersionId"])


def keys(region: str) -> list[str]:
    found = client("s3", region).list_objects_v2(Bucket=region)
    return [row["Key"] for row in found.get("Contents", [])]


def test_plain_moto_moves_nothing_and_overwrites_with_a_copy_that_must_be_new() -> None:
    with World(seed=2, corrected=False) as world:
        pair()
        put("a", b"1")
        world.clock.sleep(3600)
        assert keys(AWAY) == []
        client("s3", HOME).copy_object(
            Bucket=HOME, Key="before", CopySource={"Bucket": HOME, "Key": "a"}, IfNoneMatch="*"
        )


@pytest.mark.usefixtures("world")
def test_a_copy_that_must_be_new_is_refused_where_there_is_an_object() -> None:
    put("a", b"1")
    s3, source = client("s3", HOME), {"Bucket": HOME, "Key": "a"}
    s3.copy_object(Bucket=HOME, Key="new", CopySource=source, IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.copy_object(Bucket=HOME, Key="before", CopySource=source, IfNoneMatch="*")
    assert s3.get_object(Bucket=HOME, Key="before")["Body"].read() == b"0"


def test_a_replica_comes_later_with_version_moment_metadata_and_tags(world: World) -> None:
    version = put("a", b"1", Metadata={"kind": "x"}, Tagging="owner=ana")
    assert keys(AWAY) == []
    world.clock.sleep(900)
    there = client("s3", AWAY).get_object(Bucket=AWAY, Key="a")
    here = client("s3", HOME).get_object(Bucket=HOME, Key="a")
    assert there["VersionId"] == version
    assert there["LastModified"] == here["LastModified"]
    assert (there["Body"].read(), there["Metadata"]) == (b"1", {"kind": "x"})
    assert there["SSEKMSKeyId"] == f"key-of-{AWAY}"
    tags = client("s3", AWAY).get_object_tagging(Bucket=AWAY, Key="a")["TagSet"]
    assert tags == [{"Key": "owner", "Value": "ana"}]
    assert "before" not in keys(AWAY), "what was there before the rule stays where it is"


def test_a_deletion_travels_as_a_marker_and_nothing_goes_in_circles(world: World) -> None:
    put("a", b"1")
    world.clock.sleep(900)
    client("s3", HOME).delete_object(Bucket=HOME, Key="a")
    world.clock.sleep(900)
    assert keys(AWAY) == []
    for region in (HOME, AWAY):
        found = client("s3", region).list_object_versions(Bucket=region, Prefix="a")
        assert (len(found["Versions"]), len(found["DeleteMarkers"])) == (1, 1)


def test_a_lost_region_sends_what_it_has_when_it_returns(world: World) -> None:
    put("a", b"1")
    lost = Fault(FaultKind.REGION_LOST, 0, region=HOME, lasts_s=3600)
    world.faults.schedule([lost], origin=world.clock.monotonic())
    world.clock.sleep(3590)
    assert keys(AWAY) == []
    world.clock.sleep(910)
    assert keys(AWAY) == ["a"]
