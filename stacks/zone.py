"""A zone: its two sites, its databases, its name, and the manifest that remembers all of it.

`__main__.py` makes one per stack. This file is the wiring: which component is given what of which.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from continuity.zone import SiteName
from stacks.application_roles import ApplicationRoles, ApplicationRolesArgs, ApplicationSite
from stacks.channels import Channels, ChannelsArgs
from stacks.database import Database, DatabaseArgs, DatabaseSite
from stacks.dns import Address, Dns, DnsArgs, DnsSite
from stacks.domain import Domain, DomainArgs
from stacks.foundation import Foundation, FoundationArgs
from stacks.holding_page import HoldingPage, HoldingPageArgs
from stacks.hosting import Hosting, HostingArgs
from stacks.images import Images, ImagesArgs
from stacks.incident_function import IncidentFunction, IncidentFunctionArgs
from stacks.latch import Latch, of_witness
from stacks.manifest import RecoveryManifest, RecoveryManifestArgs
from stacks.manifest_entries import SiteParts
from stacks.network import Tier
from stacks.permissions import Permissions, PermissionsArgs, SitePermissions
from stacks.place import Place
from stacks.safekeeping import Safekeeping, SafekeepingArgs, SafekeepingSite, instances
from stacks.settings import Settings
from stacks.settings_databases import DatabaseSettings
from stacks.settings_logs import LogSource


@dataclass(frozen=True)
class ZoneArgs:
    """`passwords` by database, proposed for those that have none yet."""

    settings: Settings
    account: str
    passwords: Mapping[str, pulumi.Input[str]]


class Zone(pulumi.ComponentResource):
    """Produces everything of a zone, symmetric over its sites; `manifest` is its text."""

    manifest: pulumi.Output[str]

    def __init__(
        self, name: str, args: ZoneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Zone", name, None, opts)
        self._name, self._args, self._settings = name, args, args.settings
        self._child = pulumi.ResourceOptions(parent=self)
        self._places = {
            site: Place(args.settings.zone, site, declared.region, args.account)
            for site, declared in args.settings.sites.items()
        }
        self._foundations = {site: self._foundation(site) for site in SiteName}
        witness = of_witness(name, args.account, args.settings.witness)
        self._witness = Latch(f"{name}-witness-latch", witness, self._child)
        self._rights = self._permissions()
        self._domain = Domain(
            f"{name}-domain", DomainArgs(name, args.settings.domain, self._places), self._child
        )
        self._channels()
        for site, made in self._foundations.items():
            self._incident_function(site, made)
        self._databases = {each.name: self._database(each) for each in args.settings.databases}
        self._images = Images(
            f"{name}-images", ImagesArgs(name, args.settings.active, self._places), self._child
        )
        self._roles = self._application_roles()
        sites = {site: self._parts(site) for site in SiteName}
        dns = self._dns(sites)
        kept = self._safekeeping(sites)
        manifest = RecoveryManifest(
            f"{name}-manifest",
            RecoveryManifestArgs(
                args.settings, self._domain.hosted_zone_id, sites, self._databases, dns, kept
            ),
            self._child,
        )
        self.manifest = manifest.text
        self.register_outputs({"manifest": self.manifest})

    def _foundation(self, site: SiteName) -> Foundation:
        return Foundation(
            f"{self._name}-{site}",
            FoundationArgs(
                place=self._places[site],
                settings=self._settings.sites[site],
                application_port=self._settings.hosting.port,
                log_days=self._settings.logs.days,
                instances=instances(self._settings, site),
            ),
            self._child,
        )

    def _permissions(self) -> Permissions:
        sites = {
            site: SitePermissions(self._places[site], made.keys.arn, made.network.firewall.database)
            for site, made in self._foundations.items()
        }
        return Permissions(
            f"{self._name}-permissions",
            PermissionsArgs(self._name, self._args.account, self._settings.domain, sites),
            self._child,
        )

    def _channels(self) -> None:
        if self._settings.channels.used:
            Channels(
                f"{self._name}-channels",
                ChannelsArgs(
                    self._settings.channels,
                    self._settings.domain,
                    self._domain.hosted_zone_id,
                    self._places,
                ),
                self._child,
            )

    def _incident_function(self, site: SiteName, foundation: Foundation) -> None:
        IncidentFunction(
            f"{self._name}-{site}-incident",
            IncidentFunctionArgs(
                place=self._places[site],
                timezone=self._settings.window.timezone,
                role=self._rights.incident_function_role,
                log_group=foundation.log_groups.only(LogSource.BACKUP),
                topic=foundation.alerts.topic,
                tells=bool(self._settings.channels.used),
            ),
            self._child,
        )

    def _application_roles(self) -> ApplicationRoles:
        sites = {
            site: ApplicationSite(self._places[site], made.keys.arn)
            for site, made in self._foundations.items()
        }
        return ApplicationRoles(
            f"{self._name}-roles",
            ApplicationRolesArgs(self._name, self._args.account, sites),
            self._child,
        )

    def _database(self, declared: DatabaseSettings) -> Database:
        sites = {
            site: DatabaseSite(
                place=self._places[site],
                identifier=self._identifier(declared, site),
                key_arn=made.keys.arn,
                subnet_group=made.network.subnet_group,
                security_group=made.network.firewall.database,
                logs=made.log_groups.of_instance(self._identifier(declared, site)),
            )
            for site, made in self._foundations.items()
        }
        return Database(
            f"{self._name}-{declared.name}",
            DatabaseArgs(
                settings=declared,
                active=self._settings.active,
                windows=self._settings.rds_windows,
                password=self._args.passwords[declared.name],
                sites=sites,
            ),
            self._child,
        )

    def _identifier(self, declared: DatabaseSettings, site: SiteName) -> str:
        place = self._settings.databases.index(declared)
        return instances(self._settings, site)[place]

    def _parts(self, site: SiteName) -> SiteParts:
        place, foundation = self._places[site], self._foundations[site]
        return SiteParts(
            place, foundation, self._hosting(site), self._holding_page(place, foundation)
        )

    def _hosting(self, site: SiteName) -> Hosting:
        settings, foundation = self._settings, self._foundations[site]
        serves = site is settings.active
        return Hosting(
            f"{self._name}-{site}-hosting",
            HostingArgs(
                place=self._places[site],
                settings=settings.hosting,
                counts=settings.hosting.serving if serves else settings.hosting.standby,
                network=foundation.network,
                certificate_arn=self._domain.certificates[site],
                repository=self._images.repositories[site],
                log_group=foundation.log_groups.only(LogSource.PLATFORM).name,
                task_role=self._roles.task_role,
                execution_role=self._roles.execution_role,
                databases=[database.access(site) for database in self._databases.values()],
            ),
            self._child,
        )

    def _holding_page(self, place: Place, foundation: Foundation) -> HoldingPage:
        return HoldingPage(
            f"{self._name}-{place.site}-holding",
            HoldingPageArgs(
                place=place,
                security_group=foundation.network.firewall.load_balancer,
                subnets=foundation.network.subnets[Tier.PUBLIC],
                certificate_arn=self._domain.certificates[place.site],
            ),
            self._child,
        )

    def _safekeeping(self, sites: Mapping[SiteName, SiteParts]) -> Safekeeping:
        return Safekeeping(
            f"{self._name}-safekeeping",
            SafekeepingArgs(
                settings=self._settings,
                account=self._args.account,
                task_role=self._roles.task_role_name,
                permissions=self._rights,
                sites={
                    site: SafekeepingSite(parts.place, parts.foundation, parts.hosting)
                    for site, parts in sites.items()
                },
            ),
            self._child,
        )

    def _dns(self, sites: Mapping[SiteName, SiteParts]) -> Dns:
        return Dns(
            f"{self._name}-dns",
            DnsArgs(
                zone=self._name,
                name=self._settings.domain,
                hosted_zone_id=self._domain.hosted_zone_id,
                active=self._settings.active,
                sites={
                    site: DnsSite(
                        latch_host=parts.foundation.latch.host,
                        platform=Address(parts.hosting.dns_name, parts.hosting.zone_id),
                        holding_page=Address(
                            parts.holding_page.dns_name, parts.holding_page.zone_id
                        ),
                    )
                    for site, parts in sites.items()
                },
                witness_host=self._witness.host,
            ),
            self._child,
        )
