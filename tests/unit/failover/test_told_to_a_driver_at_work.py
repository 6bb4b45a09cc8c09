"""What people say while another driver is at work goes into its run, and the run goes by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.errors import HeldByAnother, Refusal
from continuity.journal import EntryKind
from failover import timeline
from failover.lead import Consent, Driver, lead
from failover.options import Declaration, Options, Order, Since
from failover.progress import State

if TYPE_CHECKING:
    from failover.engine import Engine
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone

ME = Driver("me", "rui")


def corrupted(zone: FakeZone) -> Declaration:
    return Declaration("orders", zone.clock.now() - timedelta(minutes=30), "rui", "wrong prices")


def until(zone: FakeZone, engine: Engine, kind: EntryKind, step: str | None = None) -> None:
    while not [one for one in zone.kinds(kind) if step in (None, one.step)]:
        zone.step(engine)


def say(zone: FakeZone, other: Engine, options: Options, driver: Driver = ME) -> str:
    """Start beside a driver at work that ticks on, and return why that was no start."""
    with pytest.raises(HeldByAnother) as held:
        lead(zone.around, driver, options, lambda _: zone.step(other, approve=False) and None)
    return str(held.value)


def sources(zone: FakeZone) -> dict[str, str | None]:
    return {one.name: one.source for one in timeline.databases(zone.journal)}


@pytest.fixture
def backed(lost_zone: FakeZone) -> FakeZone:
    lost_zone.points = [lost_zone.backups("orders")]
    return lost_zone


def test_corruption_that_is_said_to_a_driver_at_work_changes_its_plan(backed: FakeZone) -> None:
    other = backed.engine("other")
    until(backed, other, EntryKind.APPROVED)
    before = backed.run().plan_hash
    told = say(backed, other, Options(declared=(corrupted(backed),)))
    assert "other drives we1-0001 of we1 and renews its lease." in told
    assert "It is told: rui declares that orders is corrupted after 2026-03-03" in told
    assert "where the plan changes, it is approved anew" in told
    assert backed.run().plan_hash != before
    assert not backed.run().approvers
    assert backed.recover(other).state is State.RECOVERED
    assert sources(backed) == {"billing": "replica", "orders": "point-in-time"}
    assert len(backed.kinds(EntryKind.DECLARED)) == 1


def test_everything_that_can_be_said_is_said(backed: FakeZone) -> None:
    other = backed.engine("other")
    until(backed, other, EntryKind.APPROVED)
    since = Since(backed.clock.now() - timedelta(minutes=4), "rui", "customers called")
    options = Options(since=since, move=Order("rui", "it will not come back"))
    driver = replace(ME, consents=(Consent("orders", "it is old data"),))
    told = say(backed, other, options, driver)
    for words in ("it began at", "orders that the zone is moved", "accepts that orders loses data"):
        assert words in told
    assert backed.run().suspected_at == since.moment
    assert set(backed.run().consents) == {"orders"}
    assert [one.data["what"] for one in backed.kinds(EntryKind.DECLARED)] == ["since", "move"]


def test_who_stays_behind_a_driver_has_said_it_too(backed: FakeZone) -> None:
    other = backed.engine("other")
    until(backed, other, EntryKind.APPROVED)
    ticks = []

    def watch(progress: Progress) -> None:
        ticks.append(progress)
        backed.step(other, approve=False)
        if len(ticks) == 4:
            raise KeyboardInterrupt

    options = Options(declared=(corrupted(backed),))
    with pytest.raises(KeyboardInterrupt):
        lead(backed.around, replace(ME, stay=True), options, watch)
    assert len(backed.kinds(EntryKind.DECLARED)) == 1


def test_corruption_that_is_said_once_the_zone_opens_is_refused_with_what_to_do(
    backed: FakeZone,
) -> None:
    other = backed.engine("other")
    until(backed, other, EntryKind.INTENT, "open-away")
    with pytest.raises(Refusal) as refused:
        lead(backed.around, ME, Options(declared=(corrupted(backed),)), lambda _: None)
    assert not isinstance(refused.value, HeldByAnother)
    told = str(refused.value)
    assert "we1-0001 has opened we1 to its clients: orders is not taken from under them" in told
    assert "Stop what writes to orders, and restore a copy beside it to 2026-03-03 08:" in told
    assert backed.kinds(EntryKind.DECLARED) == []
    assert backed.recover(other).state is State.RECOVERED


def test_a_driver_that_takes_over_writes_down_nothing_that_is_too_late(backed: FakeZone) -> None:
    dead = backed.engine("dead")
    until(backed, dead, EntryKind.INTENT, "open-away")
    backed.clock.sleep(120)
    heir = backed.engine("heir", declared=(corrupted(backed),))
    assert backed.recover(heir).state is State.RECOVERED
    assert backed.kinds(EntryKind.DECLARED) == []


def test_what_the_run_holds_already_may_be_repeated(backed: FakeZone) -> None:
    other = backed.engine("other", declared=(corrupted(backed),))
    until(backed, other, EntryKind.INTENT, "open-away")
    word = Declaration("orders", backed.clock.moment_of(-1800), "rui", "wrong prices")
    assert "It is told" in say(backed, other, Options(declared=(word,)))
    assert len(backed.kinds(EntryKind.DECLARED)) == 1
