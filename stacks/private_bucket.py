"""A bucket for one small file that must be readable whatever happens to a key.

`stacks.manifest_copy` and `stacks.addresses` make theirs with it. Private, versioned and
over TLS; encrypted by S3 itself, because what lies here is wanted most when the site's key is gone.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.policy_document import document, only_over_tls


def private_bucket(
    name: str, place: Place, purpose: str, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], Sequence[pulumi.Resource]]:
    """Declare it; return its name, and what an object in it has to wait for."""
    child = pulumi.ResourceOptions(parent=parent)
    made = aws.s3.Bucket(
        f"{name}-bucket",
        region=place.region,
        bucket=place.bucket(purpose),
        force_destroy=False,
        tags=place.tags(),
        opts=child,
    )
    about = {"region": place.region, "bucket": made.id, "opts": child}
    access = aws.s3.BucketPublicAccessBlock(
        f"{name}-access",
        block_public_acls=True,
        ignore_public_acls=True,
        block_public_policy=True,
        restrict_public_buckets=True,
        **about,
    )
    versions = aws.s3.BucketVersioning(
        f"{name}-versions", versioning_configuration={"status": "Enabled"}, **about
    )
    encryption = aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        **about,
    )
    transport = aws.s3.BucketPolicy(
        f"{name}-policy", policy=document(only_over_tls(place.bucket(purpose))), **about
    )
    return made.id, (access, versions, encryption, transport)
