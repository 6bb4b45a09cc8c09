"""Where a replica is known not to do, the plan that people approve begins with what is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import timeline
from failover.decide import plan_of
from failover.options import Declaration, Options
from failover.outlook import look_ahead
from failover.progress import State
from failover.standing import standing

if TYPE_CHECKING:
    from continuity.journal import Entry
    from failover.plan import Plan
    from tests.unit.failover.conftest import FakeZone

ORDERS = "we1-orders-away-1"
PROMOTE, POINT, COPY = "promote-orders", "restore-orders-point-in-time", "restore-orders-snapshot"


def begun(zone: FakeZone, *, approve: bool = False, **options: object) -> Plan:
    """Tick until there is a plan, and return it as every later tick builds it."""
    engine = zone.engine(**options)
    while zone.run().plan_hash is None:
        zone.step(engine, approve=approve)
    return plan_of(zone.run(), zone.manifest, Options())


def row(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps if step.name in (PROMOTE, POINT, COPY)]


def sources(zone: FakeZone) -> dict[str, str | None]:
    return {one.name: one.source for one in timeline.databases(zone.journal)}


@pytest.fixture
def broken(lost_zone: FakeZone) -> FakeZone:
    """Return a lost zone of which everybody could see that the replica of orders is broken."""
    lost_zone.lag_s = {ORDERS: None}
    lost_zone.points = [lost_zone.backups("orders"), lost_zone.snapshot("orders")]
    return lost_zone


def chosen(zone: FakeZone) -> Entry:
    (entry,) = zone.kinds(EntryKind.CHOSEN)
    return entry


def test_the_plan_of_a_broken_replica_begins_with_the_point_in_time_and_says_why(
    broken: FakeZone,
) -> None:
    assert row(begun(broken)) == [POINT, COPY]
    kinds = [entry.kind for entry in broken.journal][-3:]
    assert kinds == [EntryKind.DIAGNOSED, EntryKind.CHOSEN, EntryKind.PLANNED]
    told = chosen(broken).sentence
    assert told.startswith("orders comes back from its replicated backups, until 2026-03-03 08:57:")
    assert f"not from its replica {ORDERS}: its lag is unknown: AWS reported the replica" in told
    assert "not from snapshot we1-orders-copy: would lose 4 min" in told
    assert broken.recover(broken.engine()).state is State.RECOVERED
    assert sources(broken) == {"billing": "replica", "orders": "point-in-time"}
    assert len(broken.kinds(EntryKind.PLANNED)) == len(broken.kinds(EntryKind.APPROVED)) == 1
    assert not broken.kinds(EntryKind.REFUSED) + broken.kinds(EntryKind.FAILED)


@pytest.mark.parametrize("unfit", ["late", "failed", "missing"])
def test_a_replica_that_is_late_failed_or_missing_is_left_the_same_way(
    broken: FakeZone, unfit: str
) -> None:
    broken.lag_s = {ORDERS: 900.0} if unfit == "late" else {}
    broken.replicas[ORDERS].terminal = "failed" if unfit == "failed" else None
    if unfit == "missing":
        del broken.replicas[ORDERS]
    assert row(begun(broken)) == [POINT, COPY]
    assert bool(chosen(broken).data["otherwise"]) is (unfit == "late")


def test_the_expected_time_is_that_of_what_will_be_done(broken: FakeZone) -> None:
    plan = begun(broken)
    assert POINT in plan.critical_path().steps
    (planned,) = broken.kinds(EntryKind.PLANNED)
    assert planned.data["predicted_rto_s"] == plan.predicted_rto_s
    assert (planned.data["late"], planned.data["breaks"]) == (True, POINT)


def test_a_snapshot_that_loses_less_comes_first(broken: FakeZone) -> None:
    newest = broken.clock.now() - timedelta(seconds=30)
    broken.points[1] = broken.snapshot("orders", newest=newest)
    assert row(begun(broken)) == [COPY, POINT]
    assert broken.recover(broken.engine()).state is State.RECOVERED
    assert sources(broken)["orders"] == "snapshot"


def test_whole_replicas_and_doubtful_ones_cost_no_entry(broken: FakeZone) -> None:
    """Lag that nobody measured is a person's to judge: the replica may be whole."""
    broken.lag_s = {ORDERS: -1}
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]
    assert broken.kinds(EntryKind.CHOSEN) == []


def test_a_broken_replica_that_no_restore_betters_waits_for_a_person_as_ever(
    broken: FakeZone,
) -> None:
    broken.points = [broken.snapshot("orders", newest=broken.clock.now() - timedelta(days=1))]
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]


