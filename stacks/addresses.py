"""Where the databases of one site are, as a file that ECS hands to every task at its start.

`stacks.hosting` makes one per site. It is no part of the task definition, because a failover must
be able to change it with one write in the standby region (docs/decisions/0020). What a failover
wrote stays until the program itself says something else: neither refresh nor `up` reads it back.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import addresses, naming
from stacks.containers import DatabaseAccess
from stacks.place import Place
from stacks.private_bucket import private_bucket

_DIGITS = 16


@dataclass(frozen=True)
class AddressesArgs:
    """`databases` are the site's own instances."""

    place: Place
    databases: Sequence[pulumi.Output[DatabaseAccess]]


class Addresses(pulumi.ComponentResource):
    """Produces a private, versioned bucket, and the file. `digest` tells one text from another."""

    arn: pulumi.Output[str]
    digest: pulumi.Output[str]

    def __init__(
        self, name: str, args: AddressesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Addresses", name, None, opts)
        place = args.place
        text = pulumi.Output.all(*args.databases).apply(_text)
        bucket, ready = private_bucket(name, place, "addresses", self)
        file = aws.s3.BucketObjectv2(
            f"{name}-object",
            region=place.region,
            bucket=bucket,
            key=naming.ADDRESSES_KEY,
            content=text,
            content_type="text/plain; charset=utf-8",
            server_side_encryption="AES256",
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=ready),
        )
        self.arn = file.arn
        self.digest = text.apply(_digest)
        self.register_outputs({"arn": self.arn})


def _text(databases: Sequence[DatabaseAccess]) -> str:
    return addresses.text({database.name: database.host for database in databases})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
