import pytest

from simulator.changes import (
    differing,
    forcing,
    keep_ignored,
    parsed,
    property_changes,
    written,
)
from simulator.values import UNKNOWN, Secret


def paths(before: object, after: object) -> list[str]:
    return [written(path) for path in differing(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        ({}, {"a": False}, ["a"]),
        (
            {"tags": {"x": "1"}},
            {"tags": {"x": "1", "holdfast:zone": "we1"}},
            ['tags["holdfast:zone"]'],
        ),
        ({"rules": [{"port": 1}]}, {"rules": [{"port": 2}]}, ["rules[0].port"]),
        ({"ids": ["a"]}, {"ids": ["a", "b"]}, ["ids"]),
        ({"key": "k"}, {"key": UNKNOWN}, ["key"]),
        ({"password": Secret("x")}, {"password": "x"}, []),
        ({"password": Secret("x")}, {"password": Secret("y")}, ["password"]),
    ],
)
def test_values_differ_at_the_deepest_common_path(
    before: object, after: object, expected: list[str]
) -> None:
    assert paths(before, after) == expected


@pytest.mark.parametrize("text", ["engine", "a.b[0].c", 'tags["holdfast:zone"]', 'tags["a.b"].c'])
def test_a_written_path_reads_back(text: str) -> None:
    assert written(parsed(text)) == text


def test_a_path_forces_replacement_at_below_and_above_a_pattern() -> None:
    found = differing({"engine": "a", "set": {"x": 1, "y": 1}}, {"engine": "b", "set": {"x": 2}})
    assert forcing(found, ["engine", "set.y"]) == ("engine", "set.y")
    assert forcing(found, ["set"]) == ("set.x", "set.y")
    assert forcing(differing({"set": {"x": 1}}, {}), ["set.x"]) == ("set",)
    assert forcing(found, ["*"]) == ("engine", "set.x", "set.y")
    assert forcing(found, ["name"]) == ()


def test_ignored_paths_keep_their_old_value_and_all_others_take_the_new() -> None:
    before = {"password": "old", "tags": {"a": "1", "b": "1"}, "size": 1}
    after = {"password": "new", "tags": {"a": "2", "b": "2"}, "size": 2}
    kept = keep_ignored(before, after, ["password", "tags.a"])
    assert kept == {"password": "old", "tags": {"a": "1", "b": "2"}, "size": 2}


def test_an_ignored_path_that_was_never_set_stays_unset() -> None:
    assert keep_ignored({}, {"password": "new"}, ["password"]) == {}


def test_a_position_in_a_list_cannot_be_ignored() -> None:
    with pytest.raises(ValueError, match="name a key"):
        keep_ignored({}, {}, ["rules[0].port"])


def test_changes_never_show_a_secret_or_what_lies_in_one() -> None:
    before = {"plain": "a", "password": Secret("hunter2"), "deep": Secret({"token": "t0ken"})}
    after = {"plain": "b", "password": Secret("hunter3"), "deep": Secret({"token": "t1ken"})}
    changes = property_changes(before, after)
    assert [(one.path, one.before, one.after) for one in changes] == [
        ("deep.token", "[secret]", "[secret]"),
        ("password", "[secret]", "[secret]"),
        ("plain", "a", "b"),
    ]
