"""What load balancers report every minute: plain moto reports nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator import host_counts
from simulator.backstage import client
from simulator.deployment import deploy
from simulator.fault import Fault, FaultKind
from simulator.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from continuity.manifest import Manifest

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def deployed() -> Iterator[tuple[World, Manifest]]:
    with World(seed=1) as world:
        manifest, _ = deploy(world, "ops", PROJECT)
        host_counts.watch(world)
        yield world, manifest


def state(world: World, manifest: Manifest) -> str:
    with world.instantly():
        found = client("cloudwatch", manifest.serving_site.region).describe_alarms(
            AlarmNames=["ops-home-platform-too-few"]
        )
    return str(found["MetricAlarms"][0]["StateValue"])


def test_an_alarm_on_too_few_tasks_is_quiet_while_they_run_and_goes_off_without_them(
    deployed: tuple[World, Manifest],
) -> None:
    world, manifest = deployed
    world.clock.sleep(600)
    assert state(world, manifest) == "OK"
    region = manifest.serving_site.region
    world.faults.schedule([Fault(FaultKind.REGION_LOST, 0, region=region)], world.clock.monotonic())
    world.clock.sleep(900)
    assert state(world, manifest) == "ALARM"


def test_an_hours_old_datapoint_is_forgotten(deployed: tuple[World, Manifest]) -> None:
    world, manifest = deployed
    from moto.cloudwatch.models import cloudwatch_backends

    world.clock.sleep(2 * 3600)
    [backend] = [
        backends[manifest.serving_site.region] for backends in cloudwatch_backends.values()
    ]
    ours = [one for one in backend.metric_data if one.namespace == host_counts.NAMESPACE]
    assert len(ours) == 2 * 61
