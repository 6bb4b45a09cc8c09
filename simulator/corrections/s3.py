"""S3: moto opens every new bucket, and stores a public policy that a block forbids.

Sources: S3 user guide, "Blocking public access to your Amazon S3 storage": since April 2023 all
four settings are on for new buckets; PutBucketPolicy with a public policy is refused while
BlockPublicPolicy is on. `simulator.anonymous_access` says what is public.
"""

import json

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

from simulator.anonymous_access import is_public
from simulator.callers import principal
from simulator.conditions import holds
from simulator.correction import Correction
from simulator.health_checks import public_access

_create_bucket = S3Backend.create_bucket
_put_bucket_policy = S3Backend.put_bucket_policy


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            S3Backend, "create_bucket", create_bucket, "a new bucket blocks all public access"
        ),
        Correction(
            S3Backend, "put_bucket_policy", put_bucket_policy,
            "a public policy is refused while the bucket or the account blocks them",
        ),
        Correction(
            FakeBucket, "get_permission", get_permission,
            "a statement of a bucket policy counts only where its conditions hold",
        ),
    ]  # fmt: skip


def create_bucket(
    self: S3Backend, bucket_name: str, region_name: str, bucket_namespace: str | None = None
) -> FakeBucket:
    """Create a bucket that is closed to the public in all four ways."""
    bucket = _create_bucket(self, bucket_name, region_name, bucket_namespace)
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    return bucket


def put_bucket_policy(self: S3Backend, bucket_name: str, policy: bytes) -> None:
    """Store a policy that public access blocks allow."""
    bucket = self.get_bucket(bucket_name)
    text = policy.decode() if isinstance(policy, bytes) else str(policy)
    if public_access(bucket).block_policy and is_public(text):
        raise S3ClientError(
            "AccessDenied",
            "Not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"arn:aws:s3:::{bucket_name}" because public policies are blocked by the '
            "BlockPublicPolicy block public access setting.",
        )
    _put_bucket_policy(self, bucket_name, policy)


def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Judge an action by the statements whose conditions hold for who is calling."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy.decode())
    rows = [row for row in policy["Statement"] if holds(row.get("Condition", {}), principal())]
    # moto's own judge, which knows actions and resources but no conditions
    return IAMPolicy(json.dumps({**policy, "Statement": rows})).is_action_permitted(
        action, resource
    )
