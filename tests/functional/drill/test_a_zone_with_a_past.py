"""A drill's zone has run for weeks: what can be restored, and what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from continuity.manifest import Manifest
from simulator import backstage, inside
from simulator.backup_history import COPIED_AFTER
from simulator.content import Content
from simulator.deployment import deploy
from simulator.past import Past, Snapshots
from simulator.settled import settle
from simulator.world import World

PROJECT = Path(__file__).resolve().parents[3]
ZONE = "ops"
PAST = timedelta(days=20)


@dataclass(frozen=True)
class Settled:
    world: World
    manifest: Manifest

    @property
    def away(self) -> Any:  # noqa: ANN401 - a boto3 client
        return backstage.client("rds", self.manifest.standby_site.region)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()


@pytest.fixture(scope="module")
def settled() -> Iterator[Settled]:
    with World(seed=3) as world:
        manifest, _ = deploy(world, ZONE, PROJECT)
        settle(world, manifest, Past(days=PAST.days, snapshots=Snapshots.DAILY))
        yield Settled(world, manifest)


def test_replicated_backups_reach_back_as_far_as_they_are_kept(settled: Settled) -> None:
    backups = settled.away.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    kept = {one.name: one.backup_retention_days for one in settled.manifest.databases}
    assert len(backups) == len(kept)
    for one in backups:
        window = one["RestoreWindow"]
        behind = settled.now - window["LatestTime"]
        assert COPIED_AFTER <= behind < COPIED_AFTER + timedelta(minutes=5)
        begun = settled.now - PAST
        kept_since = window["LatestTime"] - timedelta(days=one["BackupRetentionPeriod"])
        assert window["EarliestTime"] - max(begun, kept_since) == timedelta()


def test_the_standby_has_a_copy_of_each_day_that_the_zone_keeps(settled: Settled) -> None:
    copies = settled.away.describe_db_snapshots()["DBSnapshots"]
    days = min(20, settled.manifest.retention.daily)
    by_database: dict[str, list[datetime]] = {}
    for one in copies:
        tags = {tag["Key"]: tag["Value"] for tag in one["TagList"]}
        assert one["Status"] == "available"
        assert one["SnapshotCreateTime"] > one["OriginalSnapshotCreateTime"]
        taken = one["OriginalSnapshotCreateTime"]
        by_database.setdefault(tags["holdfast:database"], []).append(taken)
    assert sorted(by_database) == sorted(one.name for one in settled.manifest.databases)
    for taken in by_database.values():
        assert len(set(taken)) == days
        newest = max(taken)
        assert settled.now - newest < timedelta(hours=25)
        assert newest - min(taken) == timedelta(days=days - 1)


def test_a_copy_holds_what_was_written_until_its_day_and_no_more(settled: Settled) -> None:
    database = settled.manifest.databases[0]
    here = settled.manifest.serving_site.region
    primary = inside.instance(here, database.members[settled.manifest.active].identifier)
    copies = [
        one
        for one in settled.away.describe_db_snapshots()["DBSnapshots"]
        if one["DBSnapshotIdentifier"].startswith(f"{ZONE}-{database.name}-")
    ]
    newest = max(copies, key=lambda one: one["OriginalSnapshotCreateTime"])
    region = settled.manifest.standby_site.region
    mark = Content.of(settled.world).snapshot(region, newest["DBSnapshotIdentifier"])
    assert mark is not None
    missing = Content.of(settled.world).mark(primary).count - mark.count
    age_s = (settled.now - newest["OriginalSnapshotCreateTime"]).total_seconds()
    assert missing == pytest.approx(age_s / 900, abs=1)
