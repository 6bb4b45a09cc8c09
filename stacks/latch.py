"""The latch of one site: a bucket whose one or two objects say where traffic goes.

`__main__.py` makes one per site; `stacks.dns` has Route 53 watch it. Writing an object is a
data-plane call in the healthy region: traffic moves without changing any DNS record.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.policy_document import allow, deny, document
from stacks.scopes import latch_keys


@dataclass(frozen=True)
class LatchArgs:
    """`place`: the site that moves traffic with this latch when the other one is lost."""

    place: Place


class Latch(pulumi.ComponentResource):
    """Produces the bucket and who may read and write it.

    The one deliberate exception to "no public bucket": health checkers sign nothing.
    """

    bucket: pulumi.Output[str]
    host: str

    def __init__(
        self, name: str, args: LatchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Latch", name, None, opts)
        place = args.place
        full_name = place.bucket("latch")
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            region=place.region,
            bucket=full_name,
            force_destroy=False,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Only a bucket policy may make it public, never an access list of a single object.
        access = aws.s3.BucketPublicAccessBlock(
            f"{name}-access",
            region=place.region,
            bucket=bucket.id,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=False,
            restrict_public_buckets=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # S3 blocks public policies on a new bucket until it is told otherwise.
        aws.s3.BucketPolicy(
            f"{name}-policy",
            region=place.region,
            bucket=bucket.id,
            policy=policy(place),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access]),
        )
        self.bucket = bucket.id
        self.host = f"{full_name}.s3.{place.region}.amazonaws.com"
        self.register_outputs({"bucket": self.bucket})


def policy(place: Place) -> str:
    """Return who may touch a latch: anyone reads its two objects, one role writes them.

    Nobody may list it, so that an absent object answers 403 and a stranger learns nothing. What
    is denied here no policy elsewhere can allow, not even to an administrator by mistake.
    """
    bucket = f"arn:aws:s3:::{place.bucket('latch')}"
    failover = f"arn:aws:iam::{place.account}:role/{naming.role(place.zone, 'failover')}"
    objects = [f"{bucket}/{key}" for key in latch_keys(place.site)]
    return document(
        {**allow(("s3:GetObject",), objects, Principal="*"), "Sid": "AnyoneReadsTheLatch"},
        {
            **deny(
                ("s3:PutObject", "s3:DeleteObject"),
                [f"{bucket}/*"],
                Principal="*",
                Condition={"ArnNotEquals": {"aws:PrincipalArn": failover}},
            ),
            "Sid": "OnlyFailoverWrites",
        },
    )
