"""One deployed zone for a file of tests: each breaks one thing of it in AWS, looks, and repairs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backup import evidence_store
from backup.evidence import Evidence, Verdict
from backup.points import Kind, Series
from backup.verify_subject import Role
from cloud import drills
from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest
from failover.readiness import look
from failover.readiness.judge import Readiness, judge
from simulator import backstage, release
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
from simulator.faults import Fault
from simulator.world import World

PROJECT = Path(__file__).parents[4]


class Checked:
    """A zone in a world, and the readiness role that looks at it."""

    def __init__(self, world: World, manifest: Manifest) -> None:
        self.world = world
        self.manifest = manifest
        self.home = manifest.serving_site
        self.away = manifest.standby_site
        self.cloud = self.signed_in("readiness")

    def signed_in(self, role: str) -> Cloud:
        """Return a way to AWS for a role of the zone."""
        sign_in(self.world, naming.role(self.manifest.zone, role), "test", self.away.region)
        return Cloud(self.world.clock, VirtualWorkers(self.world.clock, 8))

    def aws(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - a boto3 client
        """Return the simulator's own client, in the standby region unless told otherwise."""
        return backstage.client(service, region or self.away.region)

    def check(self, manifest: Manifest | None = None) -> Readiness:
        return judge(look.take(self.cloud, manifest or self.manifest))

    def tried(self, database: str, verdict: Verdict) -> Evidence:
        """Let a point of a database have been tried a moment ago."""
        now = self.world.clock.now()
        series = Series(self.manifest.zone, database, Kind.DATABASE)
        point = f"{self.manifest.zone}-{database}-1"
        why = "" if verdict is Verdict.PROVEN else "newest: no row at all"
        found = Evidence(
            series, point, now, self.away.region, Role.NEWEST, "2026-03-03", "ana", now, now,
            verdict, why, 100, 1500.0, 60.0,
        )  # fmt: skip
        door = self.signed_in("failover").at(self.away.region)
        evidence_store.add(door, self.away.lease_table, found)
        self.signed_in("readiness")
        return found

    def fault(self, fault: Fault) -> None:
        self.world.faults.schedule([fault], origin=self.world.clock.monotonic())


@pytest.fixture(scope="module")
def zone() -> Iterator[Checked]:
    """Return we1 on the day after its deployment; whoever breaks something repairs it."""
    with World(11) as world:
        manifest, _ = deploy(world, "we1", PROJECT)
        release.push(world, manifest)
        Content.of(world)
        world.clock.sleep(900)
        checked = Checked(world, manifest)
        door = checked.signed_in("failover").at(checked.away.region)
        drill = drills.LastDrill(world.clock.now(), "region-loss", 485.0, "ana")
        drills.record(door, checked.away.lease_table, drill)
        for each in manifest.databases:
            checked.tried(each.name, Verdict.PROVEN)
        checked.signed_in("readiness")
        yield checked
        world.clock.sleep(1200)
        assert checked.check().findings == ()
