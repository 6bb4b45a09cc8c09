"""The manifest's word on a site's stores, from what `stacks.safekeeping` became.

`stacks.manifest_entries` puts it into the entry of the site.
"""

import pulumi

from continuity import naming
from continuity.safekeeping import Bucket, LogGroup
from continuity.safekeeping import Safekeeping as Entry
from continuity.zone import SiteName
from stacks.foundation import Foundation
from stacks.place import Place
from stacks.safekeeping import Safekeeping
from stacks.settings import Settings


def safekeeping_entry(
    place: Place, foundation: Foundation, settings: Settings, made: Safekeeping
) -> pulumi.Output[Entry]:
    """Return what `backup` must know of a site, once all of it is there."""
    site = place.site
    vault = made.backups.vaults[site]
    purposes = tuple(made.files.buckets)
    names = [made.files.buckets[purpose][site].name for purpose in purposes]
    found = pulumi.Output.all(
        vault=vault.name,
        vault_arn=vault.arn,
        service_role_arn=made.backups.service_role_arn,
        scratch=made.files.scratch[site].name,
        archive=made.logs.archives[site].name,
        alerts=foundation.alerts.topic,
        dead_letters=made.runs[site].dead_letters,
        buckets=pulumi.Output.all(*names).apply(lambda found: tuple(map(Bucket, purposes, found))),
        **_file_system(made, site),
    )
    groups = _log_groups(foundation, settings)
    role = f"arn:aws:iam::{place.account}:role/{naming.role(place.zone, 'backup')}"
    schedules = made.runs[site].schedules
    return found.apply(
        lambda outputs: Entry(role_arn=role, log_groups=groups, schedules=schedules, **outputs)
    )


def _file_system(made: Safekeeping, site: SiteName) -> dict[str, pulumi.Output[str]]:
    if made.files.file_system is None:
        return {}
    here = made.files.file_system.made[site]
    return {"file_system": here.id, "file_system_arn": here.arn}


def _log_groups(foundation: Foundation, settings: Settings) -> tuple[LogGroup, ...]:
    return tuple(
        LogGroup(name, settings.logs.days[source])
        for source, groups in foundation.log_groups.of.items()
        for name in groups
    )
