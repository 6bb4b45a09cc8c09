import pytest

from continuity.errors import InvalidInput
from policy.frozen import OpenRun, frozen, parse

RUN = OpenRun("t1-0001", "t1", "2026-03-02T01:00:00Z")
TEXT = '[{"run": "t1-0001", "zone": "t1", "since": "2026-03-02T01:00:00Z"}]'


def test_a_zone_that_a_run_moves_is_not_changed() -> None:
    [sentence] = frozen("t1", (RUN,), frozenset({"same", "update"}))
    assert "The run t1-0001 moves t1 since 2026-03-02T01:00:00Z" in sentence
    assert "holdfast failover abort t1" in sentence


def test_what_changes_nothing_is_let_through() -> None:
    assert list(frozen("t1", (RUN,), frozenset({"same"}))) == []


def test_the_run_of_another_zone_freezes_nothing_here() -> None:
    assert list(frozen("t2", (RUN,), frozenset({"delete"}))) == []


def test_a_zone_without_a_run_is_free() -> None:
    assert list(frozen("t1", (), frozenset({"update"}))) == []


def test_open_runs_are_read_as_they_are_handed_over() -> None:
    assert parse(TEXT) == (RUN,)
    assert parse("") == ()


@pytest.mark.parametrize("text", ["no", "{}", '[{"run": "t1-0001"}]'])
def test_what_cannot_be_read_is_refused_instead_of_taken_for_nothing(text: str) -> None:
    with pytest.raises(InvalidInput, match="HOLDFAST_OPEN_RUNS"):
        parse(text)
