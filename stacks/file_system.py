"""A shared file system (EFS) in both sites, the standby's a replica of the serving one.

`stacks.files` makes it where the zone declares one. Tasks mount the file system of their own site;
a failover ends the replication, and from then on the standby's can be written to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.zone import SiteName
from stacks.network import Network, Tier
from stacks.place import Place

NFS = 2049


@dataclass(frozen=True)
class FileSystemSite:
    """One site: where the file system stands and what encrypts it."""

    place: Place
    network: Network
    key_arn: pulumi.Input[str]


@dataclass(frozen=True)
class FileSystemArgs:
    """`active` is the site whose file system is written to."""

    active: SiteName
    sites: Mapping[SiteName, FileSystemSite]


@dataclass(frozen=True)
class Opening:
    """How one site's file system is reached: by whom its `door` admits, at its mount targets.

    `access_point` shows all of it, as root sees it: a function mounts nothing without one.
    """

    door: pulumi.Output[str]
    mounts: list[aws.efs.MountTarget]
    access_point: aws.efs.AccessPoint


class FileSystem(pulumi.ComponentResource):
    """Produces a file system per site with what opens it, and the replication."""

    made: dict[SiteName, aws.efs.FileSystem]
    openings: dict[SiteName, Opening]

    def __init__(
        self, name: str, args: FileSystemArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:FileSystem", name, None, opts)
        self._name, self._args = name, args
        self.made = {site: self._file_system(site) for site in SiteName}
        self.openings = {site: self._opening(site) for site in SiteName}
        self._replicate()
        self.register_outputs({})

    def _file_system(self, site: SiteName) -> aws.efs.FileSystem:
        """Declare a file system. Only what is not protected against it can become a replica."""
        here, place = self._args.sites[site], self._args.sites[site].place
        return aws.efs.FileSystem(
            f"{self._name}-{site}",
            region=place.region,
            creation_token=place.name("files"),
            encrypted=True,
            kms_key_id=here.key_arn,
            throughput_mode="elastic",
            protection={
                "replication_overwrite": "ENABLED" if site is self._args.active else "DISABLED"
            },
            tags={**place.tags(), "Name": place.name("files"), naming.TAG_BACKUP: "daily"},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )

    def _opening(self, site: SiteName) -> Opening:
        door = self._door(site)
        return Opening(door, self._mount(site, door), self._access_point(site))

    def _access_point(self, site: SiteName) -> aws.efs.AccessPoint:
        place = self._args.sites[site].place
        return aws.efs.AccessPoint(
            f"{self._name}-{site}-access",
            region=place.region,
            file_system_id=self.made[site].id,
            posix_user={"uid": 0, "gid": 0},
            root_directory={"path": "/"},
            tags={**place.tags(), "Name": place.name("files")},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _door(self, site: SiteName) -> pulumi.Output[str]:
        here, place = self._args.sites[site], self._args.sites[site].place
        group = aws.ec2.SecurityGroup(
            f"{self._name}-{site}-group",
            region=place.region,
            name=place.name("files"),
            # Another text is another group to AWS, which cannot take the place of one in use.
            description="Shared files: reached by tasks only",
            vpc_id=here.network.vpc_id,
            tags={**place.tags(), "Name": place.name("files")},
            opts=pulumi.ResourceOptions(parent=self),
        )
        tasks = here.network.firewall.application
        rule = {
            "region": place.region,
            "description": "tasks to shared files",
            "ip_protocol": "tcp",
            "from_port": NFS,
            "to_port": NFS,
            "tags": place.tags(),
            "opts": pulumi.ResourceOptions(parent=self),
        }
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{site}-in",
            security_group_id=group.id,
            referenced_security_group_id=tasks,
            **rule,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{site}-out",
            security_group_id=tasks,
            referenced_security_group_id=group.id,
            **rule,
        )
        found: pulumi.Output[str] = group.id
        return found

    def _mount(self, site: SiteName, group: pulumi.Output[str]) -> list[aws.efs.MountTarget]:
        here = self._args.sites[site]
        return [
            aws.efs.MountTarget(
                f"{self._name}-{site}-mount-{index}",
                region=here.place.region,
                file_system_id=self.made[site].id,
                subnet_id=subnet,
                security_groups=[group],
                opts=pulumi.ResourceOptions(parent=self),
            )
            for index, subnet in enumerate(here.network.subnets[Tier.PRIVATE])
        ]

    def _replicate(self) -> None:
        """Let the standby follow. A file system takes part in one replication only.

        So the old one goes before the new: when roles swap, this resource is replaced in place.
        """
        serving, standby = self._args.active, self._args.active.other
        aws.efs.ReplicationConfiguration(
            f"{self._name}-replication",
            region=self._args.sites[serving].place.region,
            source_file_system_id=self.made[serving].id,
            destination={
                "file_system_id": self.made[standby].id,
                "region": self._args.sites[standby].place.region,
            },
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
