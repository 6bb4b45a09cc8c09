from __future__ import annotations

from datetime import UTC, datetime

import pytest

from failover.moments import LONGEST, moment_of

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"
NOW = datetime(2026, 7, 3, 9, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "timezone", "meant"),
    [
        ("2026-07-03T09:05+01:00", LISBON, "2026-07-03T08:05+00:00"),
        ("2026-07-03T08:05Z", LISBON, "2026-07-03T08:05+00:00"),
        ("10:30", LISBON, "2026-07-03T09:30+00:00"),
        ("10:31", LISBON, "2026-07-02T09:31+00:00"),
        ("06:00", SAO_PAULO, "2026-07-03T09:00+00:00"),
        ("23:50", SAO_PAULO, "2026-07-03T02:50+00:00"),
    ],
)
def test_a_moment_is_read_as_it_was_meant(text: str, timezone: str, meant: str) -> None:
    assert moment_of(text, timezone, NOW, LONGEST) == at(meant)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-07-03T10:31+01:00", "lies ahead"),
        ("2026-06-26T09:29+00:00", "more than 7 days ago"),
        ("2026-07-03T09:05", "says no offset from UTC"),
        ("2026-07-03", "says no offset from UTC"),
        ("yesterday", "is no moment; write"),
        ("25:00", "is no moment; write"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        moment_of(text, LISBON, NOW, LONGEST)


def test_an_hour_that_comes_twice_means_the_later_one_that_is_past() -> None:
    twice = "01:30"
    both = at("2026-10-25T02:00+00:00")
    assert moment_of(twice, LISBON, both, LONGEST) == at("2026-10-25T01:30+00:00")
    between = at("2026-10-25T01:10+00:00")
    assert moment_of(twice, LISBON, between, LONGEST) == at("2026-10-25T00:30+00:00")


def test_an_hour_that_was_skipped_means_the_day_before() -> None:
    now = at("2026-03-29T08:00+00:00")
    assert moment_of("01:30", LISBON, now, LONGEST) == at("2026-03-28T01:30+00:00")


def test_a_last_good_moment_may_lie_weeks_back() -> None:
    assert moment_of("2026-06-03T09:05Z", LISBON, NOW, None) == at("2026-06-03T09:05+00:00")
