"""A source that cannot be had gives way to the next one, inside the one approved plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity import naming
from continuity.journal import EntryKind
from failover import timeline
from failover.case import Case, SourceKind
from failover.diagnose import Diagnosis
from failover.fallback import heads, ready, settled
from failover.progress import State
from failover.region_loss import kinds, region_loss
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from continuity.manifest import Manifest
    from tests.unit.failover.conftest import FakeZone

ORDERS = "we1-orders-away-1"
ASIDE = f"{ORDERS}-aside-we1-0001"
PROMOTE, POINT, COPY = "promote-orders", "restore-orders-point-in-time", "restore-orders-snapshot"


@pytest.fixture
def planned(lost_zone: FakeZone) -> FakeZone:
    """Return a lost zone whose plan was made while all its replicas seemed whole."""
    while lost_zone.run().plan_hash is None:
        lost_zone.step(lost_zone.engine(), approve=False)
    return lost_zone


@pytest.fixture
def broken(lost_zone: FakeZone) -> FakeZone:
    """Return a zone whose orders turn out to have a broken replica, and replicated backups."""
    while lost_zone.run().plan_hash is None:
        lost_zone.step(lost_zone.engine(), approve=False)
    lost_zone.lag_s = {ORDERS: None}
    lost_zone.points = [lost_zone.backups("orders"), lost_zone.snapshot("orders")]
    return lost_zone


@pytest.fixture
def without_address_file(manifest_of: Callable[..., Manifest]) -> Manifest:
    """Return the manifest of a program that wrote the addresses into the task definition."""
    made = manifest_of()
    sites = {
        name: replace(site, hosting=replace(site.hosting, addresses_bucket="", addresses_key=""))
        for name, site in made.sites.items()
    }
    return replace(made, sites=sites)


def sources(zone: FakeZone) -> dict[str, str | None]:
    return {one.name: one.source for one in timeline.databases(zone.journal)}


def test_a_broken_replica_gives_way_at_once_to_a_point_in_time_within_the_objective(
    broken: FakeZone,
) -> None:
    last = broken.recover(broken.engine())
    assert last.state is State.RECOVERED
    assert sources(broken) == {"billing": "replica", "orders": "point-in-time"}
    why = broken.run().failed[PROMOTE].sentence
    assert "AWS reported the replica as not replicating" in why
    assert "and the point-in-time loses 2 min 1 s only" in why
    settled_at = broken.run().failed[PROMOTE].at - broken.kinds(EntryKind.REFUSED)[0].at
    assert settled_at < timedelta(seconds=30)


def test_what_bore_the_name_is_moved_aside_with_all_its_data(broken: FakeZone) -> None:
    broken.recover(broken.engine())
    assert list(broken.aside) == [ASIDE]
    assert broken.replicas[ORDERS].restored_by == f"we1-0001/{POINT}"
    assert naming.aside(ORDERS, "we1-0001") == ASIDE


def test_the_intent_holds_exactly_what_is_restored_and_what_that_loses(broken: FakeZone) -> None:
    broken.recover(broken.engine())
    facts = broken.run().intents[POINT].data
    backups = broken.points[0]
    [(_, origin)] = broken.restored
    assert facts["restored_from"] == origin.name == backups.name
    assert facts["moment"] == origin.moment.isoformat()
    assert facts["loss_bound_s"] == pytest.approx(121, abs=2)
    assert origin.storage == backups.storage
    assert "Initializing 40 %" in broken.run().done[POINT].sentence


def test_the_loss_is_claimed_before_and_measured_after(broken: FakeZone) -> None:
    broken.recover(broken.engine())
    outcome = next(one for one in timeline.databases(broken.journal) if one.name == "orders")
    assert outcome.claimed_loss_s == pytest.approx(121, abs=2)


def test_the_hash_that_was_approved_stays(broken: FakeZone) -> None:
    broken.recover(broken.engine())
    assert len(broken.kinds(EntryKind.PLANNED)) == 1
    assert len(broken.kinds(EntryKind.APPROVED)) == 1


def test_without_replicated_backups_the_newest_copied_snapshot_is_taken(broken: FakeZone) -> None:
    older = broken.snapshot("orders", name="older", newest=broken.clock.now() - timedelta(days=1))
    broken.points = [older, broken.snapshot("orders")]
    assert broken.recover(broken.engine()).state is State.RECOVERED
    assert sources(broken)["orders"] == "snapshot"
    assert "no automated backups are replicated" in broken.run().failed[POINT].sentence
    [(_, origin)] = broken.restored
    assert (origin.name, origin.moment) == ("we1-orders-copy", None)


def test_a_promotion_that_fails_falls_back(lost_zone: FakeZone) -> None:
    lost_zone.points = [lost_zone.backups("orders")]
    lost_zone.replicas[ORDERS].terminal = "storage-full"
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    assert sources(lost_zone)["orders"] == "point-in-time"


def test_a_name_that_nobody_frees_blocks_this_database_only(
    make_zone: Callable[..., FakeZone], without_address_file: Manifest
) -> None:
    """So it is where the manifest is too old to say how tasks are told another address."""
    zone = make_zone(manifest=without_address_file).lose_region()
    while zone.run().plan_hash is None:
        zone.step(zone.engine(), approve=False)
    zone.points = [zone.backups("orders")]
    zone.replicas[ORDERS].terminal = "failed"
    engine = zone.engine(patience_s=300.0)
    while not zone.kinds(EntryKind.REFUSED):
        waiting = zone.step(engine)
    assert "waiting for people: " in waiting.sentence
    assert ".." not in waiting.sentence
    last = zone.recover(engine)
    assert last.state is State.BLOCKED
    assert f"Free the name (delete {ORDERS}" in last.sentence
    assert sources(zone) == {"billing": "replica", "orders": None}
    assert not zone.restored


def test_without_another_way_the_restore_begins_once_a_person_freed_the_name(
    make_zone: Callable[..., FakeZone], without_address_file: Manifest
) -> None:
    zone = make_zone(manifest=without_address_file).lose_region()
    zone.points = [zone.backups("orders")]
    zone.replicas[ORDERS].busy = "modifying"
    engine = zone.engine()
    while PROMOTE not in zone.run().failed or not zone.kinds(EntryKind.REFUSED):
        zone.step(engine)
    refused = zone.kinds(EntryKind.REFUSED)[-1]
    assert f"{ORDERS} has kept its name for" in refused.sentence
    assert f"delete {ORDERS}" in refused.sentence
    looked = zone.calls.count("recovery_points")
    for _ in range(5):
        zone.step(engine)
    assert zone.calls.count("recovery_points") == looked
    del zone.replicas[ORDERS]
    assert zone.recover(engine).state is State.RECOVERED
    assert sources(zone) == {"billing": "replica", "orders": "point-in-time"}


def test_two_databases_that_fail_differently_do_not_hold_each_other_back(
    lost_zone: FakeZone,
) -> None:
    billing = "we1-billing-away-1"
    lost_zone.lag_s = {ORDERS: None}
    lost_zone.points = [lost_zone.backups("orders"), lost_zone.snapshot("billing")]
    lost_zone.replicas[billing].terminal = "storage-full"
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    assert sources(lost_zone) == {"billing": "snapshot", "orders": "point-in-time"}
    begun = [lost_zone.run().intents[step].at for step in (POINT, "restore-billing-snapshot")]
    assert abs((begun[0] - begun[1]).total_seconds()) < 60


def test_a_restore_that_ends_in_a_terminal_state_gives_way_to_the_snapshot(
    broken: FakeZone,
) -> None:
    engine = broken.engine()
    while not broken.restored:
        broken.step(engine)
    broken.replicas[ORDERS].terminal = "incompatible-restore"
    while POINT not in broken.run().failed:
        broken.step(engine)
    assert f"{ORDERS} was restored, but it is incompatible-restore" in (
        broken.run().failed[POINT].sentence
    )
    del broken.replicas[ORDERS]
    assert broken.recover(engine) is not None
    assert sources(broken)["orders"] == "snapshot"


def test_a_restore_that_aws_refuses_for_good_gives_way_within_minutes(broken: FakeZone) -> None:
    """Both restores are denied here: the run ends in minutes, not after the deadline of hours."""
    broken.denied = {"restore"}
    last = broken.recover(broken.engine())
    assert last.state is State.BLOCKED
    assert set(broken.run().failed) == {PROMOTE, POINT, COPY}
    assert "restore: denied" in broken.run().failed[POINT].sentence
    failed_at = [broken.run().failed[step].at for step in (POINT, COPY)]
    assert failed_at[1] - broken.run().failed[PROMOTE].at < timedelta(minutes=15)


def test_lag_above_the_objective_gives_way_too(broken: FakeZone) -> None:
    broken.lag_s = {ORDERS: 900.0}
    broken.recover(broken.engine())
    assert "it could lose 15 min, and the point-in-time" in broken.run().failed[PROMOTE].sentence


def test_accepted_loss_keeps_the_replica(broken: FakeZone) -> None:
    engine = broken.engine()
    broken.step(engine)
    broken.consent("orders")
    assert broken.recover(engine).state is State.RECOVERED
    assert sources(broken)["orders"] == "replica"


def test_lag_that_nobody_measured_is_a_persons_to_judge_for_five_minutes(
    broken: FakeZone,
) -> None:
    broken.lag_s = {ORDERS: -1}
    assert broken.recover(broken.engine()).state is State.RECOVERED
    assert sources(broken)["orders"] == "point-in-time"
    asked = broken.kinds(EntryKind.REFUSED)[0].at
    assert broken.run().failed[PROMOTE].at - asked >= timedelta(minutes=5)


def test_without_a_restore_within_the_objective_a_broken_replica_waits_for_a_person(
    broken: FakeZone,
) -> None:
    day_old = broken.clock.now() - timedelta(days=1)
    broken.points = [broken.snapshot("orders", newest=day_old)]
    last = broken.recover(broken.engine(patience_s=300.0))
    assert last.state is State.REFUSED
    assert "--accept-data-loss orders" in last.sentence
    assert not broken.restored


def test_a_restore_above_the_objective_waits_for_a_consent_of_its_own(
    lost_zone: FakeZone,
) -> None:
    day_old = lost_zone.clock.now() - timedelta(days=1)
    lost_zone.points = [lost_zone.snapshot("orders", newest=day_old)]
    lost_zone.replicas[ORDERS].terminal = "storage-full"
    engine = lost_zone.engine()
    while not lost_zone.kinds(EntryKind.REFUSED):
        lost_zone.step(engine)
    refused = lost_zone.kinds(EntryKind.REFUSED)[0].sentence
    assert refused.startswith("Restoring orders to 2026-03-02 09:00:00 UTC loses 1 d")
    assert "Accept it with --accept-data-loss orders." in refused
    assert not lost_zone.aside
    lost_zone.consent("orders")
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert sources(lost_zone)["orders"] == "snapshot"


def test_no_recovery_point_is_looked_for_while_nothing_needs_one(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine())
    assert "recovery_points" not in lost_zone.calls
    assert not [entry for entry in lost_zone.journal if str(entry.step).startswith("restore-")]


def test_a_corrupted_database_has_no_step_that_promotes_it(
    manifest_of: Callable[..., Manifest], lost_zone: FakeZone
) -> None:
    last_good = lost_zone.clock.now() - timedelta(hours=2)
    case = Case(Diagnosis.REGION_LOST, {"orders": last_good})
    plan = region_loss(manifest_of(), case)
    steps = {step.name: step for step in plan.steps}
    assert PROMOTE not in steps
    assert steps["verify-orders"].needs == {POINT, "protect-orders"}
    assert "nothing after 2026-03-03 07:00:00 UTC" in steps[POINT].what
    assert plan.hash != region_loss(manifest_of()).hash
    assert POINT in plan.critical_path().steps


def test_a_ranking_is_followed_but_never_to_a_corrupted_replica(lost_zone: FakeZone) -> None:
    ranking = {"orders": (SourceKind.SNAPSHOT, SourceKind.REPLICA)}
    case = Case(Diagnosis.REGION_LOST, ranking=ranking)
    assert kinds(case, "orders") == ranking["orders"]
    corrupted = Case(Diagnosis.REGION_LOST, {"orders": lost_zone.clock.now()}, ranking)
    assert kinds(corrupted, "orders") == (SourceKind.SNAPSHOT,)


def test_the_prediction_counts_the_first_source_and_the_forecast_what_is_left(
    manifest_of: Callable[..., Manifest],
) -> None:
    plan = region_loss(manifest_of())
    path = plan.critical_path()
    assert not any(step.startswith("restore-") for step in path.steps)
    later = plan.critical_path({PROMOTE: 0.0}, {PROMOTE})
    assert POINT in later.steps
    assert later.seconds - path.seconds == 1460 - 180


def test_a_row_is_settled_by_any_of_it(
    manifest_of: Callable[..., Manifest], entry: Callable[..., Entry]
) -> None:
    plan = region_loss(manifest_of())
    steps = {step.name: step for step in plan.steps}
    assert heads(plan.steps)[COPY] == PROMOTE
    failed = Run("we1-0001", (entry(1, EntryKind.FAILED, 1, PROMOTE, database="orders"),))
    done = settled(plan.rows, failed)
    assert ready(steps[POINT], failed, {"drain-home"})
    assert not ready(steps[COPY], failed, {"drain-home"})
    assert PROMOTE not in done
    back = Run("we1-0001", (*failed.entries, entry(2, EntryKind.DONE, 2, POINT)))
    assert settled(plan.rows, back) == {PROMOTE, POINT, COPY}
