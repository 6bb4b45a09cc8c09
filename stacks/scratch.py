"""The scratch bucket of a site: test restores go there, and nothing in it lasts two days.

`stacks.files` makes one per site. Versioned, because AWS Backup switches versioning on in what it
restores into; not protected and not backed up, because all of it is a copy.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.policy_document import document, only_over_tls

_DAYS = 1


@dataclass(frozen=True)
class ScratchArgs:
    """`key_arn` encrypts what is restored, as it does the originals."""

    place: Place
    key_arn: pulumi.Input[str]


class Scratch(pulumi.ComponentResource):
    """Produces the bucket, closed like those of files, and emptied by its lifecycle."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ScratchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Scratch", name, None, opts)
        self._name, place = name, args.place
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            region=place.region,
            bucket=place.bucket("scratch"),
            force_destroy=True,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._about = {"region": place.region, "bucket": bucket.id}
        self._child = pulumi.ResourceOptions(parent=self)
        self._close(place, args.key_arn)
        self._expire()
        self.name = bucket.id
        self.register_outputs({"name": self.name})

    def _close(self, place: Place, key_arn: pulumi.Input[str]) -> None:
        """Encrypt, and let in who signs, over TLS, as the account's own."""
        default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key_arn}
        rule = {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": True}
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption", rules=[rule], opts=self._child, **self._about
        )
        aws.s3.BucketOwnershipControls(
            f"{self._name}-ownership",
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self._child,
            **self._about,
        )
        aws.s3.BucketPublicAccessBlock(
            f"{self._name}-access",
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=True,
            restrict_public_buckets=True,
            opts=self._child,
            **self._about,
        )
        aws.s3.BucketPolicy(
            f"{self._name}-policy",
            policy=policy(place),
            opts=self._child,
            **self._about,
        )

    def _expire(self) -> None:
        """Take everything away after a day, and what was deleted a day later."""
        versioning = aws.s3.BucketVersioning(
            f"{self._name}-versions",
            versioning_configuration={"status": "Enabled"},
            opts=self._child,
            **self._about,
        )
        rule = {
            "id": "nothing-lasts",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "expiration": {"days": _DAYS},
            "noncurrent_version_expiration": {"noncurrent_days": _DAYS},
            "abort_incomplete_multipart_upload": {"days_after_initiation": _DAYS},
        }
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            rules=[rule],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
            **self._about,
        )


def policy(place: Place) -> str:
    """Return what nobody may do with a scratch bucket: come without TLS."""
    return document(only_over_tls(place.bucket("scratch")))
