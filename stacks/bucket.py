"""A bucket for data that must survive: versioned, encrypted, private, and never emptied by hand.

`stacks.files` and `stacks.logs` make one per purpose and site; `stacks.replication` joins the two
of a purpose. Versions leave by the lifecycle alone: a policy cannot tell a held version from any
other, so no policy lets anybody delete one, and a hold suspends the lifecycle.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.policy_document import deny, document, only_over_tls

_UPLOAD_DAYS = 7  # unfinished uploads are paid for and seen by nobody


@dataclass(frozen=True)
class KeptBucketArgs:
    """`versions_days` is how long replaced versions stay, `days` (if any) how long objects do.

    `backed_up` says whether AWS Backup takes a point of it every day.
    """

    place: Place
    purpose: str
    key_arn: pulumi.Input[str]
    versions_days: int
    days: int | None = None
    backed_up: bool = True


class KeptBucket(pulumi.ComponentResource):
    """Produces the bucket and everything that protects it. `versioning` is what others wait for."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    versioning: pulumi.Resource

    def __init__(
        self, name: str, args: KeptBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:KeptBucket", name, None, opts)
        self._name, self._args, place = name, args, args.place
        daily = {naming.TAG_BACKUP: "daily"} if args.backed_up else {}
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            region=place.region,
            bucket=place.bucket(args.purpose),
            force_destroy=False,
            tags={**place.tags(), **daily},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self._about = {"region": place.region, "bucket": bucket.id}
        self._child = pulumi.ResourceOptions(parent=self)
        self.versioning = aws.s3.BucketVersioning(
            f"{name}-versions",
            versioning_configuration={"status": "Enabled"},
            opts=self._child,
            **self._about,
        )
        self._encrypt()
        self._close()
        self._expire()
        self.name, self.arn = bucket.id, bucket.arn
        self.register_outputs({"name": self.name})

    def _encrypt(self) -> None:
        """Encrypt with the site's key; a bucket key asks KMS once for many objects."""
        default = {"sse_algorithm": "aws:kms", "kms_master_key_id": self._args.key_arn}
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            rules=[
                {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": True}
            ],
            opts=self._child,
            **self._about,
        )

    def _close(self) -> None:
        """Let in who signs, over TLS, as the account's own: no access lists, nothing public."""
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
            policy=policy(self._args.place, self._args.purpose),
            opts=self._child,
            **self._about,
        )

    def _expire(self) -> None:
        """Take away what nobody can ask for any more. Versioning first: S3 wants it that way."""
        rules: list[dict[str, object]] = [
            {
                "id": "replaced-versions",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "noncurrent_version_expiration": {"noncurrent_days": self._args.versions_days},
                "abort_incomplete_multipart_upload": {"days_after_initiation": _UPLOAD_DAYS},
            }
        ]
        if self._args.days is not None:
            rules.append(
                {
                    "id": "objects",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": self._args.days},
                }
            )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            rules=rules,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.versioning]),
            **self._about,
        )


def policy(place: Place, purpose: str) -> str:
    """Return what nobody may do with a bucket, whatever IAM allows them.

    The lifecycle is S3's own and not asked; whoever must delete a version takes this policy away
    first, which CloudTrail remembers.
    """
    bucket = f"arn:aws:s3:::{place.bucket(purpose)}"
    return document(
        only_over_tls(place.bucket(purpose)),
        {
            **deny(
                ("s3:DeleteObjectVersion", "s3:DeleteBucket"),
                [bucket, f"{bucket}/*"],
                Principal="*",
            ),
            "Sid": "VersionsLeaveByTheLifecycleAlone",
        },
    )
