"""The recovery points of a zone: a vault and a plan in each site, and what protects a held point.

`stacks.safekeeping` makes it once per zone. Databases are not AWS Backup's affair here: their
points are RDS snapshots that the backup verbs take, copy and count (decision 0018).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from continuity.window import MaintenanceWindow
from continuity.zone import Retention, SiteName
from stacks.backup_plan import BackupPlan, BackupPlanArgs
from stacks.backup_service import BackupService, BackupServiceArgs
from stacks.holds import Holds, HoldsArgs
from stacks.place import Place
from stacks.vault import Vault, VaultArgs


@dataclass(frozen=True)
class BackupSite:
    """One site, and what encrypts there."""

    place: Place
    key_arn: pulumi.Input[str]


@dataclass(frozen=True)
class BackupsArgs:
    """`roles` are the names of the zone's roles that a hold binds, by purpose."""

    zone: str
    account: str
    active: SiteName
    window: MaintenanceWindow
    retention: Retention
    roles: Mapping[str, pulumi.Input[str]]
    sites: Mapping[SiteName, BackupSite]


class Backups(pulumi.ComponentResource):
    """Produces vaults, plans, the role of AWS Backup, and the policy of holds."""

    vaults: dict[SiteName, Vault]
    service_role_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Backups", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.vaults = {
            site: Vault(f"{name}-{site}", VaultArgs(here.place, here.key_arn), self._child)
            for site, here in args.sites.items()
        }
        service = BackupService(
            f"{name}-service", BackupServiceArgs(args.zone, args.account), self._child
        )
        self.service_role_arn = service.arn
        for site in SiteName:
            self._plan(site)
        Holds(f"{name}-holds", HoldsArgs(args.zone, args.roles), self._child)
        self.register_outputs({})

    def _plan(self, site: SiteName) -> None:
        args, vault = self._args, self.vaults[site]
        serves = site is args.active
        BackupPlan(
            f"{self._name}-{site}-files",
            BackupPlanArgs(
                place=args.sites[site].place,
                vault_name=vault.name,
                vault_arn=vault.arn,
                copy_to=self.vaults[site.other].arn if serves else None,
                service_role_arn=self.service_role_arn,
                window=args.window,
                reach_days=args.retention.reach_days,
            ),
            self._child,
        )
