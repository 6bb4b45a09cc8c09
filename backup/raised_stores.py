"""What AWS deletes by its own clock, store by store, and how a hold makes it wait.

`backup.raising` goes over them. A store shows each thing's present value as text, says what a hold
raises it to, and sets it. What is raised already is raised to itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cloud import databases, lifecycles, log_groups
from cloud.databases import Settings
from cloud.door import Door
from cloud.permitted import permitted
from continuity.manifest import Manifest
from continuity.permissions import (
    DESCRIBE_DATABASES,
    DESCRIBE_LOG_GROUPS,
    KEEP_LOGS,
    MODIFY_DATABASE,
    READ_LIFECYCLE,
    WRITE_LIFECYCLE,
)
from continuity.restorable import AUTOMATED_DAYS
from continuity.zone import SiteName

LOG_DAYS = 90
"""Assumption: long enough to look into an incident; one of the numbers that CloudWatch takes."""


class Store(Protocol):
    """One kind of thing in one region."""

    @property
    def kind(self) -> str:
        """Return the first part of what is remembered: `rds`."""

    def look(self) -> Mapping[str, str]:
        """Return what there is, by name, and how it is now."""

    def raised(self, value: str) -> str:
        """Return what a hold makes of a value."""

    def meant(self, was: str, now: str) -> str:
        """Return what is to be put back where somebody set another value while it was raised."""

    def put(self, name: str, value: str) -> None:
        """Set a value."""


@dataclass(frozen=True)
class AutomatedBackups:
    """For how many days RDS keeps automated backups. 0 is none: changing that is an outage.

    Those that other regions receive are not among them: no call changes how long they stay, so the
    program begins them with the most (decision 0038).
    """

    door: Door
    instances: Sequence[str]
    kind: str = "rds"

    @permitted(DESCRIBE_DATABASES)
    def look(self) -> Mapping[str, str]:
        """Return the days of every instance that has backups."""
        found = databases.describe(self.door, self.instances)
        return {
            name: str(state.retention_days) for name, state in found.items() if state.retention_days
        }

    def raised(self, value: str) -> str:
        """Return the most that RDS takes."""
        return str(max(int(value), AUTOMATED_DAYS))

    def meant(self, was: str, now: str) -> str:  # noqa: ARG002 - as the protocol has it
        """Return what was set last."""
        return now

    @permitted(MODIFY_DATABASE, DESCRIBE_DATABASES)
    def put(self, name: str, value: str) -> None:
        """Set the days at once, not in the maintenance window."""
        databases.modify(self.door, name, Settings(retention_days=int(value)))


@dataclass(frozen=True)
class Logs:
    """For how many days log groups keep; those that keep for ever are not among them."""

    door: Door
    groups: Sequence[str]
    kind: str = "logs"

    @permitted(DESCRIBE_LOG_GROUPS)
    def look(self) -> Mapping[str, str]:
        """Return the days of every group that has an end."""
        found = log_groups.retentions(self.door, self.groups)
        return {name: str(days) for name, days in found.items() if days is not None}

    def raised(self, value: str) -> str:
        """Return at least what a hold wants."""
        return str(max(int(value), LOG_DAYS))

    def meant(self, was: str, now: str) -> str:  # noqa: ARG002 - as the protocol has it
        """Return what was set last."""
        return now

    @permitted(KEEP_LOGS)
    def put(self, name: str, value: str) -> None:
        """Set the days."""
        log_groups.keep(self.door, name, int(value))


@dataclass(frozen=True)
class Lifecycles:
    """The rules by which S3 deletes, by bucket: their names with commas between. Raised is none."""

    door: Door
    buckets: Sequence[str]
    kind: str = "s3"

    @permitted(READ_LIFECYCLE)
    def look(self) -> Mapping[str, str]:
        """Return the rules that are on."""
        return {name: ",".join(lifecycles.expiring(self.door, name)) for name in self.buckets}

    def raised(self, value: str) -> str:  # noqa: ARG002 - as the protocol has it
        """Return no rule at all."""
        return ""

    def meant(self, was: str, now: str) -> str:
        """Return the rules that were on, and those that came since."""
        return ",".join(sorted({*was.split(","), *now.split(",")} - {""}))

    @permitted(READ_LIFECYCLE, WRITE_LIFECYCLE)
    def put(self, name: str, value: str) -> None:
        """Switch exactly these on."""
        lifecycles.expire_by(self.door, name, value.split(","))


def of_site(manifest: Manifest, name: SiteName, door: Door) -> tuple[Store, ...]:
    """Return what AWS deletes by itself in a site."""
    kept = manifest.sites[name].safekeeping
    archive = [kept.archive] if kept.archive else []
    return (
        AutomatedBackups(door, [one.members[name].identifier for one in manifest.databases]),
        Logs(door, [group.name for group in kept.log_groups]),
        Lifecycles(door, [*(bucket.name for bucket in kept.buckets), *archive]),
    )
