from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from failover import decisions
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from continuity.manifest import Manifest
    from continuity.outside import Served
    from failover.engine import Engine
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone


def until(
    zone: FakeZone, engine: Engine, condition: Callable[[Progress], object], *, approve: bool = True
) -> Progress:
    for _ in range(200):
        progress = zone.step(engine, approve=approve)
        if condition(progress):
            return progress
    raise AssertionError(progress)


def test_nothing_irreversible_happens_without_approval(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    progress = until(lost_zone, engine, lambda p: p.state is State.WAITING, approve=False)
    plan = lost_zone.run().plan_hash
    assert f"waiting for people: plan {plan} needs 1 approval, 0 given" in progress.sentence
    assert sorted(lost_zone.effects) == ["closed/home", "hold", "scale"]
    assert lost_zone.recover(engine).state is State.RECOVERED


def test_two_approvers_are_two_people(
    make_zone: Callable[..., FakeZone], manifest_of: Callable[..., Manifest]
) -> None:
    zone = make_zone(manifest=manifest_of(approvers=2))
    zone.lose_region()
    engine = zone.engine()
    until(zone, engine, lambda p: p.state is State.WAITING, approve=False)
    for _ in range(2):
        decisions.approve(zone.around, "ana", zone.run().plan_hash)
    assert until(zone, engine, lambda _: True, approve=False).state is State.WAITING
    decisions.approve(zone.around, "rui", zone.run().plan_hash)
    assert zone.recover(engine, approve=False).state is State.RECOVERED


def test_a_drill_may_do_with_fewer_approvers(
    make_zone: Callable[..., FakeZone], manifest_of: Callable[..., Manifest]
) -> None:
    zone = make_zone(manifest=manifest_of(approvers=2))
    zone.lose_region()
    assert zone.recover(zone.engine(approvers=1)).state is State.RECOVERED


def test_an_approval_names_exactly_the_present_plan(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda _: lost_zone.run().plan_hash, approve=False)
    with pytest.raises(Refusal, match="is not the plan of we1-0001"):
        decisions.approve(lost_zone.around, "ana", "0123456789abcdef")
    assert not lost_zone.kinds(EntryKind.APPROVED)


def test_nobody_approves_and_the_run_ends_refused(lost_zone: FakeZone) -> None:
    last = lost_zone.recover(lost_zone.engine(patience_s=300.0), approve=False)
    assert last.state is State.REFUSED
    assert "Nobody approved in time: plan" in last.sentence
    assert last.sentence.endswith("0 databases are back.")


def test_a_decision_without_a_run_is_refused(zone: FakeZone) -> None:
    assert decisions.current(zone.around) is None
    with pytest.raises(Refusal, match="No failover of we1 goes on"):
        decisions.approve(zone.around, "ana", "0123456789abcdef")


def test_consent_to_an_unknown_database_names_the_known_ones(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda _: lost_zone.run().plan_hash)
    with pytest.raises(Refusal, match="Its databases are billing, orders"):
        decisions.consent(lost_zone.around, "ana", "ordres", "typo")


@pytest.mark.parametrize(
    ("lag", "told"),
    [
        (400.0, "Promoting orders could lose 6 min 40 s of data, the objective allows 5 min."),
        (None, "an unknown amount of data: AWS reported the replica as not replicating."),
        (-1, "an unknown amount of data: no replica lag was measured before the region failed."),
    ],
)
def test_a_loss_above_the_objective_waits_for_consent_and_holds_no_other_back(
    lost_zone: FakeZone, lag: float | None, told: str
) -> None:
    lost_zone.lag_s["we1-orders-away-1"] = lag
    engine = lost_zone.engine()
    progress = until(lost_zone, engine, lambda p: p.state is State.WAITING)
    assert told in progress.sentence
    assert "Accept it with --accept-data-loss orders" in progress.sentence
    assert "verify-billing" in lost_zone.run().done
    assert "promote-orders" not in lost_zone.run().intents
    lost_zone.consent("orders")
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert len(lost_zone.kinds(EntryKind.REFUSED)) == 1


def test_without_consent_the_run_ends_refused_and_says_what_stands(lost_zone: FakeZone) -> None:
    lost_zone.lag_s["we1-orders-away-1"] = 400.0
    last = lost_zone.recover(lost_zone.engine(patience_s=120.0))
    assert last.state is State.REFUSED
    assert last.sentence == (
        "we1-0001: we1 is not open. Promoting orders could lose 6 min 40 s of data, the objective "
        "allows 5 min. Accept it with --accept-data-loss orders, or repair the replica. "
        "1 databases are back."
    )
    assert "open/away" not in lost_zone.latch_at


def test_a_broken_instance_blocks_the_opening_but_not_the_others(lost_zone: FakeZone) -> None:
    lost_zone.replicas["we1-orders-away-1"].terminal = "storage-full"
    last = lost_zone.recover(lost_zone.engine())
    assert last.state is State.BLOCKED
    assert "Could not promote we1-orders-away-1: we1-orders-away-1 is storage-full." in (
        last.sentence
    )
    assert lost_zone.replicas["we1-billing-away-1"].promoted_at is not None
    assert "open/away" not in lost_zone.latch_at


@pytest.mark.parametrize("ticks", range(1, 30, 2))
def test_an_abort_stops_before_the_next_effect(lost_zone: FakeZone, ticks: int) -> None:
    engine = lost_zone.engine()
    for _ in range(ticks):
        lost_zone.step(engine)
    lost_zone.abort()
    effects = lost_zone.effects.copy()
    last = lost_zone.recover(engine)
    assert last.state is State.ABORTED
    assert "ana aborted: false alarm." in last.sentence
    assert lost_zone.effects == effects


def abort_in_the_middle(zone: FakeZone, look: str) -> None:
    """Abort while the next tick looks: after it read the journal, before it acts."""
    original = getattr(zone, look)

    def looked(*arguments: object) -> object:
        setattr(zone, look, original)
        zone.abort()
        return original(*arguments)

    setattr(zone, look, looked)


def test_an_abort_in_the_middle_of_a_tick_stops_what_it_was_about_to_begin(
    lost_zone: FakeZone,
) -> None:
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda _: "drain-home" in lost_zone.run().done)
    abort_in_the_middle(lost_zone, "instances")
    effects = lost_zone.effects.copy()
    assert engine.tick().sentence == "The journal of we1-0001 moved on: looking again."
    assert lost_zone.effects == effects
    assert engine.tick().state is State.ABORTED


