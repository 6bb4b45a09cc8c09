"""A past for a zone that was deployed a moment ago: it has run for weeks when a drill begins.

`drill.run` and the served world call `settle` once, after the deployment and before any client
comes. Then backups reach days back, there is data of all that time, and, where it is asked for,
the standby site has a copy of a snapshot of each day. Without it nothing could be restored to
yesterday.

Assumptions: a database got a row every quarter of an hour before the drill; a day's snapshot was
taken when the backup window opens, and its copy took an hour.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from continuity import naming
from continuity.manifest import Database, Manifest
from simulator import (
    backstage,
    backup_history,
    free_storage,
    host_counts,
    inside,
    nights,
    settled_files,
    settled_points,
)
from simulator.content import Content
from simulator.moto_time import utc
from simulator.past import Past, Snapshots
from simulator.world import World

ROW_EVERY_S = 900.0
COPY_TOOK = timedelta(hours=1)


def settle(world: World, manifest: Manifest, past: Past) -> None:
    """Let a zone have run for some days, and be in peace from now on unless faults strike."""
    host_counts.assume(world)
    free_storage.assume(world)
    began = utc(world.clock.now()) - timedelta(days=past.days)
    for site in manifest.sites.values():
        for instance in inside.instances(site.region).values():
            if inside.tags_of(instance).get(naming.TAG_ZONE) == manifest.zone:
                _age(instance, began)
        nights.count(world, manifest.zone, site.region)
    for database in manifest.databases:
        _fill(world, manifest, database, past.days)
    settled_files.lie(manifest, world.clock.now() - timedelta(days=past.days))
    if past.snapshots is Snapshots.DAILY:
        with world.instantly():
            _copy_daily(world, manifest, min(past.days, manifest.retention.daily))
    if past.snapshots is Snapshots.NIGHTLY:
        with world.instantly():
            settled_points.leave(world, manifest, past.days)


def _age(instance: Any, began: datetime) -> None:  # noqa: ANN401 - a moto DBInstance
    """Let an instance be as old as the zone, and its backups as far as it takes any."""
    instance.created = began
    if instance.backup_retention_period:
        backup_history.begin(instance, began)


def _fill(world: World, manifest: Manifest, database: Database, days: int) -> None:
    """Commit what was written to a database before anybody watched."""
    rows = Content.of(world).rows(_primary(manifest, database))
    now = world.clock.monotonic()
    if rows is not None:
        for number in range(int(days * 86_400 / ROW_EVERY_S), 0, -1):
            rows.commit(now - number * ROW_EVERY_S)


def _primary(manifest: Manifest, database: Database) -> Any:  # noqa: ANN401 - a moto DBInstance
    member = database.members[manifest.active]
    return inside.instance(manifest.serving_site.region, member.identifier)


def _copy_daily(world: World, manifest: Manifest, days: int) -> None:
    for database in manifest.databases:
        for taken in _openings(database, utc(world.clock.now()), days):
            _copy(world, manifest, database, taken)


def _openings(database: Database, now: datetime, days: int) -> Iterator[datetime]:
    """Yield when the backup window last opened, on each of the last days, oldest first."""
    hour, minute = (int(part) for part in database.backup_window.partition("-")[0].split(":"))
    newest = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if newest + COPY_TOOK > now:
        newest -= timedelta(days=1)
    for age in range(days - 1, -1, -1):
        yield newest - timedelta(days=age)


def _copy(world: World, manifest: Manifest, database: Database, taken: datetime) -> None:
    """Take a snapshot in the serving site, copy it, and date both back."""
    name = f"{manifest.zone}-{database.name}-{taken:%Y%m%d-%H%M}"
    here, there = manifest.serving_site, manifest.standby_site
    content = Content.of(world)
    source = backstage.client("rds", here.region).create_db_snapshot(
        DBInstanceIdentifier=database.members[manifest.active].identifier,
        DBSnapshotIdentifier=name,
        Tags=_tags(naming.tags(manifest.zone, manifest.active, database.name)),
    )["DBSnapshot"]["DBSnapshotArn"]
    backstage.client("rds", there.region).copy_db_snapshot(
        SourceDBSnapshotIdentifier=source,
        TargetDBSnapshotIdentifier=name,
        KmsKeyId=there.key_arn,
        Tags=_tags(naming.tags(manifest.zone, manifest.standby, database.name)),
    )
    mark = content.at(_primary(manifest, database), taken)
    for region, created in ((here.region, taken), (there.region, taken + COPY_TOOK)):
        snapshot = inside.snapshot(region, name)
        snapshot.created, snapshot.original_snapshot_create_time = created, taken
        content.remember(region, name, mark)


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
