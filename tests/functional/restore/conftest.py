"""A deployed zone that has run for days: what it keeps can be restored, beside it and into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cloud.door import Cloud
from continuity.manifest import Manifest, Site
from simulator import backstage, inside
from simulator.clock import VirtualWorkers
from simulator.content import Content
from simulator.deployment import deploy
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
    def now(self) -> datetime:
        return self.cloud.clock.now()

    @property
    def home(self) -> Site:
        return self.manifest.serving_site

    @property
    def away(self) -> Site:
        return self.manifest.standby_site

    def place(self) -> tuple[str, tuple[str, ...]]:
        """Return a subnet group and groups that let no task reach a database."""
        return self.home.subnet_group, (self.home.application_security_group,)

    def aws(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - a boto3 client
        return backstage.client(service, region or self.home.region)

    def instance(self, identifier: str, region: str = "") -> Any:  # noqa: ANN401 - moto's own
        return inside.instance(region or self.home.region, identifier)

    def instances(self) -> list[str]:
        return sorted(inside.instances(self.home.region))

    def write(self, identifier: str) -> None:
        """Let the application commit a row."""
        rows = Content.of(self.world).rows(self.instance(identifier))
        assert rows is not None
        rows.commit(self.world.clock.monotonic())

    def rows(self, identifier: str) -> int:
        """Return how many rows can be read from an instance."""
        return Content.of(self.world).mark(self.instance(identifier)).count


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with World(7, start=datetime(2026, 3, 3, 12, tzinfo=UTC)) as world:
        manifest, _ = deploy(world, "sa1", PROJECT)
        Content.of(world)
        settle(world, manifest, Past(days=3, snapshots=Snapshots.DAILY))
        yield Zone(world, Cloud(world.clock, VirtualWorkers(world.clock, 4)), manifest)
