"""The ledger of tests, and what of a zone a test vouches for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.errors import InvalidInput
from continuity.ledger import Exercise, Kind, due, last_passed, line, read
from continuity.manifest import Database, Manifest
from continuity.significant import changed, digests
from continuity.zone import SiteName

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
FIRST = Exercise(
    AT, "we1", "drill: region-loss", "recovered in 7 min", passed=True, recovery_s=420.0
)


@given(
    st.builds(
        Exercise,
        at=st.datetimes(timezones=st.just(UTC)),
        zone=st.text(max_size=5),
        what=st.text(),
        result=st.text(),
        passed=st.booleans(),
        kind=st.sampled_from(Kind),
        recovery_s=st.none() | st.floats(0, 1e6),
        digests=st.dictionaries(st.sampled_from(["databases", "hosting", "names"]), st.text()),
    )
)
def test_what_is_written_is_read_again(tested: Exercise) -> None:
    assert read(line(tested)) == (tested,)


def test_a_ledger_is_read_in_order_of_time_and_empty_lines_are_nothing() -> None:
    later = replace(FIRST, at=AT + timedelta(days=1), passed=False)
    assert read(f"{line(later)}\n{line(FIRST)}") == (FIRST, later)
    assert read("") == ()


def test_every_line_that_cannot_be_used_is_named() -> None:
    bad = line(FIRST).replace('"passed": true', '"passed": "yes"')
    naive = line(FIRST).replace("+00:00", "")
    with pytest.raises(InvalidInput) as refused:
        read(f"{line(FIRST)}no\n{bad}{naive}")
    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["line 2", "line 3.passed", "line 4.at"]


def test_only_a_test_that_brought_the_zone_back_as_promised_counts_and_for_a_year() -> None:
    tests = (
        FIRST,
        replace(FIRST, at=AT + timedelta(days=2), passed=False),
        replace(FIRST, at=AT + timedelta(days=3), zone="we2"),
        replace(FIRST, at=AT + timedelta(days=4), kind=Kind.RESTORE),
        replace(FIRST, at=AT + timedelta(days=5), recovery_s=None),
    )
    assert last_passed(tests, "we1") == FIRST
    assert last_passed(tests, "sa1") is None
    assert due(FIRST) == datetime(2027, 3, 3, 9, tzinfo=UTC)


def with_database(manifest: Manifest, **values: object) -> Manifest:
    first, *rest = manifest.databases
    return replace(manifest, databases=(replace(first, **values), *rest))  # type: ignore[arg-type]


CHANGES: dict[str, tuple[Callable[[Manifest], Manifest], tuple[str, ...]]] = {
    "another engine": (lambda one: with_database(one, engine_version="99.1"), ("databases",)),
    "one database less": (lambda one: replace(one, databases=one.databases[1:]), ("databases",)),
    "more tasks": (
        lambda one: replace(
            one,
            sites={
                name: replace(site, hosting=replace(site.hosting, serving_desired=99))
                for name, site in one.sites.items()
            },
        ),
        ("hosting",),
    ),
    "another name": (
        lambda one: replace(one, traffic=replace(one.traffic, name="x.example")),
        ("names",),
    ),
    "another account": (lambda one: replace(one, account="210987654321"), ()),
    "the roles swapped": (lambda one: replace(one, active=SiteName.AWAY), ()),
    "a rebuilt site": (lambda one: with_database(one, members=renamed(one.databases[0])), ()),
}


def renamed(database: Database) -> object:
    return {
        name: replace(member, identifier="b", arn="b", address="b")
        for name, member in database.members.items()
    }


@pytest.mark.parametrize("change", CHANGES)
def test_what_people_declare_asks_for_another_test_and_nothing_else(
    manifest: Manifest, change: str
) -> None:
    alter, expected = CHANGES[change]
    assert changed(digests(manifest), digests(alter(manifest))) == expected


def test_what_nobody_noted_down_asks_for_nothing(manifest: Manifest) -> None:
    assert changed({}, digests(manifest)) == ()
