"""The AWS Backup vault of a site: where daily points of files lie, and copies of the other site's.

`stacks.backups` makes one per site. It is not locked: in a locked vault nobody could keep a point
longer while something is wrong, which is what a hold is (decision 0018).
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.place import Place
from stacks.policy_document import deny, document

_SHORTENING = (
    "backup:DeleteRecoveryPoint",
    "backup:DisassociateRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
)


@dataclass(frozen=True)
class VaultArgs:
    """`key_arn` encrypts every point, whatever encrypted what it is a point of."""

    place: Place
    key_arn: pulumi.Input[str]


class Vault(pulumi.ComponentResource):
    """Produces the vault, and the policy that nobody's rights can overrule."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: VaultArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Vault", name, None, opts)
        place = args.place
        vault = aws.backup.Vault(
            f"{name}-vault",
            region=place.region,
            name=place.name("vault"),
            kms_key_arn=args.key_arn,
            force_destroy=False,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.backup.VaultPolicy(
            f"{name}-policy",
            region=place.region,
            backup_vault_name=vault.name,
            policy=policy(place),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.arn = vault.name, vault.arn
        self.register_outputs({"arn": self.arn})


def policy(place: Place) -> str:
    """Return what is denied whatever IAM allows: to shorten a point's life.

    Only the backup role does that, by the zone's retention; and while a point carries a hold, not
    even that role. In a vault's policy the resource `*` means the vault and what lies in it.
    """
    backup = f"arn:aws:iam::{place.account}:role/{naming.role(place.zone, 'backup')}"
    held = {"Null": {f"aws:ResourceTag/{naming.TAG_HOLD}": "false"}}
    others = {"ArnNotEquals": {"aws:PrincipalArn": backup}}
    return document(
        {
            **deny(_SHORTENING, ["*"], Principal="*", Condition=others),
            "Sid": "OnlyTheRetentionDeletes",
        },
        {**deny(_SHORTENING, ["*"], Principal="*", Condition=held), "Sid": "NothingHeldIsDeleted"},
        {**deny(("backup:DeleteBackupVault",), ["*"], Principal="*"), "Sid": "TheVaultStays"},
    )
