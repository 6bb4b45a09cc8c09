"""One database: an instance in each site, its backups in the other region, its password in both.

`stacks.zone` makes one per database. Which site has the primary is data: `stacks.instance` turns
a role into arguments, and nothing here is named by role, so that swapping roles replaces nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.restorable import AUTOMATED_DAYS
from continuity.zone import SiteName
from stacks.containers import DatabaseAccess
from stacks.firewall import POSTGRES
from stacks.instance import ENGINE, USER, Declared, Surroundings, arguments
from stacks.password import Password, PasswordArgs
from stacks.place import Place
from stacks.settings_databases import DatabaseSettings
from stacks.windows import RdsWindows

_ONLY_ENCRYPTED = {"name": "rds.force_ssl", "value": "1", "apply_method": "pending-reboot"}
"""Connections without TLS are refused. PostgreSQL 15 and later have this value anyway; asking RDS
to apply it by another method than its own is a change that RDS never takes, and every later
`pulumi up` would ask again (aws.rds.ParameterGroup, "Problematic Plan Changes")."""

_MEGABYTES, _SHARE = 1024, 4
"""A replica that is out of reach keeps the primary's log growing, by default until its disk is full
and it stops. A quarter of the disk is kept at most (PostgreSQL, `max_slot_wal_keep_size`, in MB):
a replica that is away for longer has to be built anew, and `holdfast check` says so."""

_PATIENCE = pulumi.CustomTimeouts(create="8h", update="8h")
"""The provider gives a new instance 40 minutes and a copy of its backups 75. With an empty database
that is enough; a replica of terabytes, built anew after a failover, takes hours."""

_NEVER_AFTERWARDS = ["db_name", "username"]
"""Set at creation and for ever. A promoted replica never had them as inputs: declaring them for
its new role would otherwise read as a change that demands another instance."""


@dataclass(frozen=True)
class DatabaseSite:
    """One site for a database. `identifier` is its instance's: a rebuilt one has another name.

    `logs` are the log groups that must be there before the instance writes.
    """

    place: Place
    identifier: str
    key_arn: pulumi.Input[str]
    subnet_group: pulumi.Input[str]
    security_group: pulumi.Input[str]
    logs: Sequence[pulumi.Resource]


@dataclass(frozen=True)
class DatabaseArgs:
    """`active` is the site with the primary; `password` is used at creation only."""

    settings: DatabaseSettings
    active: SiteName
    windows: RdsWindows
    password: pulumi.Input[str]
    sites: Mapping[SiteName, DatabaseSite]


@dataclass(frozen=True)
class Instance:
    """What run time needs to know of a database's presence in one site."""

    identifier: str
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    parameter_group: pulumi.Output[str]
    secret_arn: pulumi.Output[str]


class Database(pulumi.ComponentResource):
    """Produces a Multi-AZ primary, a replica in the other region, and copied backups there.

    A parameter group per site, and a password whose secret is replicated.
    """

    instances: dict[SiteName, Instance]

    def __init__(
        self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Database", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        keys = {site: args.sites[site].key_arn for site in SiteName}
        places = {site: args.sites[site].place for site in SiteName}
        self._password = Password(
            f"{name}-password",
            PasswordArgs(args.settings.name, places, keys, args.password),
            self._child,
        )
        self._groups = {site: self._parameter_group(site).name for site in SiteName}
        serving = self._instance(args.active, None)
        standby = self._instance(args.active.other, serving.arn)
        self._copy_backups(serving, standby)
        made = {args.active: serving, args.active.other: standby}
        self.instances = {
            site: Instance(
                self._identifier(site),
                made[site].arn,
                made[site].address,
                self._groups[site],
                self._password.arns[site],
            )
            for site in SiteName
        }
        self.register_outputs({"primary": serving.arn, "replica": standby.arn})

    def access(self, site: SiteName) -> pulumi.Output[DatabaseAccess]:
        """Return how tasks of a site reach their own instance."""
        name = self._args.settings.name
        parts = pulumi.Output.all(self.instances[site].address, self._password.arns[site])
        return parts.apply(
            lambda pair: DatabaseAccess(name, pair[0], POSTGRES, naming.schema(name), USER, pair[1])
        )

    def _identifier(self, site: SiteName) -> str:
        return self._args.sites[site].identifier

    def _parameter_group(self, site: SiteName) -> aws.rds.ParameterGroup:
        """Declare a group of the engine's own version; another version is another group."""
        place = self._args.sites[site].place
        family = f"{ENGINE}{self._args.settings.major_version}"
        return aws.rds.ParameterGroup(
            f"{self._name}-parameters-{site}-{family}",
            region=place.region,
            name=place.name(self._args.settings.name, family),
            description=f"Parameters of {self._args.settings.name} in {place.site}",
            family=family,
            parameters=[_ONLY_ENCRYPTED, self._kept_for_replicas()],
            tags=place.tags(self._args.settings.name),
            opts=self._child,
        )

    def _kept_for_replicas(self) -> dict[str, str]:
        most = self._args.settings.storage_gb * _MEGABYTES // _SHARE
        return {
            "name": "max_slot_wal_keep_size",
            "value": str(most),
            "apply_method": "immediate",
        }

    def _instance(self, site: SiteName, source: pulumi.Output[str] | None) -> aws.rds.Instance:
        """Declare the instance of a site: the primary, or a replica of `source`.

        Never deleted by this program: a lost primary that a person unprotected and dropped from it
        stays in AWS, with whatever was written last, until somebody removes it there.
        """
        here = self._args.sites[site]
        declared = Declared(
            self._identifier(site), self._args.settings, self._args.windows, here.place
        )
        surroundings = Surroundings(
            here.key_arn, here.subnet_group, here.security_group, self._groups[site]
        )
        return aws.rds.Instance(
            self._identifier(site),
            **arguments(declared, surroundings, source, self._password.current),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=here.logs,
                protect=True,
                retain_on_delete=True,
                ignore_changes=_NEVER_AFTERWARDS,
                custom_timeouts=_PATIENCE,
            ),
        )

    def _copy_backups(self, serving: aws.rds.Instance, standby: aws.rds.Instance) -> None:
        """Keep the primary's backups in the standby region too, against what a replica copies.

        After the replica, because RDS changes a source for one of the two at a time. Kept when
        roles change: these backups may be the only ones of the time before. How long they stay is
        said once, at the begin: as no hold could lengthen it later, it is the longest, and one that
        was begun with less is not begun anew for that (decision 0038).
        """
        target = self._args.sites[self._args.active.other]
        aws.rds.InstanceAutomatedBackupsReplication(
            f"{self._identifier(self._args.active)}-backups-in-{target.place.site}",
            region=target.place.region,
            source_db_instance_arn=serving.arn,
            kms_key_id=target.key_arn,
            retention_period=AUTOMATED_DAYS,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[standby],
                retain_on_delete=True,
                ignore_changes=["retention_period"],
                custom_timeouts=_PATIENCE,
            ),
        )
