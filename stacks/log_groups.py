"""The log groups of a site, one or more per source, each keeping what its source's setting says.

`stacks.foundation` makes them before anything writes: RDS and Lambda would make groups of their own
otherwise, which keep everything for ever and are encrypted with nobody's key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.place import Place
from stacks.settings_logs import LogSource

_SUFFIX = {
    LogSource.PLATFORM: "platform",
    LogSource.FLOW_LOGS: "flow-logs",
    LogSource.BACKUP: "backup",
}


@dataclass(frozen=True)
class LogGroupsArgs:
    """`days` by source; `instances` are the identifiers of the site's database instances."""

    place: Place
    key_arn: pulumi.Input[str]
    days: Mapping[LogSource, int]
    instances: Sequence[str]


class LogGroups(pulumi.ComponentResource):
    """Produces the groups. `of` has those of each source, by name."""

    of: dict[LogSource, dict[str, aws.cloudwatch.LogGroup]]

    def __init__(
        self, name: str, args: LogGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:LogGroups", name, None, opts)
        self._name, self._args = name, args
        self.of = {
            source: {group: self._group(source, group) for group in names}
            for source, names in _names(args.place, args.instances).items()
        }
        self.register_outputs({})

    def only(self, source: LogSource) -> aws.cloudwatch.LogGroup:
        """Return the group of a source that has one."""
        (group,) = self.of[source].values()
        return group

    def of_instance(self, identifier: str) -> list[aws.cloudwatch.LogGroup]:
        """Return the groups that a database instance writes to."""
        return [self.of[LogSource.DATABASES][database_group(identifier)]]

    @property
    def all(self) -> dict[str, aws.cloudwatch.LogGroup]:
        """Return every group by name."""
        return {name: group for groups in self.of.values() for name, group in groups.items()}

    def _group(self, source: LogSource, full_name: str) -> aws.cloudwatch.LogGroup:
        """Declare a group. What a lost or rebuilt instance wrote stays until it is old enough."""
        place = self._args.place
        return aws.cloudwatch.LogGroup(
            f"{self._name}-{in_a_name(full_name)}",
            region=place.region,
            name=full_name,
            retention_in_days=self._args.days[source],
            kms_key_id=self._args.key_arn,
            tags=place.tags(),
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )


def _names(place: Place, instances: Sequence[str]) -> dict[LogSource, list[str]]:
    own = {source: [f"{place.log_groups}/{suffix}"] for source, suffix in _SUFFIX.items()}
    return {**own, LogSource.DATABASES: [database_group(each) for each in instances]}


def database_group(instance: str) -> str:
    """Return where RDS writes an instance's PostgreSQL log; the name is RDS's own."""
    return f"/aws/rds/instance/{instance}/postgresql"


def in_a_name(group: str) -> str:
    """Return a group's name as a part of another name: `holdfast-we1-home-platform`."""
    return group.strip("/").replace("/", "-")
