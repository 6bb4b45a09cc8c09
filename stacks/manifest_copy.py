"""One site's copy of the recovery manifest, where run time in that site finds it.

`stacks.manifest` makes one per site. Older versions stay: they tell what a run had to go by.
S3's own encryption is used: with the site's key gone, a run must still learn what there is.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place


@dataclass(frozen=True)
class ManifestCopyArgs:
    """`text` is the manifest as JSON."""

    place: Place
    text: pulumi.Input[str]


class ManifestCopy(pulumi.ComponentResource):
    """Produces a private, versioned bucket, and the object."""

    def __init__(
        self, name: str, args: ManifestCopyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:ManifestCopy", name, None, opts)
        self._name, self._args, place = name, args, args.place
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            region=place.region,
            bucket=place.bucket("manifest"),
            force_destroy=False,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        ready = [self._private(bucket), self._versioned(bucket), self._encrypted(bucket)]
        aws.s3.BucketObjectv2(
            f"{name}-object",
            region=place.region,
            bucket=bucket.id,
            key=naming.MANIFEST_KEY,
            content=args.text,
            content_type="application/json",
            server_side_encryption="AES256",
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=ready),
        )
        self.register_outputs({})

    def _private(self, bucket: aws.s3.Bucket) -> aws.s3.BucketPublicAccessBlock:
        return aws.s3.BucketPublicAccessBlock(
            f"{self._name}-access",
            region=self._args.place.region,
            bucket=bucket.id,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=True,
            restrict_public_buckets=True,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _versioned(self, bucket: aws.s3.Bucket) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            f"{self._name}-versions",
            region=self._args.place.region,
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _encrypted(self, bucket: aws.s3.Bucket) -> aws.s3.BucketServerSideEncryptionConfiguration:
        default = {"sse_algorithm": "AES256"}
        return aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            region=self._args.place.region,
            bucket=bucket.id,
            rules=[{"apply_server_side_encryption_by_default": default}],
            opts=pulumi.ResourceOptions(parent=self),
        )
