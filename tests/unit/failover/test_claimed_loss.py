"""What a run says was lost: where home took writes after it began, and where data is damaged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.case import SourceKind
from failover.diagnose import Diagnosis
from failover.options import Declaration, Options
from failover.outlook import look_ahead
from failover.progress import State
from failover.run import Run
from failover.stated import last_good
from failover.steps.verify import claimed_loss_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from tests.unit.failover.conftest import FakeZone

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


def corrupted(entry: Callable[..., Entry], seconds: float) -> tuple[Entry, ...]:
    """Return a journal of 10:00 in which orders was last good so many seconds after 09:00."""
    moment = entry(0, EntryKind.SUSPECTED, seconds).at.isoformat()
    said = entry(2, EntryKind.DECLARED, 3600, what="corrupted", database="orders", moment=moment)
    return (entry(1, EntryKind.SUSPECTED, 3600), said)


@pytest.mark.parametrize(("row_s", "loss_s"), [(599, 1.0), (300, 300.0)])
def test_a_corrupted_database_loses_what_is_missing_up_to_its_last_good_moment(
    entry: Callable[..., Entry], row_s: float, loss_s: float
) -> None:
    run = Run("we1-0001", corrupted(entry, 600))
    newest = entry(0, EntryKind.SUSPECTED, row_s).at
    assert claimed_loss_s(run, "orders", newest) == loss_s


def test_the_others_of_that_run_lose_up_to_the_suspicion(entry: Callable[..., Entry]) -> None:
    run = Run("we1-0001", corrupted(entry, 600))
    newest = entry(0, EntryKind.SUSPECTED, 3595).at
    assert claimed_loss_s(run, "billing", newest) == 5.0


def test_a_row_from_after_the_last_good_moment_measures_nothing(
    entry: Callable[..., Entry],
) -> None:
    restoring = entry(3, EntryKind.INTENT, 3700, POINT, database="orders", loss_bound_s=2.0)
    run = Run("we1-0001", (*corrupted(entry, 600), restoring))
    assert claimed_loss_s(run, "orders", entry(0, EntryKind.SUSPECTED, 3800).at) == 2.0
    assert last_good(run, "billing") is None


@pytest.mark.parametrize("source", [SourceKind.POINT_IN_TIME, SourceKind.SNAPSHOT])
def test_what_is_predicted_before_what_is_written_down_and_what_is_measured_agree(
    zone: FakeZone, source: SourceKind
) -> None:
    zone.clock.sleep(3600)
    in_time = source is SourceKind.POINT_IN_TIME
    good = zone.clock.moment_of(-150 if in_time else -130)
    zone.points = [zone.backups("orders") if in_time else zone.snapshot("orders")]
    options = {"declared": (Declaration("orders", good, "ana", "prices are wrong"),)}
    outlook = look_ahead(zone.around, Options(**options), Diagnosis.DATABASE_CORRUPTED)
    assert outlook.choices["orders"].taken.kind is source
    assert zone.recover(zone.engine(**options), limit_s=20_000).state is State.RECOVERED
    run = zone.run()
    written_down = run.intents[f"restore-orders-{source}"].data["loss_bound_s"]
    measured = run.done["verify-orders"].data["claimed_loss_s"]
    assert outlook.losses["orders"] == written_down == measured
    assert measured == (0.0 if in_time else 110.0)
    assert "up to the last good moment" in run.done["verify-orders"].sentence
