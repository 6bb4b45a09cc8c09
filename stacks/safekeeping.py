"""What replication cannot protect, and who says so: files, logs, recovery points, alarms.

`stacks.zone` makes it once per zone, after everything that it keeps. `entries` is what the manifest
says of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi

from continuity.proving import ScratchPlace
from continuity.zone import SiteName
from stacks.alarms import Alarms, AlarmsArgs, WatchedDatabase
from stacks.backup_runs import BackupRuns, BackupRunsArgs
from stacks.backups import Backups, BackupsArgs, BackupSite
from stacks.file_readers import FileReaders, FileReadersArgs
from stacks.file_system import FileSystemSite
from stacks.files import Files, FilesArgs
from stacks.foundation import Foundation
from stacks.freshness_alarms import FreshnessAlarms, FreshnessAlarmsArgs
from stacks.hosting import Hosting
from stacks.logs import Logs, LogsArgs, LogSite
from stacks.permissions import Permissions
from stacks.place import Place
from stacks.prober import Prober, ProberArgs
from stacks.reading_rights import ReadingRights, ReadingRightsArgs
from stacks.settings import Settings
from stacks.settings_logs import LogSource


@dataclass(frozen=True)
class SafekeepingSite:
    """One site, as the zone has built it."""

    place: Place
    foundation: Foundation
    hosting: Hosting


@dataclass(frozen=True)
class SafekeepingArgs:
    """`task_role` is the name of what the platform runs as, `permissions` the zone's own roles."""

    settings: Settings
    account: str
    task_role: pulumi.Input[str]
    permissions: Permissions
    sites: Mapping[SiteName, SafekeepingSite]


