"""Nothing waits for ever: not for an instance that AWS keeps busy, not for a lost key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.progress import State

if TYPE_CHECKING:
    from tests.unit.failover.conftest import FakeZone


@pytest.mark.parametrize("status", ["stopped", "maintenance", "upgrading"])
def test_an_instance_that_stays_busy_before_its_promotion_blocks_in_bounded_time(
    lost_zone: FakeZone, status: str
) -> None:
    lost_zone.replicas["we1-orders-away-1"].busy = status
    last = lost_zone.recover(lost_zone.engine(patience_s=600.0), limit_s=3600)
    assert last.state is State.BLOCKED
    assert "Could not promote we1-orders-away-1" in last.sentence
    assert "it did not come about within 30 min" in last.sentence


def test_the_wait_counts_from_the_approval_not_from_the_plan(lost_zone: FakeZone) -> None:
    lost_zone.replicas["we1-orders-away-1"].busy = "backing-up"
    engine = lost_zone.engine(patience_s=7200.0)
    while lost_zone.clock.seconds < 2400:
        assert not lost_zone.step(engine, approve=False).state.over
    lost_zone.approve()
    for _ in range(20):
        lost_zone.step(engine)
    lost_zone.replicas["we1-orders-away-1"].busy = None
    assert lost_zone.recover(engine).state is State.RECOVERED


def test_a_disabled_key_is_not_waited_for(lost_zone: FakeZone) -> None:
    status = "inaccessible-encryption-credentials-recoverable"
    lost_zone.replicas["we1-orders-away-1"].terminal = status
    last = lost_zone.recover(lost_zone.engine(patience_s=600.0), limit_s=1200)
    assert last.state is State.BLOCKED
    assert f"we1-orders-away-1 is {status}" in last.sentence


def test_a_memory_that_refuses_is_not_taken_for_a_region_that_is_silent(
    lost_zone: FakeZone,
) -> None:
    lost_zone.denied.add("read_lease")
    progress = lost_zone.engine().tick()
    assert progress.state is State.TROUBLED
    assert "lease and journal cannot be read" in progress.sentence
    assert "cut off" not in progress.sentence
    assert not lost_zone.kinds(EntryKind.SUSPECTED)
