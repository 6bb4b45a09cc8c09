"""A database that comes back beside its name after the zone was opened without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import decisions
from failover.fallback import RENEWED
from failover.history import history
from failover.progress import State
from failover.run import Run
from failover.steps import point

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from failover.engine import Engine
    from tests.unit.failover.conftest import FakeZone

ORDERS, RESTORE = "we1-orders-away-1", "restore-orders-point-in-time"


def opened_without(zone: FakeZone) -> Engine:
    """Open the zone while its orders are still restored beside a replica that failed."""
    zone.points = [zone.backups("orders")]
    zone.replicas[ORDERS].terminal = "failed"
    engine = zone.engine()
    while RESTORE not in zone.run().intents:
        zone.step(engine)
    decisions.open_without(zone.around, "ana", "orders", "orders can wait")
    while "verify-outside" not in zone.run().done:
        zone.step(engine)
    return engine


def test_the_tasks_are_told_and_renewed_while_the_zone_is_open(lost_zone: FakeZone) -> None:
    engine = opened_without(lost_zone)
    assert RESTORE not in lost_zone.run().done
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert lost_zone.reached("orders") == f"{ORDERS}-by-we1-0001"
    begun = lost_zone.run().intents[RENEWED].sentence
    assert "Clients are served meanwhile" in begun
    assert "minimumHealthyPercent" not in begun


def test_it_is_proven_once_the_last_task_that_looked_elsewhere_is_gone(lost_zone: FakeZone) -> None:
    lost_zone.recover(opened_without(lost_zone))
    done = lost_zone.run().done
    order = ["open-away", RESTORE, point.NAME, RENEWED, "verify-orders"]
    assert sorted(order, key=lambda step: done[step].sequence) == order
    assert lost_zone.run().intents[point.NAME].sequence > done[RESTORE].sequence


def test_it_is_missing_no_more_and_nobody_approves_anything_again(lost_zone: FakeZone) -> None:
    last = lost_zone.recover(opened_without(lost_zone))
    assert "we1 is recovered." in last.sentence
    assert len(lost_zone.kinds(EntryKind.PLANNED)) == len(lost_zone.kinds(EntryKind.APPROVED)) == 1
    assert history(lost_zone.around)[0].without == ()


def test_tasks_that_cannot_be_replaced_leave_the_zone_open_without_it(lost_zone: FakeZone) -> None:
    engine = opened_without(lost_zone)
    lost_zone.denied = {"renew_tasks"}
    last = lost_zone.recover(engine, limit_s=20_000)
    assert last.state is State.RECOVERED
    assert "we1 is open again without orders, which is not back." in last.sentence
    assert "Could not replace the tasks" in last.sentence


@pytest.mark.parametrize("fault", ["kill before", "kill after", "lost reply"])
@pytest.mark.parametrize("call", ["tell_addresses", "renew_tasks"])
def test_whatever_is_cut_short_is_told_once(
    make_zone: Callable[..., FakeZone], killed: type[BaseException], call: str, fault: str
) -> None:
    whole = make_zone().lose_region()
    whole.recover(opened_without(whole))
    cut = make_zone().lose_region()
    engine = opened_without(cut)
    cut.script = {whole.calls.index(call) + 1: fault}
    try:
        cut.recover(engine)
    except killed:
        cut.script = {}
        cut.recover(cut.engine("two"))
    assert cut.end_state() == whole.end_state()


def told(entry: Callable[..., Entry], *, opened: bool) -> Run:
    """Return a run that told the tasks before its orders came back beside their name."""
    rows = [
        entry(1, EntryKind.OPENED_WITHOUT, database="orders"),
        entry(2, EntryKind.DONE, step=point.NAME),
        entry(3, EntryKind.DONE, step=RENEWED),
        entry(4, EntryKind.DONE, step=RESTORE, database="orders", beside=ORDERS),
    ]
    rows += [entry(5, EntryKind.DONE, step="open-away")] * opened
    return Run("we1-0001", tuple(rows))


def test_what_was_told_holds_the_opening_back_no_second_time(entry: Callable[..., Entry]) -> None:
    assert {point.NAME, RENEWED} <= told(entry, opened=False).done.keys()
    assert not {point.NAME, RENEWED} & told(entry, opened=True).done.keys()
