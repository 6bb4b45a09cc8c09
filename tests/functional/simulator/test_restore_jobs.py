"""AWS Backup's restores of buckets: which content comes back, where, and what stands in the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/aws-backup"


def s3() -> Any:  # noqa: ANN401 - a boto3 client
    return client("s3", REGION)


def backup() -> Any:  # noqa: ANN401 - a boto3 client
    return client("backup", REGION)


def bucket(name: str) -> None:
    s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3().put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def bodies(name: str) -> dict[str, bytes]:
    rows = s3().list_objects_v2(Bucket=name).get("Contents", [])
    return {row["Key"]: s3().get_object(Bucket=name, Key=row["Key"])["Body"].read() for row in rows}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(seed=2) as world:
        bucket("files")
        bucket("scratch")
        key = client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
        backup().create_backup_vault(BackupVaultName="vault", EncryptionKeyArn=key)
        yield world


@pytest.fixture(scope="module")
def point(world: World) -> str:
    """A point of two files, one of which is changed and the other deleted afterwards."""
    for name in ("a", "b"):
        s3().put_object(Bucket="files", Key=name, Body=b"old", Metadata={"of": name})
    made = backup().start_backup_job(
        BackupVaultName="vault", ResourceArn="arn:aws:s3:::files", IamRoleArn=ROLE
    )
    s3().put_object(Bucket="files", Key="a", Body=b"new")
    s3().delete_object(Bucket="files", Key="b")
    world.clock.sleep(8 * 3600)
    return str(made["RecoveryPointArn"])


def restore(point: str, token: str = "", **metadata: str) -> str:
    given = {"IdempotencyToken": token} if token else {}
    asked = {"DestinationBucketName": "scratch", "NewBucket": "false", **metadata}
    started = backup().start_restore_job(
        RecoveryPointArn=point, IamRoleArn=ROLE, Metadata=asked, **given
    )
    return str(started["RestoreJobId"])


def job(identity: str) -> dict[str, Any]:
    return dict(backup().describe_restore_job(RestoreJobId=identity))


def test_the_content_of_the_moment_comes_back_into_what_is_not_there(
    world: World, point: str
) -> None:
    s3().put_object(Bucket="scratch", Key="b", Body=b"mine")
    identity = restore(point, "once", EncryptionType="SSE-KMS", KMSKey="k", encrypted="true")
    assert restore(point, "once") == identity
    assert (job(identity)["Status"], bodies("scratch")) == ("RUNNING", {"b": b"mine"})
    world.clock.sleep(600)
    assert 0 < float(job(identity)["PercentDone"].rstrip("%")) < 100
    world.clock.sleep(24 * 3600)
    done = job(identity)
    assert (done["Status"], done["PercentDone"]) == ("COMPLETED", "100.00%")
    assert done["CreatedResourceArn"] == "arn:aws:s3:::scratch"
    assert bodies("scratch") == {"a": b"old", "b": b"mine"}
    head = s3().head_object(Bucket="scratch", Key="a")
    assert (head["Metadata"], head["SSEKMSKeyId"]) == ({"of": "a"}, "k")
    told = backup().get_restore_job_metadata(RestoreJobId=identity)["Metadata"]
    assert told["Encrypted"] == "true"


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"NewBucket": "true"}, "exists already"),
        ({"DestinationBucketName": "nowhere"}, "does not exist"),
    ],
)
def test_a_job_fails_for_a_bucket_that_is_not_as_it_was_told(
    world: World, point: str, metadata: dict[str, str], said: str
) -> None:
    identity = restore(point, **metadata)
    world.clock.sleep(24 * 3600)
    assert job(identity)["Status"] == "FAILED"
    assert said in job(identity)["StatusMessage"]
    failed = backup().list_restore_jobs(ByStatus="FAILED")["RestoreJobs"]
    assert identity in {row["RestoreJobId"] for row in failed}


def test_a_new_bucket_is_made_and_nonsense_is_refused(world: World, point: str) -> None:
    restore(point, DestinationBucketName="made", NewBucket="true")
    world.clock.sleep(24 * 3600)
    assert bodies("made") == {"a": b"old", "b": b"old"}
    with pytest.raises(ClientError, match="unknown keys: Prefix"):
        restore(point, Prefix="x")
    with pytest.raises(ClientError, match="does not exist"):
        restore(point.replace("recovery-point:", "recovery-point:no"))
