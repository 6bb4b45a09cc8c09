"""Untrusted input: every problem with its place, every time, and no crash."""

from datetime import timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.errors import InvalidInput
from continuity.reading import Reader


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)


def told(reader: Reader) -> list[str]:
    return [str(problem) for problem in reader.problems]


def test_what_is_right_is_read_without_a_word() -> None:
    reader = Reader(
        {
            "name": "orders",
            "size": 20,
            "whole": 3.0,
            "share": 1,
            "on": False,
            "color": "blue",
            "rto": "1h30m",
            "tags": ["a", "b"],
            "inner": {"x": 1},
            "rows": [{"y": 1}, {"y": 2}],
            "sites": {"home": {"z": 1}},
        }
    )
    assert reader.text("name", pattern="[a-z]+") == "orders"
    assert reader.integer("size", low=20, high=20) == 20
    assert reader.integer("whole") == 3
    assert reader.number("share") == 1.0
    assert reader.flag("on") is False
    assert reader.choice("color", Color) is Color.BLUE
    assert reader.duration("rto") == timedelta(minutes=90)
    assert reader.texts("tags") == ("a", "b")
    assert reader.section("inner").integer("x") == 1
    assert [row.integer("y") for row in reader.rows("rows")] == [1, 2]
    assert reader.mapping("sites")["home"].integer("z") == 1
    reader.finish()
    reader.check("The config")
    assert told(reader) == []


def test_defaults_stand_in_for_what_is_absent_or_null() -> None:
    reader = Reader({"name": None})
    assert reader.text("name", "x") == "x"
    assert reader.integer("size", 7) == 7
    assert reader.number("share", 0.5) == 0.5
    assert reader.flag("on", default=True) is True
    assert reader.choice("color", Color, Color.BLUE) is Color.BLUE
    assert reader.duration("rto", "2d") == timedelta(days=2)
    assert reader.texts("tags", ("a",)) == ("a",)
    assert reader.rows("rows", optional=True) == []
    assert not reader.has("name")
    assert told(reader) == []


def test_what_is_required_and_absent_is_told_once_each() -> None:
    reader = Reader({}, "databases[2]")
    reader.text("name")
    reader.integer("size")
    reader.flag("on")
    reader.choice("color", Color)
    reader.duration("rto")
    reader.section("inner").text("deep")
    reader.rows("rows")
    reader.texts("tags")
    reader.mapping("sites")
    assert told(reader) == [
        f"databases[2].{key}: is required"
        for key in ("name", "size", "on", "color", "rto", "inner", "rows", "tags", "sites")
    ]


@pytest.mark.parametrize("value", [0, False, ""])
def test_zero_false_and_empty_are_given(value: object) -> None:
    assert Reader({"x": value}).has("x")


def test_places_are_written_as_people_write_them() -> None:
    reader = Reader({"databases": [{}, {"members": {"home": {"port": "x"}}}]})
    reader.rows("databases")[1].section("members").mapping("home")
    reader.rows("databases")[1].section("members").section("home").integer("port")
    assert "databases[1].members.home.port: expected a whole number, found text" in told(reader)
    assert Reader({}).at("") == "(top level)"


def test_unknown_keys_are_refused_and_the_valid_ones_named() -> None:
    reader = Reader({"name": "x", "storge": 1, "zap": 2})
    reader.text("name")
    reader.integer("storage", 5)
    reader.finish()
    assert told(reader) == [
        "storge: unknown key; valid here: name, storage",
        "zap: unknown key; valid here: name, storage",
    ]


def test_a_wrong_value_is_never_echoed_when_its_kind_is_wrong() -> None:
    reader = Reader({"password": ["hunter2"], "count": "hunter2", "on": "hunter2"})
    reader.text("password")
    reader.integer("count")
    reader.flag("on")
    reader.section("password")
    assert len(told(reader)) == 4
    assert "hunter2" not in "".join(told(reader))


@pytest.mark.parametrize("text", ["", "12", "h", "1h30", "30m1h", "-1h", "1.5h", "1 h", "1w"])
def test_what_is_no_length_of_time_is_told(text: str) -> None:
    reader = Reader({"rto": text})
    assert reader.duration("rto") == timedelta()
    assert len(told(reader)) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_told(value: float) -> None:
    reader = Reader({"seconds": value})
    assert reader.number("seconds") == 0.0
    assert len(told(reader)) == 1


@pytest.mark.parametrize(("value", "seconds"), [(0, 0), (90, 90), (1.5, 1.5)])
def test_a_plain_number_is_a_length_of_time_in_seconds(value: float, seconds: float) -> None:
    assert Reader({"at": value}).duration("at") == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", [-1, True, float("nan")])
def test_a_number_that_is_no_length_of_time_is_told(value: object) -> None:
    reader = Reader({"at": value})
    assert reader.duration("at") == timedelta()
    assert len(told(reader)) == 1


def test_a_length_of_time_beyond_all_calendars_is_told() -> None:
    reader = Reader({"rto": "999999999999d"})
    assert reader.duration("rto") == timedelta()
    assert len(told(reader)) == 1


@given(*[st.integers(0, 400)] * 4)
def test_lengths_of_time_are_read_as_written(
    days: int, hours: int, minutes: int, seconds: int
) -> None:
    reader = Reader({"rto": f"{days}d{hours}h{minutes}m{seconds}s"})
    assert reader.duration("rto") == timedelta(
        days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    assert told(reader) == []


@given(st.integers(), st.integers(), st.integers(0))
def test_a_whole_number_is_taken_exactly_or_the_nearest_that_is_allowed(
    value: int, low: int, width: int
) -> None:
    reader = Reader({"x": value})
    high = low + width
    found = reader.integer("x", low=low, high=high)
    assert low <= found <= high
    assert (found == value) == (told(reader) == [])


@given(ANYTHING)
def test_no_input_makes_a_reader_stumble(value: object) -> None:
    for reader in (Reader(value), Reader({"x": value})):
        reader.text("x", pattern="a+")
        reader.integer("x")
        reader.number("x")
        reader.flag("x")
        reader.choice("x", Color)
        reader.duration("x")
        reader.texts("x")
        reader.section("x").text("y")
        for row in reader.rows("x"):
            row.text("y")
        for inner in reader.mapping("x").values():
            inner.text("y")
        reader.finish()
        with pytest.raises(InvalidInput):
            reader.check("It")


def test_problems_come_sorted_and_each_once() -> None:
    reader = Reader({"b": 1, "a": 1})
    reader.text("b")
    reader.text("b")
    reader.text("a")
    with pytest.raises(InvalidInput) as raised:
        reader.check("The config")
    assert [problem.path for problem in raised.value.problems] == ["a", "b"]
