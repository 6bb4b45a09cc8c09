"""A healthy zone is moved with nothing lost, or stays where it is. The zone has two databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from continuity.outside import Served
from failover import decisions
from failover.options import PlannedMove
from failover.planned import Mode, mode
from failover.progress import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.engine import Engine
    from failover.progress import Progress
    from tests.unit.failover.conftest import FakeZone

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ORDER = PlannedMove("ana", "work on the home region", NOW, emergency=True)
SETTLING = "settle-billing"


def until(zone: FakeZone, engine: Engine, reached: Callable[[], object]) -> Progress:
    """Tick until something is so."""
    while not reached():
        progress = zone.step(engine)
        assert zone.clock.seconds < 7200
        assert not progress.state.over, progress
    return progress


def intended(zone: FakeZone, step: str) -> Callable[[], bool]:
    return lambda: step in zone.run().intents


def served(zone: FakeZone) -> Served:
    zone.clock.sleep(60.0)
    return zone.served_by("we1.example.com")


@pytest.fixture
def engine(zone: FakeZone) -> Engine:
    return zone.engine(planned=ORDER)


def test_a_healthy_zone_is_moved_and_every_database_is_proven_to_lack_nothing(
    zone: FakeZone, engine: Engine
) -> None:
    last = zone.recover(engine)
    assert last.state is State.RECOVERED
    assert "moved, with nothing lost" in last.sentence
    measured = {e.step: e.data["claimed_loss_s"] for e in zone.kinds(EntryKind.MEASURED)[2:]}
    assert measured == {"verify-billing": 0.0, "verify-orders": 0.0}
    assert served(zone) is Served.AWAY
    assert zone.fenced
    assert zone.rearmed == {"home", "witness"}


def test_nobody_writes_any_more_when_the_proof_is_given(zone: FakeZone, engine: Engine) -> None:
    zone.recover(engine)
    done = sorted(zone.run().done, key=lambda step: zone.run().done[step].sequence)
    order = ["scale-away", "close-home", "drain-home", "quiet-home", SETTLING, "fence-home"]
    assert [step for step in done if step in order] == order
    run = zone.run()
    assert run.done["fence-home"].sequence < run.intents["promote-billing"].sequence


def test_nothing_is_touched_before_the_plan_is_approved(zone: FakeZone, engine: Engine) -> None:
    for _ in range(20):
        zone.step(engine, approve=False)
    assert set(zone.effects) == {"hold"}
    last = zone.recover(zone.engine(planned=ORDER, patience_s=60.0), approve=False)
    assert last.state is State.REFUSED
    assert "nothing was touched. Nobody approved in time" in last.sentence
    assert set(zone.effects) == {"hold"}
    assert zone.step(zone.engine(planned=ORDER)).state is State.WATCHING, "one order, one run"


def behind(zone: FakeZone) -> None:
    zone.lag_s["we1-orders-away-1"] = 120.0


def moved_before(zone: FakeZone) -> None:
    zone.latch_at["open/away"] = 0.0


def no_tasks(zone: FakeZone) -> None:
    zone.hosting_now[:] = [0, 0, -1000.0]


def no_replica(zone: FakeZone) -> None:
    zone.replicas["we1-orders-away-1"].source = None


def unsynced(zone: FakeZone) -> None:
    zone.replicas["we1-orders-away-1"].group_synced = False


AGAINST = {
    behind: "we1-orders-away-1 is 2 min behind, 30 s are allowed",
    moved_before: "open/away lies in away-latch: traffic was moved before. Reconcile we1 first.",
    no_tasks: "The away site could not take over (no task runs). `holdfast check we1` says",
    no_replica: "we1-orders-away-1 is no replica. Repair it, or build it anew, first.",
    unsynced: "we1-orders-away-1 waits for a restart to take its parameters. Restart it first.",
}


@pytest.mark.parametrize("spoil", AGAINST)
def test_what_stands_against_a_move_is_said_before_anything_is_touched(
    zone: FakeZone, engine: Engine, spoil: Callable[[FakeZone], None]
) -> None:
    spoil(zone)
    last = zone.recover(engine)
    assert last.state is State.REFUSED
    assert AGAINST[spoil] in last.sentence
    assert not zone.effects


def test_outside_the_window_only_an_emergency_is_moved(make_zone: Callable[..., FakeZone]) -> None:
    zone = make_zone()
    last = zone.recover(zone.engine(planned=PlannedMove("ana", "at once", NOW)))
    assert last.state is State.REFUSED
    assert "start it then, or with --emergency" in last.sentence


def test_what_went_wrong_before_the_approval_ends_the_move_with_nothing_touched(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, lambda: zone.run().plan_hash)
    behind(zone)
    last = zone.recover(engine)
    assert last.state is State.REFUSED
    assert set(zone.effects) == {"hold"}


@pytest.mark.parametrize("never", ["lag", "sessions"])
def test_a_move_that_cannot_be_proven_is_taken_back_with_the_reason(
    zone: FakeZone, engine: Engine, never: str
) -> None:
    zone.behind["orders"], zone.sessions = (96, 0) if never == "lag" else (0, 2)
    last = zone.recover(engine)
    assert last.state is State.REFUSED
    assert {"lag": "lacks 96 bytes", "sessions": "2 sessions of"}[never] in last.sentence
    assert served(zone) is Served.HOME
    assert (zone.platform.desired, zone.fenced, zone.revoked) == (4, False, set())
    closed = zone.run().intents["close-home"].at
    assert zone.run().entries[-1].at - closed < timedelta(minutes=10)


def test_a_region_that_is_lost_after_a_move_was_taken_back_is_recovered_at_once(
    zone: FakeZone, engine: Engine
) -> None:
    zone.behind["orders"] = 96
    zone.recover(engine)
    zone.effects.clear()
    assert served(zone) is Served.HOME
    zone.lose_region()
    assert zone.recover(zone.engine()).state is State.RECOVERED
    assert zone.run().name == "we1-0002"


def test_a_proof_that_nobody_went_on_from_for_long_proves_nothing(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, lambda: "settle-orders" in zone.run().done)
    zone.clock.sleep(3600.0)
    last = zone.recover(engine)
    assert last.state is State.REFUSED
    assert "and somebody may have written since" in last.sentence
    assert served(zone) is Served.HOME


def test_whoever_aborts_while_clients_wait_has_the_move_taken_back(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, intended(zone, "close-home"))
    zone.abort()
    last = zone.recover(engine)
    assert last.state is State.REFUSED
    assert "ana has the planned move taken back: false alarm" in last.sentence
    assert served(zone) is Served.HOME


def test_whoever_aborts_before_anything_is_closed_ends_the_run(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, lambda: zone.run().plan_hash)
    zone.abort()
    assert zone.step(engine).state is State.ABORTED


def test_a_fenced_site_is_not_given_back(zone: FakeZone, engine: Engine) -> None:
    until(zone, engine, intended(zone, "fence-home"))
    with pytest.raises(Refusal, match="has fenced the site"):
        decisions.abort(zone.around, "ana", "too late")
    assert zone.recover(engine).state is State.RECOVERED


@pytest.mark.parametrize("step", ["close-home", "quiet-home", SETTLING])
def test_a_region_that_is_lost_meanwhile_makes_it_an_emergency_that_is_approved_anew(
    zone: FakeZone, engine: Engine, step: str
) -> None:
    until(zone, engine, intended(zone, step))
    planned = zone.run().plan_hash
    zone.lose_region()
    until(zone, engine, lambda: mode(zone.run()) is Mode.EMERGENCY)
    assert zone.run().plan_hash != planned
    assert zone.recover(engine).state is State.RECOVERED
    assert served(zone) is Served.AWAY


def test_a_region_that_is_lost_after_the_proof_costs_the_move_nothing(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, intended(zone, "fence-home"))
    zone.lose_region()
    assert zone.recover(engine).state is State.RECOVERED
    assert zone.run().done["verify-orders"].data["claimed_loss_s"] == 0.0


def test_a_region_that_is_lost_while_a_move_is_taken_back_is_recovered_by_the_next_run(
    zone: FakeZone, engine: Engine
) -> None:
    until(zone, engine, intended(zone, "close-home"))
    zone.abort()
    zone.lose_region()
    assert zone.recover(engine).state is State.BLOCKED
    zone.effects.clear()
    zone.effects["hold"] = 0
    assert zone.recover(zone.engine("two"), 14_400).state is State.RECOVERED


def test_an_approval_does_not_run_out_while_clients_wait(
    zone: FakeZone, make_zone: Callable[..., FakeZone]
) -> None:
    engine = zone.engine(planned=ORDER, approval_s=150.0)
    assert zone.recover(engine).state is State.RECOVERED
    assert len(zone.kinds(EntryKind.APPROVED)) == 1
    late = make_zone()
    engine = late.engine(planned=ORDER, approval_s=150.0)
    until(late, engine, lambda: late.run().plan_hash)
    late.clock.sleep(200.0)
    late.step(engine, approve=False)
    assert not {"close-home", "scale-away"} & set(late.run().intents)


EVERY = {"kill after": 9, "lost reply": 17}


@pytest.mark.parametrize("fault", EVERY)
@pytest.mark.parametrize("lacks", [0, 96])
def test_a_driver_cut_at_any_call_leads_to_the_same_end(
    make_zone: Callable[..., FakeZone],
    manifest_of: Callable[..., Manifest],
    killed: type[BaseException],
    fault: str,
    lacks: int,
) -> None:
    manifest, behind_by = manifest_of(("orders",)), {"orders": lacks}
    clean = make_zone(manifest=manifest, behind=behind_by)
    clean.recover(clean.engine(planned=ORDER))
    for call in range(1, len(clean.calls) + 1, EVERY[fault]):
        zone = make_zone(manifest=manifest, script={call: fault}, behind=behind_by)
        engine = zone.engine(planned=ORDER)
        while zone.run().end is None:
            try:
                zone.step(engine)
            except killed:
                engine = zone.engine(planned=ORDER)
            assert zone.clock.seconds < 7200
        assert zone.end_state() == clean.end_state(), f"{fault} at call {call}"
        assert zone.effects == clean.effects, f"{fault} at call {call}"
