"""Nobody may reach the closed site before anything is promoted, whatever the fence says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from continuity.outside import Served
from failover.observation import Reading
from failover.region_loss import region_loss
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from failover.observation import Observation


@pytest.mark.parametrize(
    ("closed_s", "verdict", "public", "done"),
    [
        (89, "unreachable", Served.HOLDING_PAGE, False),
        (90, "unreachable", Served.HOLDING_PAGE, True),
        (90, "unreachable", Served.NOBODY, True),
        (90, "unreachable", Served.HOME, False),
        (500, "fenced", Served.HOME, False),
        (34, "fenced", Served.HOLDING_PAGE, False),
        (35, "fenced", Served.HOLDING_PAGE, True),
        (35, "fenced", Served.NOBODY, False),
        (35, "failed", Served.HOLDING_PAGE, False),
    ],
)
def test_when_no_client_can_reach_the_closed_site(  # noqa: PLR0913, PLR0917 - a row of the table
    picture: Callable[..., Observation],
    entry: Callable[..., Entry],
    closed_s: float,
    verdict: str,
    public: Served,
    done: bool,
) -> None:
    entries = (
        entry(1, EntryKind.DONE, -closed_s, "close-home"),
        entry(2, EntryKind.VERDICT, -closed_s, "fence-home", verdict=verdict),
    )
    now = picture().now
    seen = picture(run=Run("we1-0001", entries), public=Reading(now, public, None))
    drain = next(s for s in region_loss(seen.manifest).steps if s.name == "drain-home")
    assert drain.done(seen) is done


def test_a_latch_that_has_no_effect_is_given_up_with_the_reason(
    picture: Callable[..., Observation], entry: Callable[..., Entry]
) -> None:
    entries = (entry(1, EntryKind.DONE, -5000, "close-home"),)
    seen = picture(run=Run("we1-0001", entries), public=Reading(picture().now, Served.HOME, None))
    drain = next(s for s in region_loss(seen.manifest).steps if s.name == "drain-home")
    assert drain.hopeless(seen) == "the home site still answers clients although it is closed"
