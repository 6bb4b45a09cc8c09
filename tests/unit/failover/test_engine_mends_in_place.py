"""Recoveries that leave no region: releases taken back, tasks asked for again, and their limits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import decisions
from failover.declarations import declare_corrupted, declare_order
from failover.observation import Event
from failover.options import Declaration, Order
from failover.progress import State

if TYPE_CHECKING:
    from tests.unit.failover.conftest import FakeZone

NO_ROOM = "(service platform) was unable to place a task. Reason: Capacity is unavailable."


def drive(zone: FakeZone, seconds: float, **options: object) -> list[str]:
    """Tick for so long; return what was said."""
    engine, until, said = zone.engine(**options), zone.clock.seconds + seconds, []
    while zone.clock.seconds < until:
        said.append(zone.step(engine, approve=False).sentence)
    return said


def no_room(zone: FakeZone, tasks: int) -> None:
    """Let AWS have room for no more than so many tasks in the home site, and say so."""
    late = zone.clock.now() + timedelta(minutes=3)
    zone.platform.room, zone.platform.events = tasks, (Event(late, NO_ROOM),)


def test_tasks_that_died_are_asked_for_again_without_an_approval(zone: FakeZone) -> None:
    zone.platform.running = 0
    last = zone.recover(zone.engine(), approve=False)
    assert last.state is State.RECOVERED
    assert zone.effects == {"hold": 1, "restart": 1}
    assert not zone.kinds(EntryKind.APPROVED)
    assert zone.run().of(EntryKind.DIAGNOSED)[0].data["in_place"] is True


def test_a_bad_release_is_answered_by_the_one_before_it(zone: FakeZone) -> None:
    zone.platform.bad = frozenset({"td:8"})
    zone.platform.task_definition, zone.platform.before = "td:8", "td:7"
    zone.platform.running = 0
    last = zone.recover(zone.engine(), approve=False)
    assert last.state is State.RECOVERED
    assert zone.platform.task_definition == "td:7"
    assert zone.effects == {"hold": 1, "redeploy td:7": 1}


def test_a_bad_release_without_a_good_one_before_it_waits_for_a_person(zone: FakeZone) -> None:
    zone.platform.bad, zone.platform.running = frozenset({"td"}), 0
    said = drive(zone, 300)
    assert "No earlier release is known: a person must deploy one." in said[-1]
    assert not zone.effects


def test_a_good_release_that_fails_too_ends_blocked_and_is_not_tried_again(
    zone: FakeZone,
) -> None:
    zone.platform.bad = frozenset({"td:8", "td:7"})
    zone.platform.task_definition, zone.platform.before = "td:8", "td:7"
    zone.platform.running = 0
    last = zone.recover(zone.engine(), approve=False)
    assert last.state is State.BLOCKED
    assert "td:7 fails, too: it is not the release" in last.sentence
    said = drive(zone, 600)
    assert "we1-0001 tried that already and ended blocked" in said[-1]
    assert zone.effects == {"hold": 1, "redeploy td:7": 1}


def test_where_no_task_finds_room_a_person_is_told_early_and_may_have_the_zone_moved(
    zone: FakeZone,
) -> None:
    zone.platform.running = 0
    no_room(zone, 0)
    last = zone.recover(zone.engine(), approve=False, limit_s=600)
    assert last.state is State.BLOCKED
    assert "so a person may have the zone moved" in last.sentence
    engine = zone.engine(move=Order("ana", "nothing comes back"))
    assert zone.recover(engine).state is State.RECOVERED
    assert {"closed/home", "open/away"} <= set(zone.latch_at)


def test_fewer_tasks_than_wanted_serve_and_that_is_said(zone: FakeZone) -> None:
    zone.platform.running = 0
    no_room(zone, 1)
    assert zone.recover(zone.engine(), approve=False).state is State.RECOVERED
    [verdict] = [one for one in zone.kinds(EntryKind.VERDICT) if one.step == "restart-home"]
    assert verdict.sentence.startswith("1 of 4 tasks of platform run and serve;")
    assert NO_ROOM in verdict.sentence


def test_a_region_lost_after_a_recovery_in_place_is_recovered_within_the_hour(
    zone: FakeZone,
) -> None:
    zone.platform.running = 0
    zone.recover(zone.engine(), approve=False)
    zone.effects.clear()
    zone.lose_region()
    assert zone.recover(zone.engine()).state is State.RECOVERED
    assert "open/away" in zone.latch_at


@pytest.mark.parametrize("seconds", [30, 170])
def test_a_change_over_to_the_other_zone_begins_nothing(zone: FakeZone, seconds: float) -> None:
    zone.refusals["orders"] = "no answer"
    zone.primary_status["we1-orders-home-1"] = "rebooting"
    drive(zone, seconds)
    zone.refusals.clear()
    zone.primary_status.clear()
    drive(zone, 200)
    assert zone.run().outcome == "cleared"
    assert not zone.effects


def test_a_lost_primary_moves_the_zone_after_three_minutes(zone: FakeZone) -> None:
    zone.refusals["orders"] = "no answer"
    zone.primary_status["we1-orders-home-1"] = "failed"
    assert zone.recover(zone.engine()).state is State.RECOVERED
    diagnosed = zone.run().of(EntryKind.DIAGNOSED)[0]
    assert (diagnosed.data["diagnosis"], diagnosed.data["databases"]) == (
        "primary database lost",
        "orders",
    )
    assert (diagnosed.at - zone.run().suspected_at).total_seconds() >= 180
    assert zone.fenced


def test_a_declared_corruption_begins_a_run_of_a_served_zone(zone: FakeZone) -> None:
    moment = zone.clock.now() - timedelta(hours=1)
    said = Declaration("orders", moment, "ana", "prices are wrong")
    drive(zone, 5, declared=(said,))
    run = zone.run()
    assert [one.data["database"] for one in run.of(EntryKind.DECLARED)] == ["orders"]
    assert run.of(EntryKind.DIAGNOSED)[0].data["diagnosis"] == "database corrupted"
    assert run.plan_hash is not None


def test_an_order_to_move_a_healthy_zone_begins_nothing(zone: FakeZone) -> None:
    zone.points = [zone.backups(database.name) for database in zone.manifest.databases]
    said = drive(zone, 60, move=Order("ana", "just so"))
    assert set(said) == {"we1 is served from eu-west-1."}
    assert not zone.journals


def test_an_declare_orders_a_zone_that_is_silent_for_no_known_reason(zone: FakeZone) -> None:
    zone.platform_down = True
    assert "needs people" in drive(zone, 60)[-1]
    last = zone.recover(zone.engine(move=Order("ana", "the certificate is gone")))
    assert last.state is State.RECOVERED
    assert decisions.current(zone.around).approvers == {"ana"}


def test_an_order_reaches_the_run_that_another_driver_holds(zone: FakeZone) -> None:
    zone.platform.running = 0
    no_room(zone, 0)
    zone.recover(zone.engine(), approve=False, limit_s=600)
    engine = zone.engine("again")
    zone.step(engine)
    first = declare_order(zone.around, Order("ana", "nothing comes back"))
    assert declare_order(zone.around, Order("rui", "I say so, too")) == first
    assert zone.recover(engine).state is State.RECOVERED
    assert "open/away" in zone.latch_at


def no_tasks_and_a_word(zone: FakeZone, said: str) -> None:
    """Have the zone moved in the very run that was to mend it in place."""
    zone.platform.running = 0
    no_room(zone, 0)
    zone.points = [zone.backups("orders")]
    engine = zone.engine()
    while "restart-home" not in zone.run().intents:
        zone.step(engine, approve=False)
    if said == "order":
        declare_order(zone.around, Order("ana", "nothing comes back"))
    else:
        good = zone.clock.moment_of(-600)
        declare_corrupted(zone.around, Declaration("orders", good, "ana", "prices are wrong"))
    assert zone.recover(engine, 20_000).state is State.RECOVERED
    assert "open/away" in zone.latch_at


@pytest.mark.parametrize("said", ["order", "corruption"])
def test_a_zone_that_was_moved_in_a_run_begun_in_place_is_left_alone_afterwards(
    zone: FakeZone, said: str
) -> None:
    no_tasks_and_a_word(zone, said)
    restarts = zone.effects["restart"]
    told = drive(zone, 7200)
    assert "It is not failed over again before its roles are reconciled" in told[-1]
    assert zone.effects["restart"] == restarts
    assert len(zone.journals) == 1
