"""A call stays its caller's, whatever the world does while it is under way."""

import json

import boto3

from simulator.backstage import client
from simulator.callers import credentials
from simulator.world import World

REGION, BUCKET, ROLE = "eu-west-1", "switch", "operator"
ARN = f"arn:aws:iam::123456789012:role/{ROLE}"
ONLY_THE_ROLE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:PutObject"],
    "Resource": [f"arn:aws:s3:::{BUCKET}/*"],
    "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ARN}},
}


def test_what_happens_during_a_call_does_not_make_it_somebody_elses() -> None:
    with World(1) as world:
        client("iam", REGION).create_role(RoleName=ROLE, AssumeRolePolicyDocument="{}")
        client("s3", REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        policy = json.dumps({"Version": "2012-10-17", "Statement": [ONLY_THE_ROLE]})
        client("s3", REGION).put_bucket_policy(Bucket=BUCKET, Policy=policy)
        taken = credentials(world, ROLE, "ana", REGION)
        session = boto3.Session(taken.access_key, taken.secret_key, taken.token, REGION)
        mine = session.client("s3")
        looked: list[object] = []
        before = world.clock.monotonic()
        world.clock.at(0.001, lambda: looked.append(client("s3", REGION).list_buckets()))
        mine.put_object(Bucket=BUCKET, Key="open", Body=b"")
        assert world.clock.monotonic() > before + 0.001
        assert looked
