"""A region that was silent when it was cut off is cut off when it returns, whoever watches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.progress import State
from failover.timeline import elapsed_s

if TYPE_CHECKING:
    from continuity.journal import Entry
    from tests.unit.failover.conftest import FakeZone


def verdicts(zone: FakeZone, step: str) -> list[str]:
    entries: list[Entry] = zone.kinds(EntryKind.VERDICT)
    return [str(entry.data["verdict"]) for entry in entries if entry.step == step]


@pytest.fixture
def recovered(lost_zone: FakeZone) -> FakeZone:
    """A zone that was recovered while its home was silent."""
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    return lost_zone


def test_a_region_that_stays_silent_is_written_about_once(recovered: FakeZone) -> None:
    assert recovered.calls.count("fence") > 3
    assert verdicts(recovered, "fence-home") == ["unreachable"]


def test_a_region_that_returns_during_the_run_is_fenced_in_it(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    lost_zone.returns_at = 180.0
    assert lost_zone.recover(engine).state is State.RECOVERED
    assert lost_zone.fenced
    assert verdicts(lost_zone, "fence-home") == ["unreachable", "fenced"]
    again = lost_zone.kinds(EntryKind.VERDICT)[-1]
    assert 180 <= (again.at - lost_zone.journal[0].at).total_seconds() <= 200


def test_trying_again_takes_no_time_from_the_run(
    lost_zone: FakeZone, recovered: FakeZone, make_zone: type[FakeZone]
) -> None:
    answering = make_zone()
    answering.lose_region()
    answering.fence = lambda: False
    answering.recover(answering.engine())
    assert elapsed_s(recovered.journal) <= elapsed_s(answering.journal) + 5
    assert lost_zone is recovered


def test_whoever_watches_fences_a_region_that_returns_after_the_run(recovered: FakeZone) -> None:
    recovered.returns_at = recovered.clock.seconds + 600
    watcher = recovered.engine("watcher")
    while recovered.clock.seconds < recovered.returns_at + 30:
        recovered.step(watcher)
    assert recovered.fenced
    assert verdicts(recovered, "fence-home") == ["unreachable", "fenced"]
    assert recovered.run().outcome == "recovered"
    assert elapsed_s(recovered.journal) < 600


def test_what_a_run_left_is_marked_once_it_is_fenced_and_never_before(recovered: FakeZone) -> None:
    watcher = recovered.engine("watcher")
    for _ in range(3):
        recovered.step(watcher)
    assert recovered.marked == {}
    recovered.returns_at = recovered.clock.seconds
    for _ in range(5):
        recovered.step(watcher)
    assert set(recovered.marked.values()) == {"we1-0001@away"}
    assert verdicts(recovered, "mark-home") == ["marked"]


def test_a_fence_that_somebody_opened_is_shut_again(recovered: FakeZone) -> None:
    recovered.returns_at = recovered.clock.seconds
    watcher = recovered.engine("watcher")
    for _ in range(3):
        recovered.step(watcher)
    recovered.fenced = False
    for _ in range(3):
        recovered.step(watcher)
    assert recovered.fenced
    assert verdicts(recovered, "fence-home") == ["unreachable", "fenced", "fenced"]


def test_a_site_whose_latch_was_taken_away_is_left_alone(recovered: FakeZone) -> None:
    recovered.returns_at = recovered.clock.seconds
    del recovered.latch_at["closed/home"]
    recovered.step(recovered.engine("watcher"))
    assert not recovered.fenced


def test_a_run_that_was_aborted_has_left_nothing_to_keep(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "close-home" not in lost_zone.run().done:
        lost_zone.step(engine, approve=False)
    lost_zone.abort()
    lost_zone.recover(engine, approve=False)
    lost_zone.returns_at = lost_zone.clock.seconds
    lost_zone.step(lost_zone.engine("watcher"), approve=False)
    assert not lost_zone.fenced


def test_a_silent_witness_holds_nothing_up_and_is_asked_again(lost_zone: FakeZone) -> None:
    lost_zone.witness_lost = True
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    assert lost_zone.revoked == {"away"}
    lost_zone.witness_lost = False
    lost_zone.step(lost_zone.engine("watcher"))
    assert lost_zone.revoked == {"away", "witness"}
    assert verdicts(lost_zone, "revoke-home-at-witness") == ["unreachable", "revoked"]


def test_without_its_memory_a_watcher_fences_by_the_witness_word(recovered: FakeZone) -> None:
    recovered.standby_lost = True
    watcher = recovered.engine("watcher")
    recovered.returns_at = recovered.clock.seconds + 300
    while recovered.clock.seconds < recovered.returns_at:
        recovered.step(watcher)
    progress = watcher.tick()
    assert recovered.fenced
    assert "The home site is fenced" in progress.sentence


def test_without_its_memory_and_with_a_valid_warrant_nothing_is_fenced(zone: FakeZone) -> None:
    zone.standby_lost = True
    zone.step(zone.engine())
    assert not zone.fenced
    assert "fence" not in zone.calls


def test_a_zone_without_a_witness_recovers_as_before(make_zone: type[FakeZone]) -> None:
    zone = make_zone()
    zone.manifest = replace(zone.manifest, witness=None)
    zone.around = replace(zone.around, manifest=zone.manifest)
    zone.lose_region()
    assert zone.recover(zone.engine()).state is State.RECOVERED
    assert not zone.revoked
