"""Which points are due, by values: the newest always, an older one drawn by the day."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup.evidence import Evidence, Verdict, dumped, loaded, of_trial, proven, verdict
from backup.points import Catalogue, Kind, Point, Series, Store
from backup.verify_rules import EVERY, Trust, drawn, named, wishes
from backup.verify_subject import Asked, Result, Role, Trial, Wish, scratch_name

Shelf = Callable[..., list[Point]]
Made = Callable[..., Any]
HOME = "eu-west-1"
NOW = datetime(2026, 3, 3, 6, tzinfo=UTC)


def test_a_file_system_is_of_files_whatever_a_database_is_called() -> None:
    system = Series("we1", "home-file-system", Kind.FILES)
    assert (system.shared, system.in_bucket) == (True, False)
    database = Series("we1", "old-file-system", Kind.DATABASE)
    assert (database.shared, database.in_bucket) == (False, False)


@pytest.mark.parametrize(
    ("series", "name"),
    [
        (Series("we1", "orders", Kind.DATABASE), "we1-scratch-orders-260303060000"),
        (Series("we1", "home-private", Kind.FILES), "we1-scratch-files-home-private-260303060000"),
    ],
)
def test_a_trial_is_named_after_its_series_point_and_moment(
    point: Made, series: Series, name: str
) -> None:
    one, other = (replace(point(NOW), series=series, arn=arn) for arn in ("one", "other"))
    names = {scratch_name("we1", each, NOW) for each in (one, one, other)}
    assert len(names) == 2
    assert {each[:-4] for each in names} == {name}


@pytest.fixture
def asked(now: datetime) -> Asked:
    return Asked(HOME, "2026-03-03", now - EVERY)


def tried(wish: Wish, at: datetime, shown: Verdict = Verdict.PROVEN) -> Evidence:
    point = wish.point
    assert point.taken_at is not None
    return Evidence(
        point.series, point.identifier, point.taken_at, point.region, wish.role, wish.seed,
        "schedule", at, at, shown, "", 20, 1200.0, 30.0, (Result("some", "at least 1", "2", True),),
    )  # fmt: skip


def trial(wish: Wish, at: datetime) -> Trial:
    point = wish.point
    assert point.taken_at is not None
    return Trial(
        "we1-scratch-orders-1", point.series, point.identifier, point.arn, point.taken_at,
        point.region, 20, wish.role, wish.seed, "ana", at, 1200.0,
    )  # fmt: skip


def test_the_newest_and_one_older_point_are_due(
    shelf: Shelf, catalogue: Made, asked: Asked
) -> None:
    points = shelf(9)
    found = wishes(catalogue(*points), {}, (), asked)
    assert [one.role for one in found] == [Role.NEWEST, Role.OLDER]
    assert found[0].point == points[0]
    assert found[1].point in points[1:]


def test_a_series_of_one_point_has_no_older_one(
    shelf: Shelf, catalogue: Made, asked: Asked
) -> None:
    assert [one.role for one in wishes(catalogue(*shelf(1)), {}, (), asked)] == [Role.NEWEST]


def test_points_elsewhere_unusable_or_automated_are_not_tried(
    shelf: Shelf, catalogue: Made, asked: Asked
) -> None:
    lame = [
        *shelf(2, "eu-central-1"),
        *shelf(2, unusable="it is failed"),
        *shelf(2, store=Store.AUTOMATED),
    ]
    assert wishes(catalogue(*lame), {}, (), asked) == ()


def test_the_draw_is_the_days_alone_and_misses_nobody_for_ever(shelf: Shelf) -> None:
    points = shelf(5)
    series = points[0].series
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    first = [drawn(points, day, series) for day in days]
    assert first == [drawn(list(reversed(points)), day, series) for day in days]
    counts = Counter(one.identifier for one in first)
    assert len(counts) == 5
    assert min(counts.values()) > len(days) / 5 * 0.6


def test_what_was_proven_within_the_week_is_not_due(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    found = catalogue(*shelf(9))
    newest, older = wishes(found, {}, (), asked)
    series = newest.point.series
    assert wishes(found, {series: (tried(newest, now),)}, (), asked) == (older,)
    long_ago = tried(newest, now - timedelta(days=7))
    assert wishes(found, {series: (long_ago,)}, (), asked) == (newest, older)


def test_what_is_under_way_is_not_begun_again(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    found = catalogue(*shelf(9))
    newest, older = wishes(found, {}, (), asked)
    assert wishes(found, {}, (trial(newest, now),), asked) == (older,)


def test_after_a_refuted_newest_the_one_before_is_tried_three_times_at_most(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    points = shelf(9)
    known: list[Evidence] = []
    series = points[0].series
    for number in range(3):
        gone = [replace(one, unusable="its content is wrong") for one in points[:number]]
        found = catalogue(*gone, *points[number:])
        newest = next(one for one in wishes(found, {series: tuple(known)}, (), asked))
        assert (newest.role, newest.point) == (Role.NEWEST, points[number])
        known.append(tried(newest, now, Verdict.REFUTED))
    left = wishes(catalogue(*points[3:]), {series: tuple(known)}, (), asked)
    assert [one.role for one in left] == [Role.OLDER]


def test_what_comes_to_nothing_twice_on_a_day_waits_for_another(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    found = catalogue(*shelf(1))
    [newest] = wishes(found, {}, (), asked)
    series = newest.point.series
    once = (tried(newest, now, Verdict.UNPROVEN),)
    twice = once * 2
    assert wishes(found, {series: once}, (), asked) == (newest,)
    assert wishes(found, {series: twice}, (), asked) == ()
    assert wishes(found, {series: twice}, (), replace(asked, seed="2026-03-04")) != ()


def test_the_series_that_was_proven_longest_ago_leads(
    point: Made, catalogue: Made, asked: Asked, now: datetime
) -> None:
    points = [
        point(now, series=Series("we1", name, point(now).series.kind), identifier=f"we1-{name}")
        for name in ("accounts", "orders")
    ]
    found: Catalogue = catalogue(*points)
    accounts = next(one for one in wishes(found, {}, (), asked) if "accounts" in str(one.point))
    ago = tried(accounts, now - timedelta(days=30))
    order = [str(one.point.series) for one in wishes(found, {ago.series: (ago,)}, (), asked)]
    assert order == ["orders", "accounts"]


def test_a_named_point_is_tried_although_it_was_refuted(
    shelf: Shelf, catalogue: Made, asked: Asked
) -> None:
    wrong = shelf(1, unusable="its content is wrong", refuted="2026-03-01 some")[0]
    failed = shelf(1, unusable="it is failed", identifier="we1-orders-failed")[0]
    found = catalogue(wrong, failed)
    wish = named(found, replace(asked, point=wrong.identifier))
    assert wish == Wish(wrong, Role.NAMED, "2026-03-03")
    assert named(found, replace(asked, point="we1-orders-failed")) is None
    assert named(found, replace(asked, point="we1-orders-1999-01-01")) is None


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        ([True, True], Verdict.PROVEN),
        ([], Verdict.PROVEN),
        ([True, None], Verdict.UNPROVEN),
        ([None, False], Verdict.REFUTED),
    ],
)
def test_one_wrong_answer_refutes_and_one_missing_proves_nothing(
    met: list[bool | None], expected: Verdict
) -> None:
    results = [Result(f"c{number}", "1", "2", one) for number, one in enumerate(met)]
    shown, why = verdict(results)
    assert shown is expected
    assert bool(why) is (expected is not Verdict.PROVEN)


def test_evidence_survives_being_written_down(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    [wish] = wishes(catalogue(*shelf(1)), {}, (), asked)
    ready = replace(trial(wish, now), ready=now + timedelta(minutes=20))
    found = of_trial(ready, now + timedelta(minutes=25), [Result("some", "1", "2", met=True)])
    assert (found.restore_s, found.check_s) == (1200.0, 300.0)
    assert loaded(dumped(found)) == found
    assert proven([found, tried(wish, now, Verdict.REFUTED)]) == found


def test_trust_ends_after_two_weeks(
    shelf: Shelf, catalogue: Made, asked: Asked, now: datetime
) -> None:
    [wish] = wishes(catalogue(*shelf(1)), {}, (), asked)
    series = wish.point.series
    assert Trust(series, None, None).stale(now)
    for days, stale in ((14, False), (15, True)):
        found = tried(wish, now - timedelta(days=days))
        assert Trust(series, found, found).stale(now) is stale
