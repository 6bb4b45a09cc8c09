"""What a run says was lost where home took writes until it was fenced, later than it began."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.run import Run
from failover.steps.verify import claimed_loss_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry

PROMOTE, POINT = "promote-orders", "restore-orders-point-in-time"


@pytest.fixture
def promoting(entry: Callable[..., Entry]) -> tuple[Entry, ...]:
    """Return a journal up to the promotion that could lose a second and a half."""
    return (
        entry(1, EntryKind.SUSPECTED),
        entry(2, EntryKind.INTENT, 60, PROMOTE, database="orders", loss_bound_s=1.5),
    )


def claimed(*entries: Entry) -> float | None:
    """Return the claim where the newest row that survived is 5 s younger than the suspicion."""
    return claimed_loss_s(Run("we1-0001", entries), "orders", entries[0].at + timedelta(seconds=5))


def test_the_bound_stands_even_in_the_tick_in_which_the_promotion_is_done(
    promoting: tuple[Entry, ...], entry: Callable[..., Entry]
) -> None:
    assert claimed(*promoting) == 1.5
    assert claimed(*promoting, entry(3, EntryKind.DONE, 90, PROMOTE)) == 1.5


def test_the_bound_is_that_of_the_source_that_did_not_give_up(
    promoting: tuple[Entry, ...], entry: Callable[..., Entry]
) -> None:
    gave_up = entry(3, EntryKind.FAILED, 90, PROMOTE)
    restoring = entry(4, EntryKind.INTENT, 91, POINT, database="orders", loss_bound_s=200.0)
    assert claimed(*promoting, gave_up, restoring) == 200.0


def test_without_any_bound_the_loss_stays_unknown(promoting: tuple[Entry, ...]) -> None:
    assert claimed(promoting[0]) is None
