"""What the last move of a zone owes, which move that is, and that it is paid once both answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from continuity.journal import Entry, EntryKind
from failover import settlement
from failover.aftermath import Move, find, unwarranted
from failover.progress import State
from failover.run import Run
from failover.settlement import Warm

if TYPE_CHECKING:
    from continuity.manifest import Manifest
    from tests.unit.failover.conftest import FakeZone

ANA = "arn:aws:sts::123456789012:assumed-role/failover/ana"
FENCED = "home is fenced, and what we1-0001@away left says so"
LATCH, WITNESS = "the home site's latch warrants away", "the witness warrants away"


@pytest.fixture
def left(lost_zone: FakeZone) -> FakeZone:
    """A zone that was recovered; its home is silent still."""
    assert lost_zone.recover(lost_zone.engine()).state is State.RECOVERED
    return lost_zone


def move(zone: FakeZone) -> Move:
    found = find(zone.run(), tuple, zone.manifest)
    assert found is not None
    return found


def deployed(manifest: Manifest) -> Manifest:
    """Return the manifest of a deployment that swapped the roles and built home anew."""
    rows = tuple(
        replace(
            one,
            members={
                site: replace(member, identifier=member.identifier.replace("home-1", "home-2"))
                for site, member in one.members.items()
            },
        )
        for one in manifest.databases
    )
    return replace(manifest, active=manifest.standby, databases=rows)


def test_an_emergency_owes_the_fence_the_marks_and_both_warrants(left: FakeZone) -> None:
    assert move(left).owed == (FENCED, LATCH, WITNESS)


def test_while_home_is_silent_only_the_witness_is_told(left: FakeZone) -> None:
    paid = settlement.settle(move(left), left.around, ANA)
    assert paid.done[-1:] == ("The witness warrants the away site.",)
    assert any(one.startswith("eu-west-1 is silent. Still due: the home") for one in paid.due)
    assert left.marked == {}
    assert move(left).owed == (FENCED, LATCH)


def test_once_home_is_back_everything_is_paid_and_a_repeat_writes_nothing(left: FakeZone) -> None:
    left.returns_at = left.clock.seconds
    before = left.clock.seconds
    paid = settlement.settle(move(left), left.around, ANA)
    assert paid.due == ()
    assert left.clock.seconds - before >= 30  # health checkers have seen it
    assert (left.fenced, left.rearmed) == (True, {"home", "witness"})
    assert set(left.marked.values()) == {"we1-0001@away"}
    assert move(left).owed == ()
    entries = len(left.journal)
    settlement.settle(move(left), left.around, ANA)
    assert len(left.journal) == entries


def test_where_clients_are_led_elsewhere_nothing_is_touched(left: FakeZone) -> None:
    left.returns_at = left.clock.seconds
    found = move(left)
    left.latch_at.clear()
    paid = settlement.settle(found, left.around, ANA)
    assert paid.due == ("Clients of we1.example.com are served by home: away is not warranted.",)
    assert (left.fenced, left.rearmed) == (False, set())


def test_a_run_that_goes_on_or_opened_nothing_owes_nothing(left: FakeZone) -> None:
    entries = left.run().entries
    before = tuple(one for one in entries if not str(one.step).startswith("open-"))
    assert find(Run("we1-0001", entries[:-1]), tuple, left.manifest) is None
    assert find(Run("we1-0001", before), tuple, left.manifest) is None
    assert find(None, tuple, left.manifest) is None


def test_after_the_deployment_the_run_is_found_in_the_site_that_serves(left: FakeZone) -> None:
    manifest = deployed(left.manifest)
    found = find(None, lambda: (left.run(),), manifest)
    assert found is not None
    assert (found.deployed, found.manifest.active, found.by) == (
        True,
        left.manifest.active,
        "we1-0001@away",
    )
    assert "we1-orders-home-2" in found.kept
    assert "we1-orders-home-1" not in found.kept


def test_a_later_run_that_closed_the_site_and_was_aborted_owes_nothing(left: FakeZone) -> None:
    """Its closing object lies in the latch that would be cleared: a person takes it away."""
    manifest, last = deployed(left.manifest), left.run().entries[-1]
    begun = Entry(1, last.at, EntryKind.DONE, "The away site is closed.", "close-away")
    over = replace(last, kind=EntryKind.ABORTED, sequence=2)
    later = Run("we1-0001", (begun, replace(over, at=last.at.replace(year=last.at.year + 1))))
    assert find(later, lambda: (left.run(),), manifest) is None
    earlier = Run("we1-0001", (begun, replace(over, at=last.at.replace(year=2000))))
    assert find(earlier, lambda: (left.run(),), manifest) is not None


def test_a_preview_can_tell_from_the_journals_alone_that_a_deployment_comes_too_soon(
    left: FakeZone,
) -> None:
    away, home = left.manifest.standby, left.manifest.active
    assert unwarranted({away: left.run()}) == "we1-0001@away"
    older = Run(
        "we1-0009", tuple(replace(one, at=one.at.replace(year=2000)) for one in left.journal)
    )
    assert unwarranted({away: left.run(), home: older}) == "we1-0001@away"
    left.returns_at = left.clock.seconds
    settlement.settle(move(left), left.around, ANA)
    assert unwarranted({away: left.run()}) == ""
    assert unwarranted({}) == ""


def test_a_site_that_stands_by_again_runs_what_is_declared_where_the_fence_outlived_the_deployment(
    left: FakeZone,
) -> None:
    left.returns_at = left.clock.seconds
    settlement.settle(move(left), left.around, ANA)
    manifest = replace(deployed(left.manifest), active=left.manifest.active)
    told, around = (
        Move(left.run(), manifest, deployed=True),
        replace(left.around, manifest=manifest),
    )
    woken: list[tuple[int, int, int]] = []
    left.wake_serving = lambda *counts: woken.append(counts)
    paid = settlement.settle(told, around, ANA, Warm(1, 1, 2))
    assert woken == [(1, 2, 1)]
    assert "The home site stands by with 1 tasks again." in paid.done
    settlement.settle(told, around, ANA, Warm(0, 0, 2))
    left.fenced = False
    settlement.settle(told, around, ANA, Warm(1, 1, 2))
    assert len(woken) == 1
