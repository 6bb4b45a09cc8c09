"""The rights that nobody has over what is held: one policy for every role that could delete.

`stacks.backups` makes it and attaches it to the zone's own roles. AWS knows no policy of a snapshot
itself, and one account has nobody above it: people's roles must be given this policy as well, by
whoever makes them (docs/guide/deploy.md says how).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.policy_document import deny, document

_ERASING = {
    "rds": (
        "rds:DeleteDBSnapshot",
        "rds:DeleteDBInstance",
        "rds:DeleteDBInstanceAutomatedBackup",
    ),
    "backup": (
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
    ),
    "elasticfilesystem": ("elasticfilesystem:DeleteFileSystem",),
}


@dataclass(frozen=True)
class HoldsArgs:
    """`roles` are the names of the zone's own roles, by purpose."""

    zone: str
    roles: Mapping[str, pulumi.Input[str]]


class Holds(pulumi.ComponentResource):
    """Produces the policy and its attachments."""

    policy_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: HoldsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Holds", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        policy = aws.iam.Policy(
            f"{name}-policy",
            name=naming.role(args.zone, "hold"),
            description=f"Nobody deletes what carries {naming.TAG_HOLD}: {args.zone}",
            policy=hold_policy(),
            tags=naming.tags(args.zone),
            opts=child,
        )
        for purpose, role in args.roles.items():
            aws.iam.RolePolicyAttachment(
                f"{name}-{purpose}", role=role, policy_arn=policy.arn, opts=child
            )
        self.policy_arn = policy.arn
        self.register_outputs({"policy_arn": self.policy_arn})


def hold_policy() -> str:
    """Return the denial: whatever carries the tag of a hold, with any value."""
    held = {"Null": {f"aws:ResourceTag/{naming.TAG_HOLD}": "false"}}
    return document(
        *(
            {**deny(actions, ["*"], Condition=held), "Sid": f"NothingHeldIsErased{service.title()}"}
            for service, actions in _ERASING.items()
        )
    )
