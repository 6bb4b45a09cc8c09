"""The recovery manifest: everything that run time must know, as literals, with a copy per site.

`stacks.zone` makes it last and exports its text: the one thing that leaves deploy time. Its
bucket has a name that needs no look-up, so a disaster finds it with nothing but the zone's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from continuity import manifest_json, naming
from continuity.manifest import Database as DatabaseEntry
from continuity.manifest import Manifest, Site, Traffic, Witness
from continuity.zone import SiteName
from stacks.database import Database
from stacks.dns import ALIAS_TTL_S, Dns
from stacks.latch_checks import CHECK_INTERVAL_S, FAILURE_THRESHOLD
from stacks.manifest_copy import ManifestCopy, ManifestCopyArgs
from stacks.manifest_entries import SiteParts, database_entry, site_entry
from stacks.safekeeping import Safekeeping
from stacks.settings import Settings


@dataclass(frozen=True)
class RecoveryManifestArgs:
    """`databases` are the components of `settings.databases`, by name."""

    settings: Settings
    hosted_zone_id: pulumi.Output[str]
    sites: Mapping[SiteName, SiteParts]
    databases: Mapping[str, Database]
    dns: Dns
    safekeeping: Safekeeping


class RecoveryManifest(pulumi.ComponentResource):
    """Produces the manifest's text, and a private, versioned, encrypted copy in each site."""

    text: pulumi.Output[str]

    def __init__(
        self, name: str, args: RecoveryManifestArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:RecoveryManifest", name, None, opts)
        settings = args.settings
        sites = {
            site: site_entry(args.sites[site], settings, args.dns.checks[site], args.safekeeping)
            for site in SiteName
        }
        databases = [
            database_entry(declared, settings, args.databases[declared.name])
            for declared in settings.databases
        ]
        found = pulumi.Output.all(
            args.hosted_zone_id, pulumi.Output.all(*sites.values()), pulumi.Output.all(*databases)
        )
        account = args.sites[SiteName.HOME].place.account
        self.text = found.apply(lambda parts: _text(settings, account, *parts))
        for site, parts in args.sites.items():
            ManifestCopy(
                f"{name}-{site}",
                ManifestCopyArgs(parts.place, self.text),
                pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"text": self.text})


def _text(
    settings: Settings,
    account: str,
    hosted_zone_id: str,
    sites: Sequence[Site],
    databases: Sequence[DatabaseEntry],
) -> str:
    return manifest_json.dump(
        Manifest(
            zone=settings.zone,
            kind=settings.kind,
            account=account,
            active=settings.active,
            approvers=settings.approvers,
            objectives=settings.objectives,
            retention=settings.retention,
            window=settings.window,
            traffic=Traffic(
                name=settings.domain,
                hosted_zone_id=hosted_zone_id,
                ttl_s=ALIAS_TTL_S,
                check_interval_s=CHECK_INTERVAL_S,
                failure_threshold=FAILURE_THRESHOLD,
            ),
            sites=dict(zip(SiteName, sites, strict=True)),
            databases=tuple(databases),
            witness=Witness(settings.witness, naming.witness_bucket(account, settings.zone)),
            approver_roles=(naming.role(settings.zone, "failover"),),
            functions=settings.functions,
            channels=settings.channels,
            notice=settings.notice,
        )
    )
