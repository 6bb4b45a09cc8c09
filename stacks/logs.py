"""The logs of a zone outside of the region that wrote them: an archive in each site, copied.

`stacks.safekeeping` makes it once per zone; `stacks.log_groups` has what stays where it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity.zone import SiteName
from stacks.bucket import KeptBucket, KeptBucketArgs
from stacks.log_archive import LogArchive, LogArchiveArgs
from stacks.place import Place
from stacks.replication import Replication, ReplicationArgs

ARCHIVE = "logs"
_VERSIONS_DAYS = 30  # nothing rewrites an archived log: this is room for a mistake, not retention


@dataclass(frozen=True)
class LogSite:
    """One site: its log groups, and who hears when they are not archived."""

    place: Place
    key_arn: pulumi.Input[str]
    groups: Mapping[str, aws.cloudwatch.LogGroup]
    topic: pulumi.Input[str]


@dataclass(frozen=True)
class LogsArgs:
    """`archive_days` is how long the archives keep."""

    zone: str
    archive_days: int
    sites: Mapping[SiteName, LogSite]


class Logs(pulumi.ComponentResource):
    """Produces the archive buckets, what fills them, and their replication both ways."""

    archives: dict[SiteName, KeptBucket]

    def __init__(
        self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Logs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.archives = {
            site: KeptBucket(
                f"{name}-archive-{site}",
                KeptBucketArgs(
                    here.place,
                    ARCHIVE,
                    here.key_arn,
                    versions_days=_VERSIONS_DAYS,
                    days=args.archive_days,
                    backed_up=False,
                ),
                child,
            )
            for site, here in args.sites.items()
        }
        places = {site: here.place for site, here in args.sites.items()}
        keys = {site: here.key_arn for site, here in args.sites.items()}
        Replication(
            f"{name}-replication",
            ReplicationArgs(args.zone, "logs", places, keys, {ARCHIVE: self.archives}),
            child,
        )
        for site, here in args.sites.items():
            LogArchive(
                f"{name}-{site}",
                LogArchiveArgs(
                    here.place, here.key_arn, self.archives[site], here.groups, here.topic
                ),
                child,
            )
        self.register_outputs({})
