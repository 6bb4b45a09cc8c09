"""A latch: a bucket whose few small objects say where traffic goes.

`stacks.foundation` makes one per site and `stacks.zone` one more in the witness's region;
`stacks.dns` has Route 53 watch them. Writing an object is a data-plane call in a healthy region:
traffic moves without changing any DNS record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.place import Place
from stacks.policy_document import allow, deny, document, only_over_tls
from stacks.scopes import latch_keys


@dataclass(frozen=True)
class LatchArgs:
    """`keys` may be put during a failover; each of `warranted` gets its warrant when it is made."""

    region: str
    bucket: str
    failover_role: str
    warranted: tuple[SiteName, ...]
    tags: Mapping[str, str]
    keys: tuple[str, ...] = ()

    @property
    def read_by_anyone(self) -> tuple[str, ...]:
        """Return the keys that health checkers look for."""
        return (*self.keys, *(naming.warrant_key(site) for site in self.warranted))


def of_site(place: Place) -> LatchArgs:
    """Return the latch by which a site takes over, with the warrant of the other site."""
    return LatchArgs(
        region=place.region,
        bucket=place.bucket("latch"),
        failover_role=_failover_role(place.account, place.zone),
        warranted=(place.site.other,),
        tags=place.tags(),
        keys=latch_keys(place.site),
    )


def of_witness(zone: str, account: str, region: str) -> LatchArgs:
    """Return the witness's latch: it moves nothing, and keeps a warrant of both sites."""
    return LatchArgs(
        region=region,
        bucket=naming.witness_bucket(account, zone),
        failover_role=_failover_role(account, zone),
        warranted=tuple(SiteName),
        tags=naming.tags(zone),
    )


def _failover_role(account: str, zone: str) -> str:
    return f"arn:aws:iam::{account}:role/{naming.role(zone, 'failover')}"


class Latch(pulumi.ComponentResource):
    """Produces the bucket, its warrants, and who may read and write it.

    The one deliberate exception to "no public bucket": health checkers sign nothing.
    """

    bucket: pulumi.Output[str]
    host: str

    def __init__(
        self, name: str, args: LatchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Latch", name, None, opts)
        self._name, self._args = name, args
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            region=args.region,
            bucket=args.bucket,
            force_destroy=False,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Only a bucket policy may make it public, never an access list of a single object.
        access = aws.s3.BucketPublicAccessBlock(
            f"{name}-access",
            region=args.region,
            bucket=bucket.id,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=False,
            restrict_public_buckets=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        warrants = [self._warrant(bucket, site) for site in args.warranted]
        # S3 blocks public policies on a new bucket until it is told otherwise. The warrants come
        # first, because from then on nobody but a failover can write one.
        aws.s3.BucketPolicy(
            f"{name}-policy",
            region=args.region,
            bucket=bucket.id,
            policy=policy(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access, *warrants]),
        )
        self.bucket = bucket.id
        self.host = f"{args.bucket}.s3.{args.region}.amazonaws.com"
        self.register_outputs({"bucket": self.bucket})

    def _warrant(self, bucket: aws.s3.Bucket, site: SiteName) -> aws.s3.BucketObjectv2:
        """Write once that a site may serve. A failover revokes it, and no deployment gives it back.

        Under S3's own encryption: nobody could read an object under a KMS key without signing.
        """
        return aws.s3.BucketObjectv2(
            f"{self._name}-warrant-of-{site}",
            region=self._args.region,
            bucket=bucket.id,
            key=naming.warrant_key(site),
            content=naming.WARRANTED,
            content_type="text/plain; charset=utf-8",
            server_side_encryption="AES256",
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["content"]),
        )


def policy(args: LatchArgs) -> str:
    """Return who may touch a latch: anyone reads its few objects, one role writes them.

    Nobody may list it, so that an absent object answers 403 and a stranger learns nothing. What
    is denied here no policy elsewhere can allow, not even to an administrator by mistake.
    """
    bucket = f"arn:aws:s3:::{args.bucket}"
    objects = [f"{bucket}/{key}" for key in args.read_by_anyone]
    return document(
        {**allow(("s3:GetObject",), objects, Principal="*"), "Sid": "AnyoneReadsTheLatch"},
        {
            **deny(
                ("s3:PutObject", "s3:DeleteObject"),
                [f"{bucket}/*"],
                Principal="*",
                Condition={"ArnNotEquals": {"aws:PrincipalArn": args.failover_role}},
            ),
            "Sid": "OnlyFailoverWrites",
        },
        only_over_tls(args.bucket),
    )
