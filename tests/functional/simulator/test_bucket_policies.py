import json

import boto3
import pytest
from botocore.exceptions import ClientError

from simulator.backstage import client
from simulator.callers import sign_in
from simulator.world import World

REGION = "eu-central-1"
FAILOVER = "arn:aws:iam::123456789012:role/failover"
ONLY_FAILOVER_WRITES = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::latch/*",
    "Condition": {"ArnNotEquals": {"aws:PrincipalArn": FAILOVER}},
}


def _latch() -> None:
    s3 = client("s3", REGION)
    s3.create_bucket(Bucket="latch", CreateBucketConfiguration={"LocationConstraint": REGION})
    policy = {"Version": "2012-10-17", "Statement": [ONLY_FAILOVER_WRITES]}
    s3.put_bucket_policy(Bucket="latch", Policy=json.dumps(policy))
    trust = {"Version": "2012-10-17", "Statement": []}
    for role in ("failover", "application"):
        client("iam", REGION).create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))


def _put() -> None:
    session = boto3.session.Session()
    session.client("s3", region_name=REGION).put_object(Bucket="latch", Key="open/away", Body=b"")


def test_only_the_role_that_a_deny_spares_may_write() -> None:
    with World(1) as world:
        _latch()
        sign_in(world, "application", "somebody", REGION)
        with pytest.raises(ClientError, match=r"Forbidden|AccessDenied"):
            _put()
        sign_in(world, "failover", "operator", REGION)
        _put()
        assert client("s3", REGION).head_object(Bucket="latch", Key="open/away")


def test_moto_alone_reads_the_deny_without_its_condition() -> None:
    with World(1, corrected=False) as world:
        _latch()
        sign_in(world, "failover", "operator", REGION)
        with pytest.raises(ClientError, match=r"Forbidden|AccessDenied"):
            _put()
