"""The files of a zone: three buckets in each site, and a shared file system where declared.

`stacks.safekeeping` makes it once per zone. Public files are private here like all others: clients
get them through the platform, so that a move of traffic is a move of theirs too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.bucket import KeptBucket, KeptBucketArgs
from stacks.file_system import FileSystem, FileSystemArgs, FileSystemSite
from stacks.policy_document import allow, document
from stacks.replication import Replication, ReplicationArgs
from stacks.scratch import Scratch, ScratchArgs
from stacks.settings_files import FileSettings

PURPOSES = naming.FILES


@dataclass(frozen=True)
class FilesArgs:
    """`active` is the site that serves; `task_role` is the name of what the platform runs as."""

    zone: str
    task_role: pulumi.Input[str]
    settings: FileSettings
    active: SiteName
    sites: Mapping[SiteName, FileSystemSite]


class Files(pulumi.ComponentResource):
    """Produces the buckets, their replication, the platform's rights, scratch places, and the EFS.

    The platform reads all three and writes two: configuration is what a release brings.
    """

    buckets: dict[str, dict[SiteName, KeptBucket]]
    scratch: dict[SiteName, Scratch]
    file_system: FileSystem | None

    def __init__(
        self, name: str, args: FilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Files", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.buckets = {
            purpose: {site: self._bucket(purpose, site) for site in SiteName}
            for purpose in PURPOSES
        }
        places = {site: here.place for site, here in args.sites.items()}
        keys = {site: here.key_arn for site, here in args.sites.items()}
        Replication(
            f"{name}-replication",
            ReplicationArgs(args.zone, "files", places, keys, self.buckets),
            self._child,
        )
        self._grant(keys)
        self.scratch = {site: self._scratch(site) for site in SiteName}
        self.file_system = self._file_system() if args.settings.file_system else None
        self.register_outputs({})

    def _bucket(self, purpose: str, site: SiteName) -> KeptBucket:
        here = self._args.sites[site]
        return KeptBucket(
            f"{self._name}-{purpose}-{site}",
            KeptBucketArgs(here.place, purpose, here.key_arn, self._args.settings.versions_days),
            self._child,
        )

    def _scratch(self, site: SiteName) -> Scratch:
        here = self._args.sites[site]
        return Scratch(
            f"{self._name}-scratch-{site}", ScratchArgs(here.place, here.key_arn), self._child
        )

    def _file_system(self) -> FileSystem:
        return FileSystem(
            f"{self._name}-shared", FileSystemArgs(self._args.active, self._args.sites), self._child
        )

    def _grant(self, keys: Mapping[SiteName, pulumi.Input[str]]) -> None:
        aws.iam.RolePolicy(
            f"{self._name}-application-policy",
            name=naming.role(self._args.zone, "application-files"),
            role=self._args.task_role,
            policy=pulumi.Output.all(*keys.values()).apply(self._application_policy),
            opts=self._child,
        )

    def _application_policy(self, key_arns: list[str]) -> str:
        def arns(*purposes: str, below: str = "") -> list[str]:
            return [
                f"arn:aws:s3:::{here.place.bucket(purpose)}{below}"
                for here in self._args.sites.values()
                for purpose in purposes
            ]

        return document(
            allow(("s3:ListBucket",), arns(*PURPOSES)),
            allow(("s3:GetObject",), arns(*PURPOSES, below="/*")),
            allow(("s3:PutObject", "s3:DeleteObject"), arns("public", "private", below="/*")),
            allow(("kms:Decrypt", "kms:GenerateDataKey"), key_arns),
        )
