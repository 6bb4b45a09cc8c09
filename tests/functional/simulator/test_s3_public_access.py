"""Public buckets: open in plain moto (`corrected=False`), closed until somebody opens them."""

import json

import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.world import World

REGION = "eu-central-1"
BUCKET = "latch"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


def make() -> None:
    client("s3", REGION).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )


def put_policy(**changes: object) -> str:
    """Put a policy and return the code of its refusal, empty where it is taken."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": [OPEN | changes]})
    try:
        client("s3", REGION).put_bucket_policy(Bucket=BUCKET, Policy=policy)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_a_new_bucket_takes_no_public_policy_until_its_block_is_lifted() -> None:
    with World(seed=1, corrected=False):
        make()
        assert put_policy() == ""
    with World(seed=1):
        make()
        assert put_policy() == "AccessDenied"
        client("s3", REGION).delete_public_access_block(Bucket=BUCKET)
        assert put_policy() == ""


def test_the_block_does_not_concern_policies_for_known_principals() -> None:
    with World(seed=1):
        make()
        assert put_policy(Principal={"AWS": "arn:aws:iam::123456789012:root"}) == ""


def test_the_accounts_own_block_counts_too() -> None:
    with World(seed=1):
        make()
        client("s3", REGION).delete_public_access_block(Bucket=BUCKET)
        client("s3control", REGION).put_public_access_block(
            AccountId="123456789012", PublicAccessBlockConfiguration={"BlockPublicPolicy": True}
        )
        assert put_policy() == "AccessDenied"


def test_a_new_bucket_says_that_it_is_closed() -> None:
    def flags(*, corrected: bool) -> set[bool]:
        with World(seed=1, corrected=corrected):
            make()
            found = client("s3", REGION).get_public_access_block(Bucket=BUCKET)
            return set(found["PublicAccessBlockConfiguration"].values())

    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        flags(corrected=False)
    assert flags(corrected=True) == {True}
