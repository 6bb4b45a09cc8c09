"""Whole failovers whose role lacks one right: the run says which, and harms nothing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cloud.door import Cloud
from continuity import naming
from continuity.manifest import Manifest
from drill.approver import Approver
from failover.aws import surroundings
from failover.driver import drive
from failover.engine import Engine
from failover.options import Options
from failover.progress import Progress, State
from simulator import backstage
from simulator.callers import sign_in
from simulator.clock import VirtualWorkers
from simulator.deployment import deploy
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.platform import SimulatedOutside
from simulator.rights.judge import enforce
from simulator.world import World

PROJECT = Path(__file__).parents[3]


@dataclass
class Told:
    """What a run without a right said."""

    last: Progress
    violations: object
    sentences: list[str] = field(default_factory=list)


@contextmanager
def lost_without(action: str) -> Iterator[tuple[World, Manifest]]:
    """Enter a world where the home region is lost and the failover role lacks an action."""
    with World(3) as world:
        manifest, _ = deploy(world, "sa1", PROJECT)
        role = naming.role("sa1", "failover")
        names = {"RoleName": role, "PolicyName": role}
        iam = backstage.client("iam", "us-east-1")
        text = json.dumps(iam.get_role_policy(**names)["PolicyDocument"])
        assert action in text
        iam.put_role_policy(**names, PolicyDocument=text.replace(action, "iam:GetUser"))
        enforce(world)
        sign_in(world, role, "test", manifest.standby_site.region)
        home = manifest.serving_site.region
        world.clock.sleep(60)
        world.faults.schedule(
            [Fault(FaultKind.REGION_LOST, 0, region=home)], origin=world.clock.monotonic()
        )
        yield world, manifest


def run_without(action: str, longest_s: float) -> Told:
    with lost_without(action) as (world, manifest):
        cloud = Cloud(world.clock, VirtualWorkers(world.clock, 8))
        around = surroundings(manifest, cloud, SimulatedOutside(world, manifest))
        invariants = Invariants(world, manifest)
        approver = Approver(around, delay_s=0.0)
        sentences: list[str] = []

        def watch(progress: Progress) -> None:
            sentences.append(progress.sentence)
            approver.attend(progress)

        engine = Engine(around, "test", Options(approvers=1))
        until = world.clock.monotonic() + longest_s
        last = drive(engine, world.clock, watch=watch, until=until)
        return Told(last, invariants.violations, sentences)


def test_a_right_to_promote_that_is_missing_blocks_the_run_and_is_named() -> None:
    told = run_without("rds:PromoteReadReplica", 7200.0)
    assert said("rds:PromoteReadReplica", told)
    assert told.last.state is State.BLOCKED
    assert not told.violations


def test_without_the_right_to_read_its_journal_nothing_is_begun() -> None:
    told = run_without("dynamodb:Query", 300.0)
    assert said("dynamodb:Query", told)
    assert not told.last.state.over
    assert not told.violations


def said(action: str, told: Told) -> bool:
    return any(f"holdfast-sa1-failover may not {action}" in one for one in told.sentences)
