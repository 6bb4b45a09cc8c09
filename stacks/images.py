"""The platform's image in both regions: a standby must not pull from the region that is lost.

`stacks.zone` makes it once per zone, before `stacks.hosting`. ECR copies only what is pushed
after replication was set up, so a new standby gets its first image with the next release.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity.zone import SiteName
from stacks.application_roles import repository
from stacks.place import Place


@dataclass(frozen=True)
class ImagesArgs:
    """Releases are pushed to the `active` site and copied to the other; `places` by name."""

    zone: str
    active: SiteName
    places: Mapping[SiteName, Place]


class Images(pulumi.ComponentResource):
    """Produces a repository per site, and the rule that copies from the serving one.

    A registry has one set of rules per account and region: two zones of one account cannot
    serve from the same region.
    """

    repositories: dict[SiteName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Images", name, None, opts)
        self._name, self._args = name, args
        self.repositories = {site: self._repository(site).repository_url for site in SiteName}
        self._replicate()
        self.register_outputs({})

    def _repository(self, site: SiteName) -> aws.ecr.Repository:
        place = self._args.places[site]
        return aws.ecr.Repository(
            f"{self._name}-{site}",
            region=place.region,
            name=repository(place.zone),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "AES256"}],
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _replicate(self) -> None:
        """Copy from the serving site. Kept when roles change: its region may be the lost one."""
        source = self._args.places[self._args.active]
        target = self._args.places[self._args.active.other]
        rule = {
            "destinations": [{"region": target.region, "registry_id": target.account}],
            "repository_filters": [
                {"filter": repository(source.zone), "filter_type": "PREFIX_MATCH"}
            ],
        }
        aws.ecr.ReplicationConfiguration(
            f"{self._name}-from-{source.site}",
            region=source.region,
            replication_configuration={"rules": [rule]},
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
