"""What a bucket showed at a moment, checked against a bucket that is played forward."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backup.files_moment import as_of, changed_between
from cloud.objects import Version

START = datetime(2026, 3, 3, tzinfo=UTC)

Act = tuple[str, bool]
"""The key of a file, and whether it is deleted."""

ACTS = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=20)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def versions(acts: list[Act]) -> list[Version]:
    """Return the versions that acts leave, one act a second."""
    last = {key: number for number, (key, _) in enumerate(acts)}
    return [
        Version(key, f"v{number}", at(number), latest=last[key] == number, marker=deleted)
        for number, (key, deleted) in enumerate(acts)
    ]


def played(acts: list[Act]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for number, (key, deleted) in enumerate(acts):
        if deleted:
            shown.pop(key, None)
        else:
            shown[key] = f"v{number}"
    return shown


def found(given: list[Version], moment: datetime) -> dict[str, str]:
    return {one.key: one.identity for one in as_of(given, moment, None, moment).files}


@given(ACTS, st.integers(0, 20))
def test_it_is_what_the_bucket_showed_when_time_stood_there(acts: list[Act], second: int) -> None:
    assert found(versions(acts), at(second)) == played(acts[: second + 1])


@given(ACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_versions_are_listed_is_of_no_matter(
    acts: list[Act], random: Random
) -> None:
    listed = versions(acts)
    mixed = [*listed]
    random.shuffle(mixed)
    assert found(mixed, at(10)) == found(listed, at(10))


@given(ACTS, ACTS, st.integers(0, 20))
def test_what_happens_later_changes_nothing(acts: list[Act], later: list[Act], second: int) -> None:
    before = acts[: second + 1]
    assert found(versions([*before, *later]), at(len(before) - 1)) == played(before)


@given(ACTS)
def test_what_the_lifecycle_takes_is_never_what_a_kept_moment_needs(acts: list[Act]) -> None:
    """S3 takes a version `kept` after another one followed it."""
    kept, now = timedelta(seconds=5), at(len(acts))
    listed = versions(acts)
    followed = {
        one.identity: min(
            (other.modified for other in listed if (other.key, other.modified > one.modified)
             == (one.key, True)), default=None)
        for one in listed
    }  # fmt: skip
    left = [
        one
        for one in listed
        if (then := followed[one.identity]) is None or then + kept > now
    ]  # fmt: skip
    for second in range(len(acts)):
        shown = as_of(left, at(second), kept, now)
        if shown.complete:
            assert {one.key: one.identity for one in shown.files} == played(acts[: second + 1])


def test_of_one_second_the_current_one_is_last_and_a_file_comes_before_its_marker() -> None:
    file = Version("a", "file", START, latest=False)
    marker = Version("a", "marker", START, latest=True, marker=True)
    newer = Version("a", "newer", at(9))
    assert found([file, marker], START) == {}
    assert found([marker, file], START) == {}
    older = Version("a", "marker", START, latest=False, marker=True)
    assert found([file, older, newer], START) == {"a": "file"}


def test_what_earlier_restores_made_does_not_come_back() -> None:
    listed = [Version("restored/x/a", "1", START), Version("a", "2", START)]
    assert found(listed, START) == {"a": "2"}


def test_files_that_changed_meanwhile_are_those_written_or_deleted_within() -> None:
    listed = versions([("a", False), ("b", True), ("c", False)])
    assert changed_between(listed, at(1), at(2)) == {"b", "c"}