class Safekeeping(pulumi.ComponentResource):
    """Produces files, logs and backups of the zone, what tries them, and alarms of both sites."""

    files: Files
    logs: Logs
    backups: Backups
    runs: dict[SiteName, BackupRuns]
    probers: dict[SiteName, Prober]
    scratch: dict[SiteName, pulumi.Output[ScratchPlace]]

    def __init__(
        self, name: str, args: SafekeepingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Safekeeping", name, None, opts)
        self._name, self._args, self._settings = name, args, args.settings
        self._child = pulumi.ResourceOptions(parent=self)
        self.files = self._files()
        self.logs = self._logs()
        self.backups = self._backups()
        self.runs = {site: self._runs(site) for site in SiteName}
        self.probers = {site: self._prober(site) for site in SiteName}
        self.scratch = {site: self._scratch(site) for site in SiteName}
        if self.files.file_system is not None:
            self._reading_rights()
        for site in SiteName:
            self._alarms(site)
            self._freshness(site)
        self.register_outputs({})

    def _files(self) -> Files:
        sites = {
            site: FileSystemSite(made.place, made.foundation.network, made.foundation.keys.arn)
            for site, made in self._args.sites.items()
        }
        settings = self._settings
        return Files(
            f"{self._name}-files",
            FilesArgs(settings.zone, self._args.task_role, settings.files, settings.active, sites),
            self._child,
        )

    def _logs(self) -> Logs:
        sites = {
            site: LogSite(
                made.place,
                made.foundation.keys.arn,
                made.foundation.log_groups.all,
                made.foundation.alerts.topic,
            )
            for site, made in self._args.sites.items()
        }
        settings = self._settings
        return Logs(
            f"{self._name}-logs",
            LogsArgs(settings.zone, settings.logs.archive_days, sites),
            self._child,
        )

    def _backups(self) -> Backups:
        settings, permissions = self._settings, self._args.permissions
        return Backups(
            f"{self._name}-backups",
            BackupsArgs(
                zone=settings.zone,
                account=self._args.account,
                active=settings.active,
                window=settings.window,
                retention=settings.retention,
                roles={
                    "failover": permissions.failover_role,
                    "backup": permissions.backup_role,
                    "readiness": permissions.readiness_role,
                },
                sites={
                    site: BackupSite(made.place, made.foundation.keys.arn)
                    for site, made in self._args.sites.items()
                },
            ),
            self._child,
        )

    def _runs(self, site: SiteName) -> BackupRuns:
        made, foundation = self._args.sites[site], self._args.sites[site].foundation
        return BackupRuns(
            f"{self._name}-{site}-backup",
            BackupRunsArgs(
                place=made.place,
                serves=site is self._settings.active,
                window=self._settings.window,
                key_arn=foundation.keys.arn,
                role=self._args.permissions.backup_role,
                log_group=foundation.log_groups.only(LogSource.BACKUP),
                topic=foundation.alerts.topic,
            ),
            self._child,
        )

    def _prober(self, site: SiteName) -> Prober:
        made, foundation = self._args.sites[site], self._args.sites[site].foundation
        return Prober(
            f"{self._name}-{site}-prober",
            ProberArgs(
                place=made.place,
                timezone=self._settings.window.timezone,
                network=foundation.network,
                key_arn=foundation.keys.arn,
                lease_table=foundation.controller.lease_table,
                log_group=foundation.log_groups.only(LogSource.BACKUP),
            ),
            self._child,
        )

    def _scratch(self, site: SiteName) -> pulumi.Output[ScratchPlace]:
        """Return where points of the site are tried, those of its shared file system included."""
        probed, shared = self.probers[site].entry, self.files.file_system
        if shared is None:
            return probed
        made, foundation = self._args.sites[site], self._args.sites[site].foundation
        readers = FileReaders(
            f"{self._name}-{site}-readers",
            FileReadersArgs(
                place=made.place,
                timezone=self._settings.window.timezone,
                network=foundation.network,
                file_system_arn=shared.made[site].arn,
                opening=shared.openings[site],
                lease_table=foundation.controller.lease_table,
                log_group=foundation.log_groups.only(LogSource.BACKUP),
            ),
            self._child,
        )
        both = pulumi.Output.all(probed, readers.entry)
        return both.apply(lambda pair: replace(pair[0], files=pair[1]))

    def _reading_rights(self) -> None:
        permissions = self._args.permissions
        ReadingRights(
            f"{self._name}-reading",
            ReadingRightsArgs(
                self._settings.zone,
                {"backup": permissions.backup_role, "restore": permissions.restore_role},
                [made.place for made in self._args.sites.values()],
            ),
            self._child,
        )

    def _alarms(self, site: SiteName) -> None:
        made, settings = self._args.sites[site], self._settings
        serves = site is settings.active
        counts = settings.hosting.serving if serves else settings.hosting.standby
        Alarms(
            f"{self._name}-{site}-alarms",
            AlarmsArgs(
                place=made.place,
                topic=made.foundation.alerts.topic,
                serves=serves,
                databases=[
                    WatchedDatabase(each, identifier)
                    for each, identifier in zip(
                        settings.databases, instances(settings, site), strict=True
                    )
                ],
                balancer=made.hosting.balancer_suffix,
                targets=made.hosting.targets_suffix,
                least_tasks=counts.minimum,
            ),
            self._child,
        )

    def _freshness(self, site: SiteName) -> None:
        made, settings = self._args.sites[site], self._settings
        kinds = [*self.files.buckets, *(["file-system"] if settings.files.file_system else [])]
        files = {owner: [f"{owner}-{kind}" for kind in kinds] for owner in SiteName}
        copied = site.other is settings.active
        FreshnessAlarms(
            f"{self._name}-{site}-freshness",
            FreshnessAlarmsArgs(
                place=made.place,
                topic=made.foundation.alerts.topic,
                databases=[database.name for database in settings.databases],
                files=[*files[site], *(files[site.other] if copied else [])],
                silent=[] if copied else files[site.other],
                rpo=settings.objectives.rpo,
            ),
            self._child,
        )


def instances(settings: Settings, site: SiteName) -> list[str]:
    """Return the identifiers of a site's database instances, in the order of the settings."""
    incarnation = settings.sites[site].incarnation
    return [
        database.identifier(settings.zone, site, incarnation) for database in settings.databases
    ]
