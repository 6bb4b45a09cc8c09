"""What a year is judged by, on years made by hand: no world, no schedules."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from continuity.errors import InvalidInput
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, SiteName
from drill.year import Played
from drill.year_story import YearStory, demand_known, with_faults
from drill.year_stretches import stretches
from drill.year_text import as_text
from drill.year_verdict import YearVerdict, judge
from simulator.alarm_history import Told
from simulator.schedules import Fate, Fired
from simulator.shelves import Record

HOME, AWAY = "eu-west-1", "eu-central-1"
BEGAN = datetime(2026, 5, 1, 11, tzinfo=UTC)
NIGHTS = 10
SHELF = ("orders", HOME)
STORY = YearStory("we1", NIGHTS, date(2026, 5, 1))


def manifest() -> Any:  # noqa: ANN401 - only what a verdict asks of one
    return SimpleNamespace(
        objectives=Objectives(rto=timedelta(hours=12), rpo=timedelta(hours=24)),
        window=MaintenanceWindow(time(0), time(6), "Europe/Lisbon"),
        databases=(SimpleNamespace(name="orders"),),
        serving_site=SimpleNamespace(region=HOME),
        standby_site=SimpleNamespace(region=AWAY),
        standby=SiteName.AWAY,
    )


def year(missed: Iterable[int] = (), told: tuple[Told, ...] = (), **changed: Any) -> Played:  # noqa: ANN401 - fields
    nights = [night for night in range(NIGHTS + 1) if night not in set(missed)]
    first = datetime(2026, 4, 30, 23, 5, tzinfo=UTC)
    moments = [first + timedelta(days=night) for night in nights]
    record = Record({one: one + timedelta(minutes=10) for one in moments}, set(moments))
    played = Played(
        manifest=manifest(),
        began=BEGAN,
        ended=BEGAN + timedelta(days=NIGHTS),
        fired=(Fired(BEGAN, HOME, "capture", Fate.RAN),),
        told=told,
        first={SHELF: {date(2026, 5, 1)}},
        records={SHELF: record},
        extra={},
        lost={},
        held={},
        odd={},
        calls={"rds.CreateDBSnapshot": NIGHTS},
    )
    return replace(played, **changed)


def alarm(night: int, name: str = "we1-home-orders-stale in eu-west-1") -> Told:
    return Told(name, BEGAN + timedelta(days=night), None)


def verdict(played: Played, *faults: str) -> YearVerdict:
    return judge(with_faults(STORY, faults), [played])


def test_a_year_without_a_missed_night_is_as_promised() -> None:
    found = verdict(year())
    assert (found.unmet, found.gaps, found.nights_missed) == ((), (), 0)
    assert found.worst_gap == timedelta(days=1)
    assert "AS PROMISED" in as_text(found)
    assert "told             nothing" in as_text(found)


def test_a_missed_night_without_a_fault_breaks_the_promise_even_if_it_was_told() -> None:
    found = verdict(year(missed=[5], told=(alarm(5),)))
    assert found.nights_missed == 1
    assert any("no fault says why" in one for one in found.unmet)
    assert not any("nobody was told" in one for one in found.unmet)


def test_a_fault_excuses_a_gap_but_not_that_nobody_was_told_of_it() -> None:
    [unmet] = verdict(year(missed=[5]), "schedule-missed at=4d for=1d").unmet
    assert unmet.endswith("and nobody was told")
    assert verdict(year(missed=[5], told=(alarm(5),)), "schedule-missed at=4d for=1d").unmet == ()


def test_copies_that_come_late_are_a_gap_of_their_shelf_although_none_is_missing() -> None:
    late = year()
    record = late.records[SHELF]
    moments = sorted(record.came)
    record.came[moments[5]] = record.came[moments[6]] = moments[7]
    found = verdict(late)
    assert [(gap.since, gap.until) for gap in found.gaps] == [(moments[4], moments[7])]
    assert found.nights_missed == 0


def test_an_alarm_about_another_shelf_tells_nothing_of_this_one() -> None:
    other = alarm(5, "we1-home-accounts-stale in eu-west-1")
    found = verdict(year(missed=[5], told=(other,)), "schedule-missed at=4d for=1d")
    assert [gap.told for gap in found.gaps] == [""]


def test_an_alarm_without_a_cause_breaks_the_promise() -> None:
    [unmet] = verdict(year(told=(alarm(2),))).unmet
    assert "nothing was wrong" in unmet
    assert verdict(year(told=(alarm(8),)), "schedule-missed at=1d for=1d").unmet


def test_an_alarm_about_a_hold_needs_a_hold() -> None:
    old = (alarm(6, f"we1-away-hold-old in {AWAY}"),)
    [unmet] = verdict(year(told=old)).unmet
    assert "nothing was wrong" in unmet
    assert verdict(year(told=old, held={SHELF: [BEGAN + timedelta(days=6)]})).unmet == ()
    other = (alarm(6),)
    assert verdict(year(told=other, held={SHELF: [BEGAN + timedelta(days=6)]})).unmet


def test_a_point_that_the_rule_keeps_may_not_be_lost() -> None:
    found = verdict(year(lost={SHELF: [BEGAN, BEGAN, BEGAN]}, odd={SHELF: (0, 1)}))
    assert len(found.unmet) == 2
    assert found.odd_days == 3


def test_a_point_that_the_rule_gives_up_may_stay_for_a_fault_or_a_hold_only() -> None:
    extra = {SHELF: [BEGAN + timedelta(days=2), BEGAN + timedelta(days=9)]}
    [unmet] = verdict(year(extra=extra)).unmet
    assert "gives up, on 2 days from 2026-05-03" in unmet
    [unmet] = verdict(year(extra=extra), "schedule-missed at=1d for=1d").unmet
    assert "on 1 days from 2026-05-10" in unmet
    excused = verdict(year(extra={SHELF: extra[SHELF][:1]}), "schedule-missed at=1d for=1d")
    assert "not what the rule says on 1 days of 1 shelves, for a fault" in as_text(excused)
    held = verdict(year(held={SHELF: [BEGAN] * 4}))
    assert held.unmet == ()
    assert "more by holds and what they pin, on 4 days of shelves" in as_text(held)


def failed(night: int, fate: Fate = Fate.FAILED) -> tuple[Fired, ...]:
    return (Fired(BEGAN + timedelta(days=night), HOME, "we1-home-backup-capture", fate, "why"),)


def test_a_run_that_fails_needs_a_fault_and_has_to_be_told() -> None:
    found = verdict(year(fired=failed(4))).unmet
    assert [one.split(", and ")[1] for one in found] == [
        "no fault says why (why)",
        "nobody was told (why)",
    ]
    told = (alarm(4, f"we1-home-backup-errors in {HOME}"),)
    assert verdict(year(fired=failed(4), told=told), "denied at=3d for=2d").unmet == ()
    elsewhere = (alarm(4, f"we1-away-backup-errors in {AWAY}"),)
    [unmet] = verdict(year(fired=failed(4), told=elsewhere), "denied at=3d for=2d").unmet
    assert "nobody was told" in unmet


def test_a_run_that_was_given_up_is_told_by_the_message_that_it_left() -> None:
    gone = failed(4, Fate.DROPPED)
    errors = (alarm(4, f"we1-home-backup-errors in {HOME}"),)
    [unmet] = verdict(year(fired=gone, told=errors), "denied at=3d for=2d").unmet
    assert "nobody was told" in unmet
    letters = (alarm(4, f"we1-home-backup-dead-letters in {HOME}"),)
    assert verdict(year(fired=gone, told=letters), "denied at=3d for=2d").unmet == ()


def test_damage_that_lasts_for_a_week_must_be_found_by_a_trial() -> None:
    corrupted = "data-corrupted at=1d database=orders"
    [unmet] = verdict(year(), corrupted).unmet
    assert unmet.startswith("orders was damaged at 2026-05-02")
    told = (alarm(6, f"we1-away-restore-test-failed in {AWAY}"),)
    assert verdict(year(told=told), corrupted).unmet == ()
    assert verdict(year(), f"{corrupted} for=3d").unmet == ()


def test_a_damaged_point_may_be_found_long_after_and_needs_no_other_cause() -> None:
    letters = alarm(8, f"we1-home-backup-errors in {HOME}")
    why = "we1-orders-2026-05-02: refuted (older of orders)"
    [run] = failed(8)
    late = year(fired=(replace(run, sentence=why),), told=(letters,))
    assert verdict(late, "data-corrupted at=1d for=1d database=orders").unmet == ()
    assert verdict(late, "schedule-missed at=1d for=1d").unmet
    other = year(fired=(run,), told=(letters,))
    assert verdict(other, "data-corrupted at=1d for=1d database=orders").unmet


def test_a_stretch_must_begin_as_the_one_before_it_ended() -> None:
    first = year()
    good = year(
        first={SHELF: {one.date() + timedelta(days=1) for one in first.records[SHELF].there}}
    )
    assert judge(STORY, [first, good]).unmet == ()
    assert "did not begin as" in judge(STORY, [first, year()]).unmet[0]


@pytest.mark.parametrize(("days", "cores", "count"), [(365, 2, 2), (365, 8, 6), (90, 4, 1)])
def test_a_year_is_played_in_stretches_that_follow_each_other(
    days: int, cores: int, count: int
) -> None:
    found = list(stretches(replace(STORY, days=days), cores))
    assert (len(found), sum(one.days for one in found)) == (count, days)
    for before, after in pairwise(found):
        assert after.first == before.first + timedelta(days=before.days)


def test_a_year_with_faults_is_played_in_one_piece() -> None:
    story = with_faults(replace(STORY, days=365), ["region-lost at=10d for=1d site=away"])
    assert list(stretches(story, 8)) == [story]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("promotion-fails at=1d", "means nothing in a year"),
        ("schedule-missed for=1d", "is required"),
        ("schedule-missed at=1d when=after", "when"),
        ("region-returns at=1d site=away", "not lost at that time"),
        ("no-such-thing at=1d", "kind"),
    ],
)
def test_a_fault_that_is_none_of_a_years_is_refused(text: str, expected: str) -> None:
    with pytest.raises(InvalidInput, match=expected):
        with_faults(STORY, [text])


def test_a_fault_of_a_database_that_the_zone_lacks_is_refused_with_those_it_has() -> None:
    faults = ["data-corrupted at=1d for=2d database=orders", "data-corrupted at=4d database=ordrs"]
    story = with_faults(STORY, faults)
    with pytest.raises(InvalidInput, match=r"fault\[1\]\.database: .* has orders, items"):
        demand_known(story, ["orders", "items"])
    demand_known(story, ["orders", "ordrs"])
