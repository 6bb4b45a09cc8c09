"""A planned move that is taken back leads clients back, and nothing else may."""

from typing import Any

from continuity.outside import Served
from simulator.invariants import Invariants
from simulator.platform import SimulatedOutside

Stage = Any  # the conftest's class: test files share no modules


def lift(stage: Stage) -> None:
    latch = stage.away.latch
    stage.client("s3", stage.away.region).delete_object(Bucket=latch.bucket, Key=latch.closed_key)


def test_a_stated_way_back_before_anything_is_promoted_breaks_nothing(stage: Stage) -> None:
    stage.world.clock.sleep(60)
    invariants = Invariants(stage.world, stage.manifest)
    stage.prepare()
    stage.close()
    stage.world.clock.sleep(120)
    stage.write_down(3, "intent", step="reopen-home")
    lift(stage)
    stage.world.clock.sleep(120)
    assert (
        SimulatedOutside(stage.world, stage.manifest).served_by(stage.manifest.traffic.name)
        is Served.HOME
    )
    stage.close()  # a later move closes it anew
    assert invariants.violations == ()


def test_a_way_back_after_a_promotion_is_caught(stage: Stage) -> None:
    stage.world.clock.sleep(60)
    invariants = Invariants(stage.world, stage.manifest)
    stage.fail_over()
    stage.write_down(3, "intent", step="reopen-home")
    lift(stage)
    assert "closed/home was taken away although" in str(invariants.violations[0])
