"""What nights of backups have left when a drill begins: points of databases and of files.

`simulator.settled` calls `leave`. They bear the names and tags that captures and copies give, and
there are those that the zone's retention keeps: a zone in which the nightly duties have run for so
long looks like this, and `holdfast drill year` shows that it goes on looking like this.

Assumptions: a point was taken five minutes after its window opened, and a copy was there two hours
later.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from moto.backup.models import backup_backends

from backup.rotation import kept
from continuity import naming
from continuity.manifest import Database, Manifest
from simulator import backstage, inside, plans_on_time
from simulator.content import Content
from simulator.corrections import backup_points
from simulator.corrections.protection_plans import selections
from simulator.moto_time import utc
from simulator.world import World

TAKEN_AFTER = timedelta(minutes=5)
COPIED_AFTER = timedelta(hours=2)


def leave(world: World, manifest: Manifest, days: int) -> None:
    """Let there be what the retention keeps of so many nights. Nothing of it takes time."""
    rule, zone = manifest.retention, manifest.window.timezone
    moments = kept(
        list(nights(manifest, world.clock.now(), days)),
        daily=rule.daily,
        weekly=rule.weekly,
        monthly=rule.monthly,
        tz=zone,
    )
    for moment in sorted(moments):
        for database in manifest.databases:
            snapshot(world, manifest, database, moment)
        for site in manifest.sites.values():
            _files(site.region, moment)


def nights(manifest: Manifest, now: datetime, days: int) -> Iterator[datetime]:
    """Yield when the point of each of the last nights was taken, oldest first."""
    zone = ZoneInfo(manifest.window.timezone)
    local = now.astimezone(zone).date()
    for age in range(days, -1, -1):
        opened = datetime.combine(local - timedelta(days=age), manifest.window.start)
        taken = opened.replace(tzinfo=zone).astimezone(UTC) + TAKEN_AFTER
        if taken + COPIED_AFTER <= now:
            yield taken


def snapshot(world: World, manifest: Manifest, database: Database, taken: datetime) -> None:
    """Let there be a database's point of a moment, and its copy in the other region."""
    here, there = manifest.serving_site, manifest.standby_site
    day = taken.astimezone(ZoneInfo(manifest.window.timezone)).date().isoformat()
    name = naming.snapshot(manifest.zone, database.name, day)
    tags = {**naming.tags(manifest.zone, manifest.active, database.name), naming.TAG_POINT: day}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    instance = database.members[manifest.active].identifier
    source = backstage.client("rds", here.region).create_db_snapshot(
        DBInstanceIdentifier=instance, DBSnapshotIdentifier=name, Tags=listed
    )["DBSnapshot"]["DBSnapshotArn"]
    backstage.client("rds", there.region).copy_db_snapshot(
        SourceDBSnapshotIdentifier=source,
        TargetDBSnapshotIdentifier=name,
        KmsKeyId=there.key_arn,
        Tags=listed,
    )
    content = Content.of(world)
    mark = content.at(inside.instance(here.region, instance), utc(taken))
    for region, created in ((here.region, taken), (there.region, taken + COPIED_AFTER)):
        made = inside.snapshot(region, name)
        made.created, made.original_snapshot_create_time = utc(created), utc(taken)
        content.remember(region, name, mark)


def _files(region: str, taken: datetime) -> None:
    """Let every plan of a region have taken a point of everything that it is for."""
    for plan in list(backup_backends[inside.ACCOUNT][region].plans.values()):
        asked = [one["BackupSelection"] for one in selections(plan).values()]
        chosen = [
            (resource, selection["IamRoleArn"])
            for selection in asked
            for resource in plans_on_time.chosen(region, selection)
        ]
        for rule in plan.backup_plan["Rules"]:
            for resource, role in chosen:
                arn = backstage.client("backup", region).start_backup_job(
                    BackupVaultName=rule["TargetBackupVaultName"],
                    ResourceArn=resource,
                    IamRoleArn=role,
                )["RecoveryPointArn"]
                _copies(region, rule, (arn, role), taken)


def _copies(region: str, rule: dict[str, Any], whose: tuple[str, str], taken: datetime) -> None:
    """Date a point back, and its copies with it."""
    arn, role = whose
    vault = backup_backends[inside.ACCOUNT][region].vaults[rule["TargetBackupVaultName"]]
    _date([backup_points.points(vault)[arn]], taken)
    for action in rule.get("CopyActions", ()):
        backstage.client("backup", region).start_copy_job(
            RecoveryPointArn=arn,
            SourceBackupVaultName=rule["TargetBackupVaultName"],
            DestinationBackupVaultArn=action["DestinationBackupVaultArn"],
            IamRoleArn=role,
        )
        job = list(backup_points.jobs(backup_backends[inside.ACCOUNT][region]).values())[-1]
        _date([job.destination], taken)


def _date(points: Iterable[backup_points.RecoveryPoint], taken: datetime) -> None:
    for point in points:
        point.created, point.completed = taken, taken + COPIED_AFTER
