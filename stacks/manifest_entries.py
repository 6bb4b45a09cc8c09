"""The manifest's entries, from what the components became.

`stacks.manifest` puts them together. Each function waits for the outputs it needs and returns one
frozen value of the vocabulary: nothing half-known gets into a manifest.
"""

from dataclasses import dataclass
from typing import Any

import pulumi

from continuity import naming
from continuity.manifest import Database as DatabaseEntry
from continuity.manifest import Hosting as HostingEntry
from continuity.manifest import Latch as LatchEntry
from continuity.manifest import Member, Site
from continuity.zone import SiteName
from stacks.database import Database, Instance
from stacks.firewall import POSTGRES
from stacks.foundation import Foundation
from stacks.holding_page import HoldingPage
from stacks.hosting import Hosting
from stacks.instance import ENGINE
from stacks.latch_checks import SiteChecks
from stacks.place import Place
from stacks.safekeeping import Safekeeping
from stacks.safekeeping_entry import safekeeping_entry
from stacks.scopes import latch_keys, warrant_key
from stacks.settings import Settings
from stacks.settings_databases import DatabaseSettings


@dataclass(frozen=True)
class SiteParts:
    """The components of one site."""

    place: Place
    foundation: Foundation
    hosting: Hosting
    holding_page: HoldingPage


def site_entry(
    parts: SiteParts, settings: Settings, checks: SiteChecks, safekeeping: Safekeeping
) -> pulumi.Output[Site]:
    """Return what the manifest says of a site, once everything in it is there."""
    place, foundation = parts.place, parts.foundation
    closed_key, open_key = latch_keys(place.site)
    keys = (closed_key, open_key, warrant_key(place.site))
    latch = foundation.latch.bucket.apply(lambda name: LatchEntry(name, *keys))
    found = pulumi.Output.all(
        key_arn=foundation.keys.arn,
        vpc_id=foundation.network.vpc_id,
        application_security_group=foundation.network.firewall.application,
        database_security_group=foundation.network.firewall.database,
        subnet_group=foundation.network.subnet_group,
        hosting=_hosting(parts, settings),
        latch=latch,
        lease_table=foundation.controller.lease_table,
        journal_table=foundation.controller.journal_table,
        incident_table=foundation.controller.incident_table,
        not_closed_check=checks.not_closed,
        open_check=checks.open,
        serves_check=checks.serves,
        warrant_check=checks.warrant,
        witness_check=checks.witness,
        safekeeping=safekeeping_entry(place, foundation, settings, safekeeping),
        scratch=safekeeping.scratch[place.site],
    )
    literal: dict[str, Any] = {
        "region": place.region,
        "incarnation": settings.sites[place.site].incarnation,
        "manifest_bucket": place.bucket("manifest"),
        "manifest_key": naming.MANIFEST_KEY,
    }
    return found.apply(lambda outputs: Site(**literal, **outputs))


def _hosting(parts: SiteParts, settings: Settings) -> pulumi.Output[HostingEntry]:
    """The counts are those of a serving site in both: what a standby is raised to."""
    hosting, counts = parts.hosting, settings.hosting.serving
    found = pulumi.Output.all(
        cluster=hosting.cluster,
        service=hosting.service,
        task_definition=hosting.task_definition,
        image=hosting.image,
        load_balancer=hosting.dns_name,
        holding_page=parts.holding_page.dns_name,
        scalable_target=hosting.scalable_target,
    )
    literal: dict[str, Any] = {
        "serving_minimum": counts.minimum,
        "serving_desired": counts.desired,
        "serving_maximum": counts.maximum,
        "cpu": settings.hosting.cpu,
        "addresses_bucket": parts.place.bucket("addresses"),
        "addresses_key": naming.ADDRESSES_KEY,
    }
    return found.apply(lambda outputs: HostingEntry(**literal, **outputs))


def database_entry(
    declared: DatabaseSettings, settings: Settings, database: Database
) -> pulumi.Output[DatabaseEntry]:
    """Return what the manifest says of a database and of its instance in each site."""
    window = settings.rds_windows.backup
    members = [_member(declared, database.instances[site]) for site in SiteName]
    return pulumi.Output.all(*members).apply(
        lambda found: DatabaseEntry(
            name=declared.name,
            priority=declared.priority,
            engine=ENGINE,
            engine_version=declared.engine_version,
            port=POSTGRES,
            storage_gb=declared.storage_gb,
            backup_retention_days=declared.backup_days,
            backup_window=window,
            members=dict(zip(SiteName, found, strict=True)),
            checks=declared.checks,
        )
    )


def _member(declared: DatabaseSettings, instance: Instance) -> pulumi.Output[Member]:
    """`multi_az` is what the instance must be once it serves, whatever it is while it follows."""
    found = pulumi.Output.all(
        instance.arn, instance.address, instance.parameter_group, instance.secret_arn
    )
    return found.apply(
        lambda outputs: Member(
            identifier=instance.identifier,
            arn=outputs[0],
            address=outputs[1],
            parameter_group=outputs[2],
            instance_class=declared.instance_class,
            multi_az=True,
            secret_arn=outputs[3],
        )
    )
