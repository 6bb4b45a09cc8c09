"""A deployed zone that has run for days, in which recovery points can be tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backup import evidence_store, verify_loop, verify_trials
from backup.points import Kind, Series
from backup.verify import Tick, Work
from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest, Site
from simulator import backstage, corruption, inside
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.past import Past, Snapshots
from simulator.settled import settle
from simulator.world import World

PROJECT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Zone:
    """A zone in a world, and the door that the verbs go through."""

    world: World
    cloud: Cloud
    manifest: Manifest

    @property
    def away(self) -> Site:
        return self.manifest.standby_site

    def aws(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - a boto3 client
        return backstage.client(service, region or self.away.region)

    def work(self, by: str = "ana") -> Work:
        return verify_loop.work_of(self.cloud, self.manifest, self.manifest.standby, by)

    def tried(self, hours: float = 12.0, **asked: Any) -> Tick:  # noqa: ANN401 - of by_hand
        """Verify as a person does, for so many hours at most."""
        work = self.work()
        until = self.cloud.clock.monotonic() + hours * 3600
        return verify_loop.run(work, verify_loop.by_hand(work, **asked), until, lambda _: None)

    def finish(self) -> Tick:
        """Go on with what is under way, and begin nothing."""
        return verify_loop.run(self.work(), None, float("inf"), lambda _: None)

    def evidence(self, database: str) -> tuple[Any, ...]:
        series = Series(self.manifest.zone, database, Kind.DATABASE)
        door = self.cloud.at(self.away.region)
        return evidence_store.read(door, self.away.lease_table, [series]).get(series, ())

    def trials(self) -> tuple[Any, ...]:
        return verify_trials.read(self.cloud.at(self.away.region), self.away.lease_table)

    def scratches(self) -> list[str]:
        """Return what stands around that was restored to be looked at."""
        found = inside.instances(self.away.region)
        return sorted(name for name in found if "-scratch-" in name)

    def newest(self, database: str) -> str:
        """Return the newest copy of a database in the standby's region."""
        found = self.aws("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
        return max(one["DBSnapshotIdentifier"] for one in found if f"-{database}-" in str(one))

    def restores(self) -> int:
        """Return how many restores AWS was asked for so far."""
        return sum(call.operation == "RestoreDBInstanceFromDBSnapshot" for call in self.world.calls)

    def tags(self, point: str, region: str = "") -> dict[str, str]:
        rds = self.aws("rds", region)
        [found] = rds.describe_db_snapshots(DBSnapshotIdentifier=point)["DBSnapshots"]
        return {one["Key"]: one["Value"] for one in found["TagList"]}

    def corrupted(self, database: str) -> str:
        """Let somebody damage a database; return the point that is taken afterwards, copied."""
        home, now = self.manifest.serving_site, self.world.clock
        fault = Fault(FaultKind.DATA_CORRUPTED, 0, region=home.region, database=database)
        self.world.faults.schedule([fault], origin=now.monotonic())
        now.sleep(60)
        name = f"sa1-{database}-damaged"
        instance = naming.instance("sa1", database, self.manifest.active, 1)
        carried = naming.tags("sa1", None, database)
        tags = [{"Key": key, "Value": value} for key, value in carried.items()]
        with self.world.instantly():
            made = self.aws("rds", home.region).create_db_snapshot(
                DBSnapshotIdentifier=name, DBInstanceIdentifier=instance, Tags=tags
            )["DBSnapshot"]
            self.aws("rds").copy_db_snapshot(
                SourceDBSnapshotIdentifier=made["DBSnapshotArn"],
                TargetDBSnapshotIdentifier=name,
                KmsKeyId=self.away.key_arn,
                Tags=tags,
            )
        content, primary = Content.of(self.world), inside.instance(home.region, instance)
        for region in (home.region, self.away.region):
            content.remember(region, name, content.mark(primary))
        return name


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with World(7, start=datetime(2026, 3, 1, 4, tzinfo=UTC)) as world:
        manifest, _ = deploy(world, "sa1", PROJECT)
        Content.of(world)
        corruption.watch(world)
        settle(world, manifest, Past(days=4, snapshots=Snapshots.DAILY))
        yield Zone(world, Cloud(world.clock, VirtualWorkers(world.clock, 4)), manifest)
