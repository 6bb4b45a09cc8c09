"""What is wrong, from which readings: one row for each sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.journal import EntryKind
from failover.diagnose import Diagnosis, diagnose
from failover.evidence import Suspicion, failing_streak, worth_noting
from failover.observation import Reading
from failover.options import Options
from failover.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from continuity.journal import Entry
    from failover.observation import Observation

LONG_AGO = -40.0


def read(at: datetime, value: bool | None) -> Reading[bool]:
    return Reading(at, value, "no answer" if value is None else None)


TABLE = [
    (True, True, True, Diagnosis.HEALTHY, "we1 is served from eu-west-1."),
    (True, False, True, Diagnosis.HEALTHY, "we1 is served from eu-west-1."),
    (
        True,
        True,
        None,
        Diagnosis.HEALTHY,
        (
            "we1 is served from eu-west-1. eu-central-1 does not answer us: it could not take over "
            "now."
        ),
    ),
    (
        False,
        True,
        True,
        Diagnosis.PLATFORM_SILENT,
        (
            "Clients of we1 are not served, but eu-west-1 answers: this is not a region loss and "
            "needs people."
        ),
    ),
    (
        False,
        False,
        None,
        Diagnosis.BLIND,
        "Neither eu-west-1 nor eu-central-1 answers: we may be the ones who are cut off.",
    ),
    (
        False,
        False,
        True,
        Diagnosis.REGION_LOST,
        (
            "eu-west-1 is lost: neither clients nor its API got an answer, 3 failing readings over "
            "40 s."
        ),
    ),
    (
        False,
        None,
        True,
        Diagnosis.REGION_LOST,
        (
            "eu-west-1 is lost: neither clients nor its API got an answer, 3 failing readings over "
            "40 s."
        ),
    ),
]


@pytest.mark.parametrize(("serving", "region", "standby", "diagnosis", "sentence"), TABLE)
def test_two_signals_and_our_own_sight_decide(  # noqa: PLR0913, PLR0917 - a row of the table
    picture: Callable[..., Observation],
    entry: Callable[..., Entry],
    serving: bool,
    region: bool | None,
    standby: bool | None,
    diagnosis: Diagnosis,
    sentence: str,
) -> None:
    seen = picture()
    readings = [entry(1, EntryKind.SUSPECTED, LONG_AGO, both=True)]
    readings.append(entry(2, EntryKind.SUSPECTED, LONG_AGO / 2, both=True))
    seen = picture(
        run=Run("we1-0001", tuple(readings)),
        serving=read(seen.now, serving),
        serving_region=read(seen.now, region),
        standby_region=read(seen.now, standby),
    )
    found = diagnose(seen, Options())
    assert (found.diagnosis, found.sentence) == (diagnosis, sentence)


@pytest.mark.parametrize(
    ("earlier", "lost"),
    [
        ([], False),
        ([-40.0], False),
        ([-20.0, -10.0], False),
        ([-30.0, -15.0], True),
        ([-90.0, -80.0, -70.0], True),
    ],
)
def test_certainty_needs_three_readings_over_thirty_seconds(
    picture: Callable[..., Observation],
    entry: Callable[..., Entry],
    earlier: list[float],
    lost: bool,
) -> None:
    entries = [
        entry(index + 1, EntryKind.SUSPECTED, at, both=True) for index, at in enumerate(earlier)
    ]
    now = picture().now
    seen = picture(
        run=Run("we1-0001", tuple(entries)),
        serving=read(now, value=False),
        serving_region=read(now, value=False),
        standby_region=read(now, value=True),
    )
    found = diagnose(seen, Options()).diagnosis
    assert found is (Diagnosis.REGION_LOST if lost else Diagnosis.REGION_SUSPECTED)


def test_one_answer_of_the_region_begins_the_row_anew(entry: Callable[..., Entry]) -> None:
    said = [True, True, False, True]
    entries = tuple(
        entry(index + 1, EntryKind.SUSPECTED, 10.0 * index, both=both)
        for index, both in enumerate(said)
    )
    assert [one.sequence for one in failing_streak(Run("we1-0001", entries))] == [4]


def test_an_outage_of_hours_does_not_fill_the_journal(entry: Callable[..., Entry]) -> None:
    entries: tuple[Entry, ...] = ()
    for index in range(500):
        run = Run("we1-0001", entries)
        if worth_noting(run, Suspicion(region=True), 3):
            entries += (entry(len(entries) + 1, EntryKind.SUSPECTED, 10.0 * index, both=True),)
    assert len(entries) == 3


def test_a_change_of_what_fails_is_worth_an_entry(entry: Callable[..., Entry]) -> None:
    run = Run("we1-0001", (entry(1, EntryKind.SUSPECTED, both=False),))
    assert worth_noting(run, Suspicion(region=True), 3)
    assert not worth_noting(run, Suspicion(), 3)


def test_a_reading_knows_its_age(picture: Callable[..., Observation]) -> None:
    seen = picture()
    assert Reading(seen.now - timedelta(seconds=7), 1).age_s(seen.now) == 7
    assert seen.serving.age_s(seen.now) is None
    assert not seen.serving.asked
