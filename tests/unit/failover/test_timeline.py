from __future__ import annotations

from typing import TYPE_CHECKING

from continuity.journal import EntryKind
from failover.timeline import DatabaseOutcome, databases, elapsed_s, outcome, phases

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry


def story(entry: Callable[..., Entry]) -> tuple[Entry, ...]:
    return (
        entry(1, EntryKind.SUSPECTED, 0, both=True),
        entry(2, EntryKind.DIAGNOSED, 30),
        entry(3, EntryKind.PLANNED, 31, hash="abc"),
        entry(4, EntryKind.DONE, 32, "hold-recovery-points"),
        entry(5, EntryKind.DONE, 120, "drain-home"),
        entry(6, EntryKind.APPROVED, 150, by="ana", hash="abc"),
        entry(7, EntryKind.INTENT, 151, "promote-orders", database="orders", loss_bound_s=4.0),
        entry(8, EntryKind.DONE, 300, "promote-orders"),
        entry(9, EntryKind.MEASURED, 310, "verify-orders", database="orders", claimed_loss_s=2.5),
        entry(10, EntryKind.DONE, 311, "open-away"),
        entry(11, EntryKind.DONE, 350, "verify-outside"),
        entry(12, EntryKind.FINISHED, 351, outcome="recovered"),
    )


def test_phases_are_contiguous_and_add_up(entry: Callable[..., Entry]) -> None:
    entries = story(entry)
    told = {phase.name: phase.seconds for phase in phases(entries)}
    assert told == {
        "detect": 30,
        "decide": 1,
        "contain": 89,
        "approve": 30,
        "restore": 150,
        "verify": 10,
        "open": 41,
    }
    assert sum(told.values()) == elapsed_s(entries) == 351
    assert outcome(entries) == "recovered"


def test_an_approval_during_the_drain_costs_no_time(entry: Callable[..., Entry]) -> None:
    entries = tuple(
        entry(6, EntryKind.APPROVED, 60, by="ana") if one.sequence == 6 else one
        for one in story(entry)
    )
    told = {phase.name: phase.seconds for phase in phases(entries)}
    assert (told["approve"], told["restore"]) == (0, 180)


def test_people_who_approve_late_are_no_time_of_containment(entry: Callable[..., Entry]) -> None:
    revoked = entry(7, EntryKind.DONE, 1501, "revoke-home")
    late = entry(6, EntryKind.APPROVED, 1500, by="ana", hash="abc")
    told = {phase.name: phase.seconds for phase in phases((*story(entry)[:5], late, revoked))}
    assert (told["contain"], told["approve"], told["restore"]) == (89, 1380, 1)


def test_the_time_of_a_promotion_that_fails_is_no_time_of_approval(
    entry: Callable[..., Entry],
) -> None:
    failed = entry(8, EntryKind.FAILED, 1951, "promote-orders", database="orders")
    entries = (*story(entry)[:7], failed, entry(9, EntryKind.FINISHED, 1952, outcome="blocked"))
    told = {phase.name: phase.seconds for phase in phases(entries)}
    assert (told["approve"], told["restore"]) == (30, 1802)
    going_on = phases(story(entry)[:7])
    assert going_on[-1].name == "restore"


def test_every_beginning_of_a_story_adds_up(entry: Callable[..., Entry]) -> None:
    entries = story(entry)
    for length in range(1, len(entries)):
        part = entries[:length]
        assert sum(phase.seconds for phase in phases(part)) == elapsed_s(part)
        assert outcome(part) is None


def test_no_suspicion_is_no_story() -> None:
    assert phases(()) == ()
    assert elapsed_s(()) == 0
    assert databases(()) == ()


def test_each_database_tells_its_source_and_loss_or_why_not(entry: Callable[..., Entry]) -> None:
    refused = entry(13, EntryKind.REFUSED, 160, "promote-stock", database="stock")
    failed = entry(14, EntryKind.FAILED, 170, "promote-billing", database="billing")
    assert databases((*story(entry), refused, failed)) == (
        DatabaseOutcome("billing", None, None, "failed promote-billing"),
        DatabaseOutcome("orders", "replica", 2.5, bound_s=4.0),
        DatabaseOutcome("stock", None, None, "refused promote-stock"),
    )
