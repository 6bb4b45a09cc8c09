from __future__ import annotations

from typing import TYPE_CHECKING

from failover.driver import drive
from failover.progress import State

if TYPE_CHECKING:
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone


def test_it_drives_until_the_run_is_over_and_tells_every_tick(lost_zone: FakeZone) -> None:
    told: list[Progress] = []

    def watch(progress: Progress) -> None:
        told.append(progress)
        if lost_zone.run().plan_hash and not lost_zone.run().approvers:
            lost_zone.approve()

    last = drive(lost_zone.engine(), lost_zone.clock, watch=watch, until=7200)
    assert last.state is State.RECOVERED
    assert told[-1] is last
    assert State.SUSPICIOUS in {progress.state for progress in told}


def test_it_stops_when_its_time_is_up(zone: FakeZone) -> None:
    last = drive(zone.engine(), zone.clock, watch=lambda _: None, until=60)
    assert last.state is State.WATCHING
    assert 60 <= zone.clock.seconds <= 61
