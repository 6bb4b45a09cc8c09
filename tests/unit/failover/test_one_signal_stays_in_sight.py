"""A database that one signal speaks against is looked at until that signal is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from continuity.journal import EntryKind
from failover.lead import Driver, lead
from failover.options import Options, Order
from failover.progress import State

if TYPE_CHECKING:
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone


def test_failing_writes_that_rds_says_nothing_about_are_no_cleared_suspicion(
    zone: FakeZone,
) -> None:
    zone.refusals = {"orders": "connection refused"}
    zone.denied = {"serving_instances"}
    engine = zone.engine()
    told = [zone.step(engine) for _ in range(30)]
    assert {one.state for one in told} == {State.SUSPICIOUS}
    assert "holdfast failover start we1 --move --reason TEXT" in told[-1].sentence
    assert list(zone.journals) == ["we1-0001"]
    assert zone.kinds(EntryKind.CLEARED) == []
    zone.refusals = {}
    assert zone.step(engine).state is State.WATCHING
    assert zone.run().outcome == "cleared"


def test_a_person_can_have_the_zone_moved_for_it(zone: FakeZone) -> None:
    zone.refusals = {"orders": "connection refused"}
    zone.denied = {"serving_instances"}

    def approving(progress: Progress) -> None:
        if progress.state is State.WAITING and not zone.run().approvers:
            zone.approve()

    options = Options(move=Order("ana", "nobody can order anything"))
    assert lead(zone.around, Driver("me", "ana"), options, approving).state is State.RECOVERED
