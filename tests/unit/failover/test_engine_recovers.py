from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.progress import State
from failover.timeline import databases, elapsed_s, outcome, phases

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from tests.unit.failover.conftest import FakeZone


def test_a_lost_region_is_recovered_in_the_other_site(lost_zone: FakeZone) -> None:
    last = lost_zone.recover(lost_zone.engine())
    assert last.state is State.RECOVERED
    assert last.sentence == (
        "we1-0001: we1 is recovered. we1.example.com is served by the away site again."
    )
    assert sorted(lost_zone.latch_at) == ["closed/home", "open/away"]


def test_the_steps_happen_in_the_order_that_keeps_data_safe(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine())
    done = [e.step for e in lost_zone.journal if e.kind in (EntryKind.DONE, EntryKind.VERDICT)]
    order = ["hold-recovery-points", "close-home", "drain-home", "promote-billing", "open-away"]
    assert [step for step in done if step in order] == order
    assert done[-1] == "verify-outside"


def test_every_intent_precedes_its_effect_and_is_followed_by_what_came_of_it(
    lost_zone: FakeZone,
) -> None:
    lost_zone.recover(lost_zone.engine())
    intents = {e.step: e.sequence for e in lost_zone.kinds(EntryKind.INTENT)}
    settled = {e.step: e.sequence for e in lost_zone.run().done.values()}
    assert intents.keys() <= settled.keys()
    assert all(intents[step] < settled[step] for step in intents)


def test_the_clock_starts_at_the_first_failing_reading_and_phases_add_up(
    lost_zone: FakeZone,
) -> None:
    lost_zone.recover(lost_zone.engine())
    entries = lost_zone.run().entries
    told = phases(entries)
    assert [phase.name for phase in told] == [
        "detect",
        "decide",
        "contain",
        "approve",
        "restore",
        "verify",
        "open",
    ]
    assert sum(phase.seconds for phase in told) == pytest.approx(elapsed_s(entries))
    assert entries[0].kind is EntryKind.SUSPECTED
    assert outcome(entries) == "recovered"


def test_the_claimed_loss_is_the_time_from_the_newest_row_to_the_suspicion(
    lost_zone: FakeZone,
) -> None:
    lost_zone.recover(lost_zone.engine())
    claimed = {one.name: one.claimed_loss_s for one in databases(lost_zone.run().entries)}
    assert claimed == {"billing": 3.1, "orders": 3.1}
    assert {one.source for one in databases(lost_zone.run().entries)} == {"replica"}


def test_a_healthy_zone_is_watched_and_nothing_is_written(zone: FakeZone) -> None:
    zone.points = [zone.backups(database.name) for database in zone.manifest.databases]
    engine = zone.engine()
    for _ in range(5):
        progress = zone.step(engine)
        assert progress.state is State.WATCHING
    assert progress.sentence == "we1 is served from eu-west-1."
    assert zone.lease is None
    assert not zone.journals


def test_what_goes_away_by_itself_is_cleared_and_costs_no_second_thought(
    lost_zone: FakeZone,
) -> None:
    lost_zone.returns_at = 15
    lost_zone.points = [lost_zone.backups(name) for name in ("billing", "orders")]
    engine = lost_zone.engine()
    sentences = [lost_zone.step(engine).sentence for _ in range(4)]
    assert sentences[2] == ("What was suspected went away by itself. we1 is served from eu-west-1.")
    assert sentences[3] == "we1 is served from eu-west-1."
    assert lost_zone.run().outcome == "cleared"
    assert not lost_zone.effects


def test_a_suspicion_after_a_cleared_one_is_a_new_run(lost_zone: FakeZone) -> None:
    lost_zone.returns_at = 15
    engine = lost_zone.engine()
    for _ in range(4):
        lost_zone.step(engine)
    lost_zone.returns_at = float("inf")
    assert lost_zone.recover(engine).sentence.startswith("we1-0002: we1 is recovered.")


