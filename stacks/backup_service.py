"""The role that AWS Backup itself works as in both sites: it reads files and restores them.

`stacks.backups` makes it once per zone. Its policies are AWS's own: what the service needs to take
a point of a bucket changes with the service, and a list of ours that fell behind would show on the
day of a restore.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from stacks.policy_document import trust

_MANAGED = {
    "backup": "service-role/AWSBackupServiceRolePolicyForBackup",
    "restores": "service-role/AWSBackupServiceRolePolicyForRestores",
    "s3-backup": "AWSBackupServiceRolePolicyForS3Backup",
    "s3-restore": "AWSBackupServiceRolePolicyForS3Restore",
}


@dataclass(frozen=True)
class BackupServiceArgs:
    """`account` is the only one on whose behalf AWS Backup may take the role."""

    zone: str
    account: str


class BackupService(pulumi.ComponentResource):
    """Produces the role. `arn` is there once every policy is attached."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:BackupService", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.role(args.zone, "backup-service"),
            description=f"AWS Backup's own: takes and restores points of the files of {args.zone}",
            assume_role_policy=trust("backup.amazonaws.com", args.account),
            tags=naming.tags(args.zone),
            opts=child,
        )
        attached = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{purpose}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=child,
            ).id
            for purpose, policy in _MANAGED.items()
        ]
        self.arn = pulumi.Output.all(role.arn, *attached).apply(lambda found: str(found[0]))
        self.register_outputs({"arn": self.arn})
