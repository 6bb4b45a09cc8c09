"""Worlds for `bench/recovery.py`: the real zone we1, with as many databases as are wanted.

The program is deployed as it is; further databases are made beside its own, in its networks and
with its keys, because registering a thousand of them with Pulumi measures Pulumi.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from continuity import naming
from continuity.manifest import Database, Manifest, Member
from continuity.zone import SiteName
from simulator import backstage
from simulator.deployment import deploy
from simulator.world import World

ZONE = "we1"
SEED = 1
PROJECT = Path(__file__).resolve().parent.parent
STORAGE_GB = 20


@dataclass(frozen=True)
class Fleet:
    """A world and its zone, home region still there."""

    world: World
    manifest: Manifest

    @property
    def replicas(self) -> list[str]:
        """Return the identifiers of the standby's instances, in order of the manifest."""
        standby = self.manifest.standby
        return [database.members[standby].identifier for database in self.manifest.databases]


@contextmanager
def fleet(count: int) -> Iterator[Fleet]:
    """Enter a world in which we1 has this many databases."""
    with World(SEED) as world:
        manifest, _ = deploy(world, ZONE, PROJECT)
        with world.instantly():
            databases = tuple(_databases(manifest, count))
        yield Fleet(world, replace(manifest, databases=databases))


def _databases(manifest: Manifest, count: int) -> Iterator[Database]:
    yield from manifest.databases[:count]
    model = manifest.databases[-1]
    for number in range(len(manifest.databases), count):
        yield _another(manifest, model, f"db{number:04d}")


def _another(manifest: Manifest, model: Database, name: str) -> Database:
    """Make a primary and its replica, and return them as the manifest describes a database."""
    members = {site: _member(manifest, model, name, site) for site in SiteName}
    _make_primary(manifest, model, name, members[manifest.active])
    _make_replica(manifest, name, members)
    return replace(model, name=name, storage_gb=STORAGE_GB, members=members)


def _member(manifest: Manifest, model: Database, name: str, site: SiteName) -> Member:
    like = model.members[site]
    identifier = naming.instance(manifest.zone, name, site, manifest.sites[site].incarnation)
    return replace(
        like,
        identifier=identifier,
        arn=like.arn.replace(like.identifier, identifier),
        address=like.address.replace(like.identifier, identifier),
    )


def _make_primary(manifest: Manifest, model: Database, name: str, member: Member) -> None:
    site = manifest.serving_site
    backstage.client("rds", site.region).create_db_instance(
        DBInstanceIdentifier=member.identifier,
        DBInstanceClass=member.instance_class,
        Engine=model.engine,
        EngineVersion=model.engine_version,
        AllocatedStorage=STORAGE_GB,
        MasterUsername="bench",
        MasterUserPassword="nothing-to-hide",
        DBParameterGroupName=member.parameter_group,
        DBSubnetGroupName=site.subnet_group,
        VpcSecurityGroupIds=[site.database_security_group],
        BackupRetentionPeriod=model.backup_retention_days,
        PreferredBackupWindow=model.backup_window,
        StorageEncrypted=True,
        KmsKeyId=site.key_arn,
        Tags=_tags(manifest, manifest.active, name),
    )


def _make_replica(manifest: Manifest, name: str, members: dict[SiteName, Member]) -> None:
    """Make a replica as the program's are: what RDS does not take at once is modified in."""
    site, member = manifest.standby_site, members[manifest.standby]
    rds = backstage.client("rds", site.region)
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier=member.identifier,
        SourceDBInstanceIdentifier=members[manifest.active].arn,
        DBInstanceClass=member.instance_class,
        DBSubnetGroupName=site.subnet_group,
        VpcSecurityGroupIds=[site.database_security_group],
        KmsKeyId=site.key_arn,
        Tags=_tags(manifest, manifest.standby, name),
    )
    rds.modify_db_instance(
        DBInstanceIdentifier=member.identifier,
        DBParameterGroupName=member.parameter_group,
        DeletionProtection=True,
        ApplyImmediately=True,
    )
    rds.reboot_db_instance(DBInstanceIdentifier=member.identifier)


def _tags(manifest: Manifest, site: SiteName, name: str) -> list[dict[str, str]]:
    tags = naming.tags(manifest.zone, site, name)
    return [{"Key": key, "Value": value} for key, value in tags.items()]