def test_a_silent_platform_in_a_region_that_answers_moves_nothing(zone: FakeZone) -> None:
    zone.platform_down = True
    engine = zone.engine()
    for _ in range(30):
        progress = zone.step(engine)
    assert progress.state is State.SUSPICIOUS
    assert "this is not a region loss and needs people" in progress.sentence
    assert len(zone.journal) == 1
    assert not zone.effects


def test_who_sees_neither_region_says_so_and_does_nothing(lost_zone: FakeZone) -> None:
    lost_zone.standby_lost = True
    progress = lost_zone.step(lost_zone.engine())
    assert progress.state is State.TROUBLED
    assert progress.sentence == (
        "Neither eu-west-1 nor eu-central-1 answers: we may be the ones who are cut off."
    )


def test_the_impaired_region_is_not_asked_once_the_run_is_under_way(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while not lost_zone.run().plan_hash:
        lost_zone.step(engine)
    asked = lost_zone.calls.count("serving_region_answers")
    lost_zone.recover(engine)
    assert lost_zone.calls.count("serving_region_answers") == asked
    ticks = lost_zone.calls.count("take_lease")
    assert 1 < lost_zone.calls.count("fence") <= ticks


def test_a_thousand_databases_need_a_compact_journal_and_few_sweeps(
    make_zone: Callable[..., FakeZone], manifest_of: Callable[..., Manifest]
) -> None:
    names = [f"db{index:04}" for index in range(300)]
    zone = make_zone(manifest=manifest_of(names))
    zone.lose_region()
    zone.recover(zone.engine())
    assert len(zone.journal) <= 5 * len(names) + 30
    assert zone.calls.count("instances") <= 40


def test_no_promotion_is_asked_for_again_while_its_status_still_says_available(
    lost_zone: FakeZone,
) -> None:
    lost_zone.recover(lost_zone.engine())
    assert lost_zone.calls.count("promote") == 2


@pytest.mark.parametrize(("databases", "eager_s"), [(2, 5.0), (20, 5.0), (21, 10.0)])
def test_the_last_promotions_are_awaited_eagerly(
    make_zone: Callable[..., FakeZone],
    manifest_of: Callable[..., Manifest],
    databases: int,
    eager_s: float,
) -> None:
    zone = make_zone(manifest=manifest_of([f"db{index:02}" for index in range(databases)]))
    zone.lose_region()
    engine = zone.engine()
    while "promote-db00" not in zone.run().intents:
        zone.step(engine)
    assert zone.step(engine).wait == pytest.approx(15.0, abs=0.2)
    zone.replicas["we1-db01-away-1"].busy = "modifying"
    while "promote-db00" not in zone.run().done:
        zone.step(engine)
    zone.step(engine)
    assert zone.step(engine).wait == pytest.approx(eager_s, abs=0.2)


def test_a_promotion_that_stalls_is_not_awaited_eagerly_for_ever(lost_zone: FakeZone) -> None:
    lost_zone.replicas["we1-orders-away-1"].busy = "modifying"
    engine = lost_zone.engine()
    while "promote-billing" not in lost_zone.run().intents:
        lost_zone.step(engine)
    begun = lost_zone.run().intents["promote-billing"].at
    while (lost_zone.clock.now() - begun).total_seconds() < 920:
        lost_zone.step(engine)
    assert lost_zone.step(engine).wait == pytest.approx(15.0, abs=0.2)


def test_a_recovered_zone_is_left_alone_until_its_roles_are_reconciled(lost_zone: FakeZone) -> None:
    lost_zone.recover(lost_zone.engine())
    lost_zone.clock.sleep(90_000)
    progress = lost_zone.engine("another").tick()
    assert progress.state is State.RECOVERED
    assert progress.sentence.startswith("we1-0001 recovered the zone at 09:0")
    assert progress.sentence.endswith("before its roles are reconciled.")
