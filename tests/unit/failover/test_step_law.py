"""The law of steps: twice is once, and whatever interrupts one, repeating it ends done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.journal import Entry
from failover.assess import Stand, judge
from failover.fallback import settled as settled_by
from failover.observation import Reading, Wanted
from failover.observe import observe
from failover.options import Options
from failover.region_loss import region_loss
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from failover.observation import Observation
    from failover.step import Settled, Step
    from tests.unit.failover.conftest import FakeZone

STEPS = (
    "hold-recovery-points",
    "close-home",
    "fence-home",
    "revoke-home",
    "revoke-home-at-witness",
    "scale-away",
    "promote-orders",
    "restore-orders-point-in-time",
    "restore-orders-snapshot",
    "protect-orders",
    "point-tasks",
    "renew-tasks",
    "verify-orders",
    "open-away",
    "verify-outside",
)


APART = {"point-tasks": "tell_addresses", "renew-tasks": "renew_tasks"}
"""Steps that act only where a database stands beside its name, and what is denied until then."""


def before(zone: FakeZone, name: str) -> Step:
    """Bring the zone to where the step's turn has come, and return the step."""
    engine = zone.engine()
    step = next(one for one in region_loss(zone.manifest).steps if one.name == name)
    zone.denied = {"protect"} if name.startswith("protect-") else set()
    while zone.run().plan_hash is None:
        zone.step(engine)
    if name.startswith("restore-"):
        zone.replicas["we1-orders-away-1"].terminal = "storage-full"
        zone.points = [zone.backups("orders")] if name.endswith("time") else []
        zone.points.append(zone.snapshot("orders"))
    if name in APART:
        zone.replicas["we1-orders-away-1"].terminal = "failed"
        zone.points = [zone.backups("orders")]
        zone.denied = {APART[name]}
    for _ in range(400):
        begins = step.instead_of is None or step.instead_of in zone.run().failed
        done = settled_by(region_loss(zone.manifest).rows, zone.run())
        if zone.run().plan_hash and begins and step.needs <= done:
            zone.denied = set()
            return step
        zone.step(engine)
    raise AssertionError(f"{name} never came")


def wanted_by(step: Step, run: Run) -> Wanted:
    return Wanted(step.looks_now(run), tuple(step.named(run)))


def look(zone: FakeZone, step: Step, settled: Settled | None = None) -> Observation:
    run = zone.run()
    if settled is not None:
        last = run.entries[-1]
        sequence = last.sequence + 1
        entry = Entry(sequence, last.at, settled.kind, settled.sentence, step.name, settled.data)
        run = Run(run.name, (*run.entries, entry))
    return observe(zone.around, run, wanted_by(step, run), Reading())


def settle(zone: FakeZone, step: Step, settled: Settled | None) -> Observation:
    """Let time pass until the step is done."""
    for _ in range(200):
        seen = look(zone, step, settled)
        if step.done(seen):
            return seen
        if settled is None and step.pause_s(seen) is None:
            settled = step.do(zone, seen)
        zone.clock.sleep(10)
    raise AssertionError(f"{step.name} was never done")


def test_every_step_that_acts_is_under_the_law(zone: FakeZone) -> None:
    named = {step.name for step in region_loss(zone.manifest).steps if not step.silent}
    assert {name.replace("billing", "orders") for name in named} == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_after_do_it_ends_done(lost_zone: FakeZone, name: str) -> None:
    lost_zone.replicas["we1-orders-away-1"].protected = name != "protect-orders"
    step = before(lost_zone, name)
    settled = step.do(lost_zone, look(lost_zone, step))
    assert step.done(settle(lost_zone, step, settled))


@pytest.mark.parametrize("name", STEPS)
def test_twice_is_once(lost_zone: FakeZone, name: str) -> None:
    lost_zone.replicas["we1-orders-away-1"].protected = name != "protect-orders"
    step = before(lost_zone, name)
    seen = look(lost_zone, step)
    step.do(lost_zone, seen)
    effects = lost_zone.effects.copy()
    settled = step.do(lost_zone, seen)
    assert lost_zone.effects == effects
    assert step.done(settle(lost_zone, step, settled))


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("fault", ["kill before", "kill after"])
def test_interrupted_and_repeated_it_ends_done(
    make_zone: Callable[..., FakeZone], killed: type[BaseException], name: str, fault: str
) -> None:
    zone = make_zone()
    zone.lose_region()
    zone.replicas["we1-orders-away-1"].protected = name != "protect-orders"
    step = before(zone, name)
    seen = look(zone, step)
    zone.script = {len(zone.calls) + 1: fault}
    with pytest.raises(killed):
        step.do(zone, seen)
    zone.script = {}
    settled = step.do(zone, look(zone, step))
    assert step.done(settle(zone, step, settled))


@pytest.mark.parametrize("name", ["promote-orders", "close-home", "scale-away", "protect-orders"])
def test_what_was_not_seen_is_not_done(lost_zone: FakeZone, name: str) -> None:
    step = before(lost_zone, name)
    blind = observe(lost_zone.around, lost_zone.run(), Wanted(), Reading())
    assert not step.done(blind)
    assert judge(step, blind, Options()).stand is Stand.UNASKED


def test_a_promotion_is_not_done_while_the_status_still_says_available(
    lost_zone: FakeZone,
) -> None:
    step = before(lost_zone, "promote-orders")
    seen = look(lost_zone, step)
    instance = seen.instance("we1-orders-away-1")
    assert instance is not None
    assert (instance.status, instance.source) == ("available", "arn:primary")
    assert not step.done(seen)


@pytest.mark.parametrize("status", ["backing-up", "modifying", "rebooting"])
def test_a_busy_replica_is_waited_for(lost_zone: FakeZone, status: str) -> None:
    step = before(lost_zone, "promote-orders")
    lost_zone.replicas["we1-orders-away-1"].busy = status
    assert step.pause_s(look(lost_zone, step)) == 15.0


def test_a_parameter_group_that_waits_for_a_restart_gets_one(lost_zone: FakeZone) -> None:
    replica = lost_zone.replicas["we1-orders-away-1"]
    replica.group_synced = False
    assert lost_zone.recover(lost_zone.engine()).state.over
    assert replica.group_synced
    assert lost_zone.effects["reboot we1-orders-away-1"] == 1


def test_a_replica_of_what_was_set_aside_is_hopeless(lost_zone: FakeZone) -> None:
    step = before(lost_zone, "promote-orders")
    seen = look(lost_zone, step)
    aside = "we1-orders-home-1-aside-20260303t080000"
    found = seen.instance("we1-orders-away-1")
    assert found is not None
    left = replace(found, source=f"arn:aws:rds:eu-west-1:123456789012:db:{aside}")
    there = {**(seen.instances.value or {}), "we1-orders-away-1": left}
    swapped = replace(seen, instances=replace(seen.instances, value=there))
    assert step.hopeless(swapped) == (f"we1-orders-away-1: it follows {aside}, which was set aside")


def test_a_database_that_does_not_exist_is_hopeless(lost_zone: FakeZone) -> None:
    step = before(lost_zone, "promote-orders")
    seen = look(lost_zone, step)
    gone = replace(seen, instances=Reading(seen.now, {}, None))
    assert step.hopeless(gone) == "we1-orders-away-1 does not exist"