def test_an_abort_in_the_middle_of_a_tick_stops_what_it_was_about_to_repeat(
    lost_zone: FakeZone,
) -> None:
    engine = lost_zone.engine()
    lost_zone.denied = {"run_tasks"}
    until(lost_zone, engine, lambda _: "close-home" in lost_zone.run().done)
    lost_zone.step(engine)
    lost_zone.denied = set()
    lost_zone.clock.sleep(20)
    abort_in_the_middle(lost_zone, "hosting")
    assert engine.tick().sentence == "The journal of we1-0001 moved on: looking again."
    assert "scale" not in lost_zone.effects
    assert engine.tick().state is State.ABORTED


def test_an_approval_in_the_middle_of_a_tick_disturbs_nothing(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda _: "close-home" in lost_zone.run().done, approve=False)
    original = lost_zone.served_by

    def looked(name: str) -> Served:
        lost_zone.served_by = original
        lost_zone.approve()
        return original(name)

    lost_zone.served_by = looked
    assert lost_zone.recover(engine).state is State.RECOVERED
    numbers = [entry.sequence for entry in lost_zone.journal]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("outcome", ["refused", "aborted"])
def test_a_zone_is_not_failed_over_twice_within_an_hour_unless_acknowledged(
    lost_zone: FakeZone, outcome: str
) -> None:
    engine = lost_zone.engine(patience_s=60.0)
    if outcome == "aborted":
        until(lost_zone, engine, lambda _: lost_zone.run().plan_hash, approve=False)
        lost_zone.abort()
    lost_zone.recover(engine, approve=False)
    again = lost_zone.engine("two").tick()
    assert again.state is State(outcome)
    assert f"we1-0001 ended {outcome}" in again.sentence
    assert "unless we1-0001 is acknowledged." in again.sentence
    acknowledged = lost_zone.engine("two", acknowledged="we1-0001")
    assert acknowledged.tick().state is State.SUSPICIOUS


def test_after_an_hour_a_refused_zone_may_be_failed_over_again(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine(patience_s=60.0), approve=False)
    lost_zone.clock.sleep(timedelta(hours=1).total_seconds())
    assert lost_zone.engine("two").tick().state is State.SUSPICIOUS
    assert lost_zone.run().name == "we1-0002"


def test_a_changed_plan_needs_approval_anew(
    lost_zone: FakeZone, manifest_of: Callable[..., Manifest], make_zone: Callable[..., FakeZone]
) -> None:
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda _: lost_zone.run().approvers)
    changed = make_zone(manifest=manifest_of(("billing", "orders", "stock")))
    changed.clock, changed.lost_at = lost_zone.clock, 0.0
    changed.lease, changed.journals, changed.held = lost_zone.lease, lost_zone.journals, True
    progress = changed.engine().tick()
    assert "approvals are needed anew" in progress.sentence
    assert not changed.run().approvers


def test_a_driver_that_renews_its_lease_all_the_time_shuts_nobody_out(
    lost_zone: FakeZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long journal is read in more time than a version of the lease stands."""
    engine = lost_zone.engine()
    until(lost_zone, engine, lambda p: p.state is State.WAITING, approve=False)
    original = lost_zone.read_journal

    def read_slowly(run: str) -> tuple[Entry, ...]:
        assert lost_zone.lease is not None
        lost_zone.lease = replace(lost_zone.lease, version=lost_zone.lease.version + 1)
        return original(run)

    monkeypatch.setattr(lost_zone, "read_journal", read_slowly)
    given = decisions.approve(lost_zone.around, "ana", lost_zone.run().plan_hash)
    assert given.kind is EntryKind.APPROVED
