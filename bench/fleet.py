"""Worlds for the benches of recovery: the real zone we1, with as many databases as are wanted.

The program is deployed as it is; further databases are made beside its own, in its networks and
with its keys, because registering a thousand of them with Pulumi measures Pulumi.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from continuity import addresses, naming
from continuity.manifest import Database, Manifest, Member
from continuity.zone import SiteName
from simulator import backstage, limits
from simulator.deployment import deploy
from simulator.world import World

ZONE = "we1"
SEED = 1
PROJECT = Path(__file__).resolve().parent.parent
STORAGE_GB = 20

SNAPSHOTS = 10_000
"""The quota of manual snapshots of an account with so many databases: it was asked for."""

RESTORED_GB = (20, 100, 500, 1000)
"""How large the databases without a replica are, one after the other."""

EVERY = 5
"""In a mixed fleet one database in five has no replica, only a copied snapshot."""


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
def fleet(count: int, *, mixed: bool = False) -> Iterator[Fleet]:
    """Enter a world in which we1 has this many databases, all with a replica unless it is mixed."""
    with World(SEED) as world:
        manifest, _ = deploy(world, ZONE, PROJECT)
        for place in manifest.sites.values():
            limits.change(world, place.region, limits.MANUAL_SNAPSHOTS, SNAPSHOTS)
        with world.instantly():
            databases = tuple(_databases(manifest, count, mixed=mixed))
            for site in SiteName:
                _tell_tasks(manifest, site, databases)
        yield Fleet(world, replace(manifest, databases=databases))


def _databases(manifest: Manifest, count: int, *, mixed: bool) -> Iterator[Database]:
    yield from manifest.databases[:count]
    model = manifest.databases[-1]
    for number in range(len(manifest.databases), count):
        copied = mixed and number % EVERY == 0
        yield _another(manifest, model, number, copied=copied)


def _tell_tasks(manifest: Manifest, name: SiteName, databases: tuple[Database, ...]) -> None:
    """Tell a site's tasks where its databases are, as a deployment of the program does."""
    site = manifest.sites[name]
    hosting = site.hosting
    backstage.client("s3", site.region).put_object(
        Bucket=hosting.addresses_bucket,
        Key=hosting.addresses_key,
        Body=addresses.text({one.name: one.members[name].address for one in databases}).encode(),
    )
    backstage.client("ecs", site.region).update_service(
        cluster=hosting.cluster, service=hosting.service, forceNewDeployment=True
    )


def _another(manifest: Manifest, model: Database, number: int, *, copied: bool) -> Database:
    """Make a primary and its replica, or a copy of its snapshot in the place of one."""
    name = f"db{number:04d}"
    size_gb = RESTORED_GB[number // EVERY % len(RESTORED_GB)] if copied else STORAGE_GB
    members = {site: _member(manifest, model, name, site) for site in SiteName}
    made = replace(model, name=name, storage_gb=size_gb, members=members)
    _make_primary(manifest, made)
    if copied:
        _make_copy(manifest, made)
    else:
        _make_replica(manifest, name, members)
    return made


def _member(manifest: Manifest, model: Database, name: str, site: SiteName) -> Member:
    like = model.members[site]
    identifier = naming.instance(manifest.zone, name, site, manifest.sites[site].incarnation)
    return replace(
        like,
        identifier=identifier,
        arn=like.arn.replace(like.identifier, identifier),
        address=like.address.replace(like.identifier, identifier),
    )


def _make_primary(manifest: Manifest, model: Database) -> None:
    site, member = manifest.serving_site, model.members[manifest.active]
    backstage.client("rds", site.region).create_db_instance(
        DBInstanceIdentifier=member.identifier,
        DBInstanceClass=member.instance_class,
        Engine=model.engine,
        EngineVersion=model.engine_version,
        AllocatedStorage=model.storage_gb,
        MasterUsername="bench",
        MasterUserPassword="nothing-to-hide",
        DBParameterGroupName=member.parameter_group,
        DBSubnetGroupName=site.subnet_group,
        VpcSecurityGroupIds=[site.database_security_group],
        BackupRetentionPeriod=model.backup_retention_days,
        PreferredBackupWindow=model.backup_window,
        StorageEncrypted=True,
        KmsKeyId=site.key_arn,
        Tags=_tags(manifest, manifest.active, model.name),
    )


def _make_copy(manifest: Manifest, made: Database) -> None:
    """Take a snapshot where the zone serves, and copy it to where it stands by."""
    home, away = manifest.serving_site, manifest.standby_site
    name, tags = f"{manifest.zone}-{made.name}-bench", _tags(manifest, manifest.active, made.name)
    taken = backstage.client("rds", home.region).create_db_snapshot(
        DBSnapshotIdentifier=name,
        DBInstanceIdentifier=made.members[manifest.active].identifier,
        Tags=tags,
    )["DBSnapshot"]
    backstage.client("rds", away.region).copy_db_snapshot(
        SourceDBSnapshotIdentifier=taken["DBSnapshotArn"],
        TargetDBSnapshotIdentifier=name,
        KmsKeyId=away.key_arn,
        Tags=tags,
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
