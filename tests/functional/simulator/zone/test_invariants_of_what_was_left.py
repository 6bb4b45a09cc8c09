"""What may be changed in the region that was left: nothing but the fence until it has returned."""

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from continuity import naming
from simulator.faults import Fault, FaultKind
from simulator.invariants import Invariants
from simulator.world import ACCOUNT

Stage = Any  # the conftest's class: test files share no modules

HOME = "eu-west-1"
LEFT = f"arn:aws:rds:{HOME}:{ACCOUNT}:db:we1-orders-home-1"
TAGS = [{"Key": naming.TAG_FENCED, "Value": "we1-0001"}]


def test_what_was_left_is_marked_once_its_region_has_returned_and_is_not_asked_before(
    stage: Stage,
) -> None:
    invariants = Invariants(stage.world, stage.manifest)
    rds = stage.client("rds", HOME)
    stage.fault(Fault(FaultKind.REGION_LOST, 0, region=HOME, lasts_s=60))
    stage.world.clock.sleep(120)
    rds.add_tags_to_resource(ResourceName=LEFT, Tags=TAGS)
    assert invariants.violations == ()
    stage.lose_home()
    stage.world.clock.sleep(60)
    with pytest.raises(ConnectTimeoutError):
        rds.add_tags_to_resource(ResourceName=LEFT, Tags=TAGS)
    assert [one.invariant for one in invariants.violations] == [7]
