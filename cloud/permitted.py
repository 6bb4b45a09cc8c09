"""Which permissions a function needs, written beside it; and which actions a call needs.

Roles are granted exactly `continuity.permissions`; tests compare the three: what a function
declares, what the lists grant, and what AWS was really asked.
"""

from collections.abc import Callable
from typing import TypeVar

from continuity.permissions import Permission

F = TypeVar("F", bound=Callable[..., object])

_ATTRIBUTE = "permissions"

_ACTIONS = {
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("service-quotas", "GetServiceQuota"): ("servicequotas:GetServiceQuota",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "GetBucketLifecycleConfiguration"): ("s3:GetLifecycleConfiguration",),
    ("s3", "PutBucketLifecycleConfiguration"): ("s3:PutLifecycleConfiguration",),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("efs", "DescribeReplicationConfigurations"): (
        "elasticfilesystem:DescribeReplicationConfigurations",
    ),
    ("efs", "DescribeFileSystems"): ("elasticfilesystem:DescribeFileSystems",),
    ("efs", "DeleteFileSystem"): ("elasticfilesystem:DeleteFileSystem",),
    ("efs", "TagResource"): ("elasticfilesystem:TagResource",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "CopyObject"): ("s3:GetObjectVersion", "s3:PutObject"),
    ("s3", "UploadPartCopy"): ("s3:GetObjectVersion", "s3:PutObject"),
    ("s3", "CreateMultipartUpload"): ("s3:PutObject",),
    ("s3", "CompleteMultipartUpload"): ("s3:PutObject",),
    ("s3", "PutBucketEncryption"): ("s3:PutEncryptionConfiguration",),
    ("s3", "GetObjectTagging"): ("s3:GetObjectVersionTagging",),
    ("s3", "DeleteObjects"): ("s3:DeleteObjectVersion",),
    ("sesv2", "SendEmail"): ("ses:SendEmail",),
    ("lambda", "Invoke"): ("lambda:InvokeFunction",),
    ("dynamodb", "TransactWriteItems"): ("dynamodb:ConditionCheckItem", "dynamodb:PutItem"),
}
"""Operations whose IAM actions are not `service:Operation` (service authorization reference)."""


def permitted(*permissions: Permission) -> Callable[[F], F]:
    """Declare the permissions of a function; `permissions_of` reads them."""

    def mark(function: F) -> F:
        setattr(function, _ATTRIBUTE, permissions)
        return function

    return mark


def permissions_of(function: Callable[..., object]) -> tuple[Permission, ...]:
    """Return what a function declares; a function that declares nothing calls nothing."""
    found: tuple[Permission, ...] = getattr(function, _ATTRIBUTE, ())
    return found


def actions_of(service: str, operation: str) -> tuple[str, ...]:
    """Return the IAM actions that one operation needs, `("rds:DescribeDBInstances",)`."""
    return _ACTIONS.get((service, operation), (f"{service}:{operation}",))
