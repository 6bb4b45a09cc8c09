"""Nights in a zone, played whole over a clock change and the end of a month, two of them missed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from drill.year import Played, play
from drill.year_story import YearStory, with_faults
from drill.year_text import as_json, as_text
from drill.year_verdict import YearVerdict, judge
from simulator.schedules import Fate

PROJECT = Path(__file__).resolve().parents[3]
STORY = with_faults(
    YearStory("ops", days=10, first=date(2026, 3, 25)),
    ["schedule-missed at=7d for=2d"],
)
DATABASE = "tickets"


@pytest.fixture(scope="module")
def played() -> Played:
    return play(STORY, lambda _: None, project=PROJECT)


@pytest.fixture(scope="module")
def verdict(played: Played) -> Iterator[YearVerdict]:
    return judge(STORY, [played])


def test_every_schedule_fired_but_for_the_hour_that_the_clocks_skip_and_the_missed_nights(
    played: Played,
) -> None:
    assert {one.fate for one in played.fired} == {Fate.RAN, Fate.MISSED}
    asked = [one for one in played.fired if "verify" not in one.schedule]
    spring = [one.at.hour for one in asked if one.at.date() == date(2026, 3, 29)]
    assert spring[:6] == [0, 1, 2, 3, 4, 4]
    missed = [one.at for one in played.fired if one.fate is Fate.MISSED]
    assert len(missed) == 2 * 7
    assert (missed[0].date(), missed[-1].date()) == (date(2026, 4, 1), date(2026, 4, 3))


def test_every_shelf_holds_exactly_what_the_rule_keeps_of_all_that_ever_came(
    played: Played,
) -> None:
    assert played.odd == {}
    assert played.lost == {}
    assert len(played.records) > 4
    assert {len(one.there) for one in played.records.values()} == {12}


def test_copies_land_within_the_night(played: Played) -> None:
    away = played.manifest.standby_site.region
    record = played.records[DATABASE, away]
    before = {
        taken for taken in record.came if played.began < taken < datetime(2026, 4, 1, tzinfo=UTC)
    }
    assert len(before) == 7
    assert all((record.came[one] - one).total_seconds() < 6 * 3600 for one in before)


def test_the_objective_is_missed_in_the_missed_nights_only_and_told(verdict: YearVerdict) -> None:
    assert verdict.unmet == ()
    assert verdict.nights_missed == 2
    assert verdict.gaps
    assert {gap.excused for gap in verdict.gaps} == {True}
    assert all(gap.told for gap in verdict.gaps)
    assert {gap.since.date() for gap in verdict.gaps} <= {date(2026, 3, 31), date(2026, 4, 1)}


def test_it_is_told_to_people_and_to_programs(verdict: YearVerdict) -> None:
    text, found = as_text(verdict), as_json(verdict)
    assert text.startswith("ops  AS PROMISED  10 nights from 2026-03-25 (seed 1)\n")
    assert "8 with a point of every database, 2 without" in text
    assert found["rpo"] == {**found["rpo"], "met": False, "objective_s": 86_400.0}  # type: ignore[dict-item]
    assert found["unmet"] == []


def test_a_night_costs_few_calls(played: Played) -> None:
    """Eight nights ran, two of them with trials: what AWS is asked for is what users pay for.

    Some forty a night are what it takes to mount, read and take off the shared file systems.
    """
    calls = played.calls
    assert sum(calls.values()) <= 8 * 360
    assert calls["backup.ListCopyJobs"] <= calls["backup.DeleteRecoveryPoint"] + 8 * 8
    assert calls["backup.DescribeRecoveryPoint"] <= 2 * calls["backup.DeleteRecoveryPoint"] + 16
    assert calls["rds.DescribeDBInstances"] <= 8 * 9
