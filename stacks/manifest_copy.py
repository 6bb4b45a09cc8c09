"""One site's copy of the recovery manifest, where run time in that site finds it.

`stacks.manifest` makes one per site. Older versions stay: they tell what a run had to go by.
S3's own encryption is used: with the site's key gone, a run must still learn what there is.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.private_bucket import private_bucket


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
        place = args.place
        bucket, ready = private_bucket(name, place, "manifest", self)
        aws.s3.BucketObjectv2(
            f"{name}-object",
            region=place.region,
            bucket=bucket,
            key=naming.MANIFEST_KEY,
            content=args.text,
            content_type="application/json",
            server_side_encryption="AES256",
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=ready),
        )
        self.register_outputs({})
