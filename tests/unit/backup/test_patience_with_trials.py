"""A restore is late by the time that AWS had for it, and what never came is asked for once more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backup.points import Kind, Series
from backup.verify_patience import hopeless, late
from backup.verify_subject import Role, Trial

BEGAN = datetime(2026, 2, 1, 5, 56, tzinfo=UTC)
TRIAL = Trial(
    scratch="we1-scratch-files-away-private-1",
    series=Series("we1", "away-private", Kind.FILES),
    point="rp-1",
    arn="arn:aws:backup:eu-central-1:123456789012:recovery-point:rp-1",
    taken_at=BEGAN,
    region="eu-central-1",
    size_gb=10,
    role=Role.NEWEST,
    seed="2026-02-01",
    by="schedule",
    began=BEGAN,
    expected_s=3000.0,
)


@pytest.mark.parametrize(("hours", "is_late"), [(1, False), (3.3, False), (3.4, True)])
def test_four_times_what_a_restore_should_take_is_patience_enough(
    hours: float, is_late: bool
) -> None:
    sought = replace(TRIAL, sought=BEGAN + timedelta(days=1))
    assert late(sought, BEGAN + timedelta(days=1, hours=hours)) is is_late
    assert late(TRIAL, BEGAN + timedelta(hours=hours)) is is_late


def test_a_short_restore_has_two_hours() -> None:
    short = replace(TRIAL, expected_s=60.0)
    assert not late(short, BEGAN + timedelta(hours=2))
    assert late(short, BEGAN + timedelta(hours=2, seconds=1))


def test_what_is_not_there_is_asked_for_once_more_before_it_is_given_up() -> None:
    monday = BEGAN + timedelta(days=1)
    assert not hopeless(TRIAL, monday)
    again = replace(TRIAL, sought=monday, tries=1)
    assert not hopeless(again, monday + timedelta(hours=1))
    assert hopeless(again, monday + timedelta(hours=4))
