"""A zone is opened on proofs of the moment: what was verified long before is asked once more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import decisions, timeline
from failover.fresh_proofs import FRESH, PATIENCE
from failover.progress import State
from failover.whereabouts import moved

if TYPE_CHECKING:
    from failover.engine import Engine
    from tests.unit.failover.conftest import FakeZone

BILLING, ORDERS = "we1-billing-away-1", "we1-orders-away-1"


@pytest.fixture
def restoring(lost_zone: FakeZone) -> tuple[FakeZone, Engine]:
    """Return a zone with billing verified, while orders is restored for another while."""
    lost_zone.lag_s = {ORDERS: None}
    lost_zone.points = [lost_zone.backups("orders")]
    engine = lost_zone.engine(patience_s=900.0)
    while "verify-billing" not in lost_zone.run().done:
        lost_zone.step(engine)
    return lost_zone, engine


def writes(zone: FakeZone, database: str) -> list[float]:
    opened = zone.clock.moment_of(zone.latch_at["open/away"])
    return [(opened - at).total_seconds() for name, at in zone.written if name == database]


def sources(zone: FakeZone) -> dict[str, str | None]:
    return {one.name: one.source for one in timeline.databases(zone.journal)}


def test_what_was_verified_long_before_is_written_to_again_just_before(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    assert zone.recover(engine).state is State.RECOVERED
    first, again, *_ = writes(zone, "billing")
    assert first > FRESH.total_seconds()
    assert 0 < again < 5
    assert any("billing took a write again" in one.sentence for one in zone.journal)
    assert min(before for before in writes(zone, "orders") if before > 0) < FRESH.total_seconds()


def test_what_was_verified_just_now_is_not_asked_twice(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine())
    assert [before > 0 for before in writes(lost_zone, "orders")] == [True]
    assert not any("took a write again" in one.sentence for one in lost_zone.journal)


def test_the_loss_that_was_measured_first_stands(restoring: tuple[FakeZone, Engine]) -> None:
    zone, engine = restoring
    measured = zone.run().done["verify-billing"]
    zone.recover(engine)
    assert zone.run().done["verify-billing"] == measured


def test_a_database_that_died_meanwhile_falls_back_before_the_zone_opens(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.points.append(zone.backups("billing"))
    zone.replicas[BILLING].terminal = "storage-full"
    assert zone.recover(engine).state is State.RECOVERED
    assert sources(zone) == {"billing": "point-in-time", "orders": "point-in-time"}
    why = zone.run().failed["promote-billing"].sentence
    assert f"billing was back and is lost again before we1 was opened: {BILLING} is" in why
    assert zone.run().done["verify-billing"].data["claimed_loss_s"] == pytest.approx(121, abs=2)


def test_one_without_another_source_is_named_and_people_are_asked(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.replicas[BILLING].terminal = "storage-full"
    while zone.step(engine).state is not State.WAITING:
        assert zone.clock.seconds < 7200
    assert "open/away" not in zone.latch_at
    assert "--without billing" in engine.tick().sentence
    decisions.open_without(zone.around, "ana", "billing", "invoices can wait")
    last = zone.recover(engine)
    assert last.state is State.RECOVERED
    assert "without billing, which is not back" in last.sentence


def test_people_have_their_time_to_accept_what_the_next_source_loses(
    restoring: tuple[FakeZone, Engine],
) -> None:
    """It counts from the loss, not from when the database could first have been restored."""
    zone, engine = restoring
    day_old = zone.clock.now() - timedelta(days=1)
    zone.points.append(zone.snapshot("billing", newest=day_old))
    zone.replicas[BILLING].terminal = "storage-full"
    while not [one for one in zone.kinds(EntryKind.REFUSED) if "billing" in str(one.step)]:
        assert not zone.step(engine).state.over
    asked = zone.clock.seconds
    while zone.clock.seconds < asked + 300:
        assert not zone.step(engine).state.over
    zone.consent("billing")
    assert zone.recover(engine).state is State.RECOVERED
    assert sources(zone)["billing"] == "snapshot"


def test_one_whose_name_cannot_be_freed_comes_back_beside_it_and_tasks_are_told(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.points.append(zone.backups("billing"))
    zone.replicas[BILLING].terminal = "failed"
    assert zone.recover(engine).state is State.RECOVERED
    assert sources(zone)["billing"] == "point-in-time"
    assert moved(zone.run()) == ("billing",)
    told = zone.run().done["renew-tasks"]
    assert told.at > zone.run().done["restore-billing-point-in-time"].at


def test_a_database_that_pauses_for_minutes_only_delays_the_opening(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.replicas[BILLING].read_only = True
    while not any("took writes before" in one.sentence for one in zone.journal):
        zone.step(engine)
    doubted_at = zone.clock.seconds
    while zone.clock.seconds < doubted_at + 300:
        assert zone.step(engine).state is State.RUNNING
    assert "open/away" not in zone.latch_at
    zone.replicas[BILLING].read_only = False
    assert zone.recover(engine).state is State.RECOVERED
    assert not [step for step in zone.run().failed if "billing" in step]


def test_one_that_alone_takes_no_writes_for_long_is_given_up(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.points.append(zone.backups("billing"))
    zone.replicas[BILLING].read_only = True
    assert zone.recover(engine).state is State.RECOVERED
    assert sources(zone)["billing"] == "point-in-time"
    doubted = next(one for one in zone.journal if "took writes before" in one.sentence)
    waited = zone.run().failed["promote-billing"].at - doubted.at
    assert PATIENCE < waited < PATIENCE + timedelta(minutes=1)


def test_a_person_opens_without_a_database_that_takes_no_writes_any_more(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.replicas[BILLING].read_only = True
    while not any("took writes before" in one.sentence for one in zone.journal):
        zone.step(engine)
    decisions.open_without(zone.around, "ana", "billing", "invoices can wait")
    assert "without billing, which is not back" in zone.recover(engine).sentence


def test_where_nothing_takes_writes_no_database_is_given_up_and_the_run_ends(
    restoring: tuple[FakeZone, Engine],
) -> None:
    zone, engine = restoring
    zone.points.append(zone.backups("billing"))
    while "verify-orders" not in zone.run().done:
        assert "open/away" not in zone.latch_at
        zone.step(engine)
    for replica in zone.replicas.values():
        replica.read_only = True
    last = zone.recover(engine)
    assert last.state is State.BLOCKED
    assert "no database takes writes any more: billing takes no writes" in last.sentence
    assert [step for step in zone.run().failed if "billing" in step] == []
    assert "open-away" in zone.run().failed
    assert zone.kinds(EntryKind.FINISHED)
