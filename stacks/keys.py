"""The encryption key of one site: data that rests there is encrypted with it.

Each site has a key of its own: a replica or a copy must be readable while the other region is gone.
What a run needs to tell that the key itself is gone is not under it (decision 0014).
`stacks.foundation` makes one per site, before everything that stores anything.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.policy_document import allow, document

_DAYS_TO_REGRET = 30  # the longest that KMS waits before a deleted key, and all its data, is gone
_ADMINISTRATION = tuple(
    f"kms:{action}"
    for action in """
    CancelKeyDeletion CreateAlias CreateGrant Decrypt DeleteAlias DescribeKey DisableKey
    DisableKeyRotation EnableKey EnableKeyRotation Encrypt GenerateDataKey
    GenerateDataKeyWithoutPlaintext GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies
    ListKeyRotations ListResourceTags PutKeyPolicy ReEncryptFrom ReEncryptTo RetireGrant
    RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateAlias
    UpdateKeyDescription
    """.split()  # noqa: SIM905 - a table of words, not a list
)
"""Everything that can be done to a key of this kind; IAM decides who of the account may do it."""


@dataclass(frozen=True)
class KeysArgs:
    """`place`: the site whose data the key encrypts."""

    place: Place


class Keys(pulumi.ComponentResource):
    """Produces the site's KMS key, rotated yearly, and an alias for people."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Keys", name, None, opts)
        place = args.place
        key = aws.kms.Key(
            f"{name}-key",
            region=place.region,
            description=f"Everything at rest in {place.zone} {place.site}",
            enable_key_rotation=True,
            deletion_window_in_days=_DAYS_TO_REGRET,
            policy=_policy(place),
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.kms.Alias(
            f"{name}-alias",
            region=place.region,
            name=f"alias/holdfast-{place.zone}-{place.site}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def _policy(place: Place) -> str:
    """Let IAM decide for the account, and let CloudWatch encrypt the site's own log groups.

    Those of its databases have names that RDS made up. CloudWatch's alarms may speak into the
    site's topic, which AWS's own key for topics would not let them.

    In a key's policy the resource `*` means the key itself: AWS has no other way to say it.
    """
    account = {"AWS": f"arn:aws:iam::{place.account}:root"}
    logs = {"Service": f"logs.{place.region}.amazonaws.com"}
    groups = [
        place.arn("logs", f"log-group:{place.log_groups}/*"),
        place.arn("logs", f"log-group:/aws/rds/instance/{place.zone}-*"),
    ]
    uses = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo")
    return document(
        allow(_ADMINISTRATION, ["*"], Principal=account),
        allow(
            (
                *uses,
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ),
            ["*"],
            Principal=logs,
            Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        ),
        allow(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            ["*"],
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": place.account}},
        ),
    )