def test_nothing_is_chosen_of_what_cannot_be_looked_at(broken: FakeZone) -> None:
    broken.denied = {"recovery_points"}
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]


def test_a_replica_that_somebody_made_a_primary_is_taken_as_it_is(broken: FakeZone) -> None:
    broken.replicas[ORDERS].source = None
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]


def test_loss_that_was_accepted_before_keeps_the_replica(broken: FakeZone) -> None:
    broken.step(broken.engine())
    broken.consent("orders")
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]


def test_loss_that_is_accepted_later_takes_the_replica_under_a_new_approval(
    broken: FakeZone,
) -> None:
    engine = broken.engine()
    while not broken.kinds(EntryKind.APPROVED):
        broken.step(engine)
    before = broken.run().plan_hash
    broken.consent("orders")
    assert broken.recover(engine).state is State.RECOVERED
    assert broken.run().plan_hash != before
    assert len(broken.kinds(EntryKind.APPROVED)) == 2
    assert sources(broken)["orders"] == "replica"
    assert not broken.restored


def test_loss_that_is_accepted_after_the_restore_began_changes_nothing(broken: FakeZone) -> None:
    engine = broken.engine()
    while POINT not in broken.run().intents:
        broken.step(engine)
    broken.consent("orders")
    assert broken.recover(engine).state is State.RECOVERED
    assert len(broken.kinds(EntryKind.PLANNED)) == 1
    assert sources(broken)["orders"] == "point-in-time"


def test_a_corrupted_database_tells_its_choice_too(broken: FakeZone) -> None:
    last_good = broken.clock.now() - timedelta(minutes=30)
    word = Declaration("orders", last_good, "ana", "a migration went wrong")
    assert row(begun(broken, declared=(word,))) == [POINT, COPY]
    told = chosen(broken).sentence
    assert "from its replicated backups, until 2026-03-03 08:30:00 UTC: 0 s are lost" in told
    assert "corrupted: the replica holds the same damage" in told
    assert "begins only after the last good moment" in told
    assert not chosen(broken).data["otherwise"]


def test_a_beginning_that_was_cut_short_is_chosen_anew(broken: FakeZone) -> None:
    """Only what was chosen since the last diagnosis counts: the replica may be repaired by then."""
    begun(broken)
    cut = broken.journals["we1-0001"]
    assert cut.pop().kind is EntryKind.PLANNED
    broken.lag_s = {}
    assert row(begun(broken)) == [PROMOTE, POINT, COPY]


def told(zone: FakeZone) -> tuple[str, ...]:
    run = zone.run()
    plan = plan_of(run, zone.manifest, Options())
    return standing(run, plan, zone.clock.now(), zone.manifest, Options()).chosen


def test_status_shows_what_was_chosen_and_what_can_still_be_done(broken: FakeZone) -> None:
    begun(broken)
    why = chosen(broken).sentence
    [now] = told(broken)
    assert now.startswith(f"{why} The replica would be back in minutes: `holdfast failover approve")
    assert "`holdfast failover approve we1 --accept-data-loss orders --reason TEXT` takes it" in now
    while POINT not in broken.run().intents:
        broken.step(broken.engine())
    assert told(broken) == (why,)


def test_status_drops_a_choice_that_was_overruled(broken: FakeZone) -> None:
    begun(broken)
    broken.consent("orders")
    assert told(broken) == ()


def test_a_driver_says_what_was_chosen_beside_the_plan(broken: FakeZone) -> None:
    engine = broken.engine()
    while broken.run().plan_hash is None:
        said = broken.step(engine, approve=False).sentence
    assert chosen(broken).sentence in said
    assert f"Plan {broken.run().plan_hash}" in said


def test_the_plan_that_is_shown_beforehand_is_the_plan_that_is_begun(broken: FakeZone) -> None:
    shown = look_ahead(broken.around, Options())
    assert row(shown.plan) == [POINT, COPY]
    begun(broken)
    assert shown.plan.hash == broken.run().plan_hash


def test_so_it_is_for_a_corrupted_database(broken: FakeZone) -> None:
    last_good = broken.clock.now() - timedelta(minutes=3)
    word = Declaration("orders", last_good, "ana", "a migration went wrong")
    broken.points[0] = broken.backups("orders", status="pending")
    shown = look_ahead(broken.around, Options(declared=(word,)))
    assert row(shown.plan) == [COPY, POINT]
    begun(broken, declared=(word,))
    assert shown.plan.hash == broken.run().plan_hash
