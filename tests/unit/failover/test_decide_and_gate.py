"""What follows from a diagnosis, and what a promotion may lose: tables of sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover import gate
from failover.answers import ANSWERS
from failover.decide import Act, Hold, decide, flapping
from failover.diagnose import Diagnosis, Finding
from failover.observation import LagPoint, Reading
from failover.options import Options
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.journal import Entry
    from continuity.manifest import Manifest
    from failover.observation import Observation

ORDERS = "we1-orders-away-1"
START = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_every_diagnosis_has_its_row_in_the_table() -> None:
    assert set(ANSWERS) == set(Diagnosis)


@pytest.mark.parametrize(
    "diagnosis", sorted(one for one, answer in ANSWERS.items() if answer.recovery is None)
)
def test_what_has_no_recovery_holds_with_what_was_found(
    diagnosis: Diagnosis, manifest_of: Callable[..., Manifest]
) -> None:
    sure_soon = Finding(diagnosis, "This is so.", START)
    assert decide(sure_soon, manifest_of(), Options()) == Hold("This is so.")


@pytest.mark.parametrize(
    "diagnosis", [Diagnosis.PLATFORM_SILENT, Diagnosis.DATABASE_SUSPECTED, Diagnosis.BLIND]
)
def test_what_no_waiting_makes_certain_says_what_a_person_may_order(
    diagnosis: Diagnosis, manifest_of: Callable[..., Manifest]
) -> None:
    found = decide(Finding(diagnosis, "This is so."), manifest_of(), Options())
    assert isinstance(found, Hold)
    ordered = "`holdfast failover start we1 --move --reason TEXT`" in found.reason
    assert ordered is (diagnosis is not Diagnosis.BLIND)


def test_a_lost_region_is_recovered_with_a_plan(manifest_of: Callable[..., Manifest]) -> None:
    found = decide(Finding(Diagnosis.REGION_LOST, "Lost."), manifest_of(), Options())
    assert isinstance(found, Act)
    assert found.plan.name == "region loss"


@pytest.mark.parametrize(
    ("outcome", "after_s", "reason"),
    [
        (
            "refused",
            3599,
            (
                "we1-0001 ended refused at 09:00 UTC: finished The zone is not failed over again "
                "before 10:00 UTC unless we1-0001 is acknowledged."
            ),
        ),
        ("refused", 3600, None),
        (
            "recovered",
            90_000,
            (
                "we1-0001 recovered the zone at 09:00 UTC. It is not failed over again before its "
                "roles are reconciled."
            ),
        ),
    ],
)
def test_a_zone_does_not_flap(
    entry: Callable[..., Entry],
    picture: Callable[..., Observation],
    outcome: str,
    after_s: float,
    reason: str | None,
) -> None:
    manifest = picture().manifest
    previous = Run("we1-0001", (entry(1, EntryKind.FINISHED, outcome=outcome),))
    now = picture().now + timedelta(seconds=after_s)
    assert flapping(previous, now, Options(), manifest) == reason
    assert flapping(previous, now, Options(acknowledged="we1-0001"), manifest) is None


@pytest.mark.parametrize("kind", [EntryKind.CLEARED, EntryKind.SUSPECTED])
def test_what_was_only_a_suspicion_holds_nothing_back(
    entry: Callable[..., Entry], picture: Callable[..., Observation], kind: EntryKind
) -> None:
    previous = Run("we1-0001", (entry(1, kind),))
    assert flapping(previous, picture().now, Options(), picture().manifest) is None


def test_a_zone_that_was_built_anew_since_is_failed_over_again(
    entry: Callable[..., Entry], picture: Callable[..., Observation]
) -> None:
    """The run's journal stays the last one of its site, however often the zone moves back."""
    begun = entry(1, EntryKind.INTENT, step="promote-orders", database="orders")
    back = entry(2, EntryKind.DONE, step="promote-orders", identifier="we1-orders-away-0")
    over = entry(3, EntryKind.FINISHED, outcome="recovered")
    previous, seen = Run("we1-0001", (begun, back, over)), picture()
    soon, later = (over.at + timedelta(seconds=after) for after in (3599, 3600))
    assert "unless we1-0001 is acknowledged" in str(
        flapping(previous, soon, Options(), seen.manifest)
    )
    assert flapping(previous, later, Options(), seen.manifest) is None


LIFT = " Accept it with --accept-data-loss orders, or repair the replica."
UNKNOWN = "Promoting orders could lose an unknown amount of data: "


@pytest.mark.parametrize(
    ("points", "refusal"),
    [
        ([(-10, 2.0)], None),
        ([(-10, 290.0)], None),
        (
            [(-10, 291.0)],
            "Promoting orders could lose 5 min 1 s of data, the objective allows 5 min." + LIFT,
        ),
        ([(-10, 2.0), (20, 4000.0)], None),
        (
            [(-400, 2.0)],
            "Promoting orders could lose 6 min 42 s of data, the objective allows 5 min." + LIFT,
        ),
        (
            [(-10, None), (-70, 1.0)],
            UNKNOWN + "AWS reported the replica as not replicating." + LIFT,
        ),
        ([], UNKNOWN + "no replica lag was measured before the region failed." + LIFT),
        ([(20, 0.0)], UNKNOWN + "no replica lag was measured before the region failed." + LIFT),
        (None, UNKNOWN + "replica lag cannot be read (denied)." + LIFT),
    ],
)
def test_only_what_was_known_before_the_suspicion_opens_the_gate(
    picture: Callable[..., Observation],
    entry: Callable[..., Entry],
    points: list[tuple[float, float | None]] | None,
    refusal: str | None,
) -> None:
    seen = picture()
    lags = None
    if points is not None:
        made = [LagPoint(seen.now + timedelta(seconds=at), lag) for at, lag in points]
        lags = {ORDERS: tuple(made)}
    suspected = (entry(1, EntryKind.SUSPECTED, 0.0, both=True),)
    seen = picture(
        run=Run("we1-0001", suspected),
        lags=Reading(seen.now, lags, None if lags is not None else "denied"),
    )
    assert gate.refusal(seen, "orders", ORDERS) == refusal


def test_consent_for_one_database_opens_its_gate_only(
    picture: Callable[..., Observation], entry: Callable[..., Entry]
) -> None:
    entries = (
        entry(1, EntryKind.SUSPECTED, both=True),
        entry(2, EntryKind.CONSENTED, by="ana", database="orders"),
    )
    seen = picture(run=Run("we1-0001", entries), lags=Reading(picture().now, {}, None))
    assert gate.refusal(seen, "orders", ORDERS) is None
    assert gate.refusal(seen, "billing", "we1-billing-away-1") is not None


def test_the_bound_is_the_lag_and_the_age_of_its_measurement(
    picture: Callable[..., Observation], entry: Callable[..., Entry]
) -> None:
    now = picture().now
    points = (LagPoint(now - timedelta(seconds=45), 3.0),)
    run = Run("we1-0001", (entry(1, EntryKind.SUSPECTED, both=True),))
    seen = picture(run=run, lags=Reading(now, {ORDERS: points}, None))
    found = gate.bound(seen, ORDERS)
    assert (found.seconds, found.lag_s, found.measured_at) == (48.0, 3.0, points[0].at)
