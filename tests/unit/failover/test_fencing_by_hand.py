"""What a person sees of the site that was left, does about it, and answers for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.errors import Refusal
from continuity.journal import EntryKind
from failover import fencing
from failover.progress import State

if TYPE_CHECKING:
    from tests.unit.failover.conftest import FakeZone

ANA = "arn:aws:sts::123456789012:assumed-role/failover/ana"


@pytest.fixture
def left(lost_zone: FakeZone) -> FakeZone:
    """A zone that was recovered while neither home nor the witness answered."""
    lost_zone.witness_lost = True
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    return lost_zone


def came_back(zone: FakeZone) -> None:
    zone.returns_at, zone.witness_lost = zone.clock.seconds, False


def test_what_does_not_answer_is_due(left: FakeZone) -> None:
    found = fencing.look(left.around)
    assert found.barrier.value is None
    assert [one.split(":")[0] for one in found.due] == [
        "Find out whether home is fenced",
        "Ask the witness again",
        "Mark the instances that we1-0001 left.",
    ]


def test_what_is_open_is_named_piece_by_piece(left: FakeZone) -> None:
    came_back(left)
    assert fencing.look(left.around).due == (
        "Fence home: its databases admit its platform, 4 tasks should run there.",
        "Revoke the witness's warrant for home.",
        "Mark the instances that we1-0001 left.",
    )


def test_looking_changes_nothing(left: FakeZone) -> None:
    came_back(left)
    entries = len(left.journal)
    fencing.look(left.around)
    assert not left.fenced
    assert len(left.journal) == entries


def test_applying_does_it_and_is_written_to_the_run_that_is_over(left: FakeZone) -> None:
    came_back(left)
    entries = fencing.apply(left.around, ANA)
    assert [entry.data["verdict"] for entry in entries] == ["fenced", "revoked", "marked"]
    old = ["we1-orders-home-1", "we1-billing-home-1"]
    assert left.marked == dict.fromkeys(old, "we1-0001@away")
    assert {entry.data["by"] for entry in entries} == {ANA}
    assert left.fenced
    assert left.revoked == {"away", "witness"}
    assert fencing.look(left.around).due == ()
    told = [entry.data["verdict"] for entry in fencing.look(left.around).verdicts]
    assert told == ["unreachable", "fenced", "unreachable", "revoked", "marked"]


def test_an_override_is_a_persons_word_and_ends_the_attempts(left: FakeZone) -> None:
    entry = fencing.override(left.around, ANA, "the racks are unplugged")
    assert entry.kind is EntryKind.VERDICT
    assert entry.data["by"] == ANA
    assert entry.sentence.endswith("answers for the fence of home: the racks are unplugged")
    came_back(left)
    for _ in range(3):
        left.step(left.engine("watcher"))
    assert not left.fenced
    assert left.revoked == {"away", "witness"}


def test_an_override_proves_nothing_to_what_waits_for_a_fence(lost_zone: FakeZone) -> None:
    engine = lost_zone.engine()
    while "fence-home" not in lost_zone.run().done:
        lost_zone.step(engine)
    closed_at = lost_zone.run().done["close-home"].at
    fencing.override(lost_zone.around, ANA, "I pulled the plug")
    while "drain-home" not in lost_zone.run().done:
        lost_zone.step(engine)
    waited = (lost_zone.run().done["drain-home"].at - closed_at).total_seconds()
    assert waited >= lost_zone.manifest.traffic.drain_s


def test_a_site_that_serves_clients_is_never_fenced(left: FakeZone) -> None:
    came_back(left)
    left.latch_at.clear()
    with pytest.raises(Refusal, match="a fence would stop them"):
        fencing.apply(left.around, ANA)
    assert not left.fenced


def test_a_zone_that_was_never_moved_has_nothing_to_fence(zone: FakeZone) -> None:
    with pytest.raises(Refusal, match="home is its serving site"):
        fencing.look(zone.around)


def test_a_zone_without_a_witness_has_no_warrant_to_revoke(left: FakeZone) -> None:
    came_back(left)
    without = replace(left.around, manifest=replace(left.manifest, witness=None))
    assert [one.split(":")[0] for one in fencing.look(without).due] == [
        "Fence home",
        "Mark the instances that we1-0001 left.",
    ]
