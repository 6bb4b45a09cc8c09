"""What a prober's values are worth, and what the prober makes of a database's answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from backup.prober import questioned
from backup.verify_checks import judged
from cloud.postgres import NoAnswer, Way
from continuity.proving import Check, Comparison
from simulator.clock import VirtualClock

TAKEN = datetime(2026, 3, 3, 1, tzinfo=UTC)
LEAST = Check("some", "select count(*) from orders", Comparison.AT_LEAST, 10)
MOST = Check("bad", "select count(*) from orders where total is null", Comparison.AT_MOST, 0)
NEWEST = Check("newest", "select max(at) from orders", Comparison.NEWEST_WITHIN, 3600)


def answer(check: Check, value: object, error: str = "", code: str = "") -> dict[str, Any]:
    row = {"name": check.name, "value": value, "error": error, "code": code, "seconds": 1.5}
    return {"error": "", "values": [row]}


@pytest.mark.parametrize(
    ("check", "value", "met", "found"),
    [
        (LEAST, 10, True, "10"),
        (LEAST, 9, False, "9"),
        (LEAST, None, False, "None, which is no number"),
        (LEAST, True, False, "True, which is no number"),
        (MOST, 0, True, "0"),
        (MOST, 1, False, "1"),
        (NEWEST, (TAKEN - timedelta(hours=1)).isoformat(), True, "1 h before the point"),
        (NEWEST, (TAKEN - timedelta(hours=2)).isoformat(), False, "2 h before the point"),
        (NEWEST, (TAKEN + timedelta(seconds=5)).isoformat(), True, "0 s before the point"),
        (NEWEST, None, False, "no row at all"),
        (NEWEST, "soon", False, "'soon', which is no moment"),
    ],
)
def test_a_value_is_held_against_what_was_declared(
    check: Check, value: object, met: bool, found: str
) -> None:
    results = judged([check], answer(check, value), TAKEN).results
    assert results is not None
    assert [(one.met, one.found, one.seconds) for one in results] == [(met, found, 1.5)]


@pytest.mark.parametrize(
    ("code", "met"),
    [("42P01", False), ("57014", None), ("53300", None), ("08006", None), ("", False)],
)
def test_a_table_that_is_missing_is_wrong_content_and_a_timeout_is_no_word_on_it(
    code: str, met: bool | None
) -> None:
    results = judged([LEAST], answer(LEAST, None, "refused", code), TAKEN).results
    assert results is not None
    assert [(one.met, one.found) for one in results] == [(met, "refused")]


def test_a_database_that_cannot_be_asked_gives_a_reason_and_no_results() -> None:
    found = judged([LEAST], {"error": "no route", "values": []}, TAKEN)
    assert (found.results, found.why) == (None, "no route")


def test_a_check_that_nobody_answered_is_not_met_and_not_wrong() -> None:
    results = judged([LEAST], {"error": "", "values": []}, TAKEN).results
    assert results is not None
    assert [one.met for one in results] == [None]


class Asked:
    """A session that answers one statement, and refuses the others."""

    def __init__(self, value: object) -> None:
        self._value = value

    def run(self, sql: str) -> Sequence[Sequence[object]]:
        if sql != LEAST.sql:
            raise NoAnswer("relation does not exist", "42P01")
        return [[self._value]]


EVENT = {
    "host": "h", "port": 5432, "user": "u", "database": "d",
    "checks": [{"name": one.name, "sql": one.sql} for one in (LEAST, MOST)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (7, 7),
        (Decimal("7.5"), 7.5),
        (datetime(2026, 3, 3, 1), "2026-03-03T01:00:00+00:00"),  # noqa: DTZ001 - as PostgreSQL says it
        (TAKEN, "2026-03-03T01:00:00+00:00"),
        (date(2026, 3, 3), "2026-03-03T00:00:00+00:00"),
        (b"x", "b'x'"),
        (None, None),
    ],
)
def test_a_prober_goes_on_after_a_statement_that_is_refused(value: object, plain: object) -> None:
    found = questioned(VirtualClock(TAKEN), EVENT, "secret", lambda _: Asked(value))
    rows = [(one["name"], one["value"], one["code"]) for one in found["values"]]
    assert rows == [("some", plain, ""), ("bad", None, "42P01")]
    assert "secret" not in str(found)


def test_a_prober_that_is_not_let_in_says_why() -> None:
    def refuse(way: Way) -> Asked:
        raise NoAnswer(f"password authentication failed for user {way.user}", "28P01")

    found = questioned(VirtualClock(TAKEN), EVENT, "secret", refuse)
    told = "it cannot be signed in to: password authentication failed for user u"
    assert found == {"error": told, "values": []}
