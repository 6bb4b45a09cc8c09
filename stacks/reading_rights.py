"""The rights to mount and read what trials restored, beside what the roles may anyway.

`stacks.safekeeping` makes it where the zone has a shared file system. It is a policy of its own
because what a role's own policies may say together is bounded (IAM quotas: 10,240 characters), and
because a zone without such a file system has nobody who could mount anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.file_grants import READ_SHARED
from stacks.place import Place
from stacks.scopes import SiteScope, policy


@dataclass(frozen=True)
class ReadingRightsArgs:
    """`roles` are the names of those that try points, by purpose."""

    zone: str
    roles: Mapping[str, pulumi.Input[str]]
    places: Sequence[Place]


class ReadingRights(pulumi.ComponentResource):
    """Produces the policy and its attachments."""

    def __init__(
        self, name: str, args: ReadingRightsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:ReadingRights", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rights = aws.iam.Policy(
            f"{name}-policy",
            name=naming.role(args.zone, "reading"),
            description=f"Reads restored file systems, and takes them away again: {args.zone}",
            policy=rights_of(args.places),
            tags=naming.tags(args.zone),
            opts=child,
        )
        for purpose, role in args.roles.items():
            aws.iam.RolePolicyAttachment(
                f"{name}-{purpose}", role=role, policy_arn=rights.arn, opts=child
            )
        self.register_outputs({})


def rights_of(places: Sequence[Place]) -> str:
    """Return the policy; none of it names a key or a database's group."""
    return policy(READ_SHARED, [SiteScope(place, "", "") for place in places])
