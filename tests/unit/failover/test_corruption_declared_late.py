"""A database that is declared corrupted while a run is under way: what brought it back is void."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.declarations import declare_corrupted
from failover.options import Declaration
from failover.overruled import steps_of, valid
from failover.progress import State
from failover.region_loss import region_loss
from failover.steps.verify import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from failover.run import Run
    from tests.unit.failover.conftest import FakeZone

ORDERS = "we1-orders-away-1"
POINT, COPY = "restore-orders-point-in-time", "restore-orders-snapshot"


@pytest.fixture
def zone(lost_zone: FakeZone) -> FakeZone:
    """Return a lost zone whose orders can be restored, and whose tasks find no room yet."""
    lost_zone.points = [lost_zone.backups("orders"), lost_zone.snapshot("orders")]
    lost_zone.denied = {"run_tasks"}
    return lost_zone


def until(zone: FakeZone, reached: Callable[[Run], bool]) -> None:
    engine = zone.engine()
    while not reached(zone.run()):
        assert zone.clock.seconds < 7200
        zone.step(engine)


def declare(zone: FakeZone, minutes: float = 10) -> None:
    good = zone.clock.moment_of(-60 * minutes)
    zone._person(
        lambda: declare_corrupted(zone.around, Declaration("orders", good, "ana", "wrong prices"))
    )


def let_go(zone: FakeZone) -> None:
    """Let the tasks start; what was done once may be done again to the corrupted database."""
    zone.denied = set()
    zone.effects.clear()
    assert zone.recover(zone.engine("two"), 40_000).state is State.RECOVERED


def test_what_was_promoted_and_verified_is_restored_before_the_zone_opens(zone: FakeZone) -> None:
    until(zone, lambda run: "verify-orders" in run.done and "verify-billing" in run.done)
    declare(zone)
    let_go(zone)
    [(name, origin)] = zone.restored
    assert (name, origin.moment) == ("orders", zone.clock.moment_of(-600))
    assert zone.run().done[POINT].at < zone.run().done["open-away"].at
    assert zone.run().done[POINT].at < zone.run().done["verify-orders"].at


def test_what_is_being_restored_to_a_later_moment_is_restored_anew(zone: FakeZone) -> None:
    zone.lag_s = {ORDERS: None}
    until(zone, lambda _: bool(zone.restored))
    declare(zone)
    let_go(zone)
    assert [origin.moment for _, origin in zone.restored] == [
        zone.clock.moment_of(-120) - timedelta(seconds=1),
        zone.clock.moment_of(-600),
    ]
    assert zone.replicas[zone.reached("orders")].restored_by.endswith("/2")
    assert len(zone.aside) + len(zone.replicas) == 4  # nothing is deleted, the damaged one neither


def test_a_second_and_earlier_moment_voids_the_restore_to_the_first(zone: FakeZone) -> None:
    zone.lag_s = {ORDERS: None}
    until(zone, lambda _: bool(zone.restored))
    declare(zone, 10)
    zone.effects.clear()
    until(zone, lambda _: len(zone.restored) > 1)
    declare(zone, 20)
    let_go(zone)
    assert zone.restored[-1][1].moment == zone.clock.moment_of(-1200)
    served = zone.replicas[zone.reached("orders")]
    assert served.restored_by == zone.restored[-1][1].restored_by
    assert len(zone.restored) == 3


def test_what_gave_up_before_may_be_tried_for_the_earlier_moment(zone: FakeZone) -> None:
    zone.denied |= {"restore"}
    zone.lag_s = {ORDERS: None}
    until(zone, lambda run: {POINT, COPY} <= set(run.failed))
    zone.denied -= {"restore"}
    declare(zone)
    let_go(zone)
    assert POINT in zone.run().done


def test_the_steps_that_are_made_void_are_those_of_every_plan(zone: FakeZone) -> None:
    steps = region_loss(zone.manifest).steps
    assert {one.name for one in steps if one.database == "orders"} - {OUTSIDE} == steps_of("orders")


def test_a_proof_that_was_under_way_is_none(entry: Callable[..., Entry]) -> None:
    said = entry(2, EntryKind.DECLARED, 60, what="corrupted", database="orders", moment="x")
    late = entry(3, EntryKind.MEASURED, 61, "verify-orders", database="orders")
    back = entry(4, EntryKind.DONE, 90, POINT)
    proof = entry(5, EntryKind.MEASURED, 99, "verify-orders", database="orders")
    first = entry(1, EntryKind.DONE, 9, "promote-orders")
    other = entry(6, EntryKind.DONE, 99, "promote-billing")
    assert valid((first, said, late, back, proof, other)).entries == (said, back, proof, other)


def test_tasks_that_were_told_of_the_damaged_one_are_told_anew(zone: FakeZone) -> None:
    """It stood beside a name that cannot be freed, and so does the one that takes its place."""
    zone.replicas[ORDERS].terminal = "failed"
    until(zone, lambda run: "renew-tasks" in run.done)
    told = zone.file.text
    zone.effects.clear()
    declare(zone)
    let_go(zone)
    assert zone.file.text != told
    served = zone.replicas[zone.reached("orders")]
    assert served.restored_by == zone.restored[-1][1].restored_by
