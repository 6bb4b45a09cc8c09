"""What two instances have in common decides what a failover lost; so it is tested to the row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rows import Mark, Rows


def written(*moments: float, origin: Mark | None = None) -> Rows:
    rows = Rows(origin)
    for moment in moments:
        rows.commit(moment)
    return rows


def test_rows_are_numbered_in_order_of_commit() -> None:
    rows = Rows()
    assert [rows.commit(1.0), rows.commit(2.0), rows.commit(2.0)] == [0, 1, 2]
    assert rows.count == 3


def test_rows_know_how_many_were_there_at_a_moment() -> None:
    rows = written(1.0, 2.0, 2.0, 5.0)
    assert [rows.count_until(moment) for moment in (0.5, 1.0, 2.0, 4.9, 5.0, 9.0)] == [
        0,
        1,
        3,
        3,
        4,
        4,
    ]


def test_a_copy_begins_with_the_rows_of_its_mark_and_goes_its_own_way() -> None:
    source = written(1.0, 2.0, 3.0)
    copy = written(10.0, 11.0, origin=Mark(source, 2))
    source.commit(12.0)
    assert copy.count == 4
    assert [copy.committed(number) for number in range(4)] == [1.0, 2.0, 10.0, 11.0]
    assert source.committed(3) == 12.0


def test_a_copy_does_not_count_what_its_origin_wrote_after_the_mark() -> None:
    source = written(1.0, 2.0, 3.0, 4.0)
    copy = written(10.0, origin=Mark(source, 2))
    assert copy.count_until(9.0) == 2
    assert copy.count_until(1.5) == 1
    assert copy.count_until(10.0) == 3


def test_a_copy_of_a_copy_reaches_back_to_the_first_rows() -> None:
    first = written(1.0, 2.0, 3.0)
    second = written(4.0, 5.0, origin=Mark(first, 3))
    third = written(6.0, origin=Mark(second, 1))
    assert third.count == 2
    assert [third.committed(0), third.committed(1)] == [1.0, 6.0]
    assert third.count_until(5.5) == 1
    assert third.in_common(first) == 1
    assert third.in_common(second) == 1


def test_a_row_that_is_not_there_cannot_be_read() -> None:
    with pytest.raises(IndexError):
        written(1.0).committed(1)
    with pytest.raises(IndexError):
        Rows().committed(0)


def test_rows_that_share_no_origin_have_nothing_in_common() -> None:
    assert written(1.0, 2.0).in_common(written(1.0, 2.0)) == 0


def test_two_copies_of_one_source_share_what_the_shorter_took_over() -> None:
    source = written(1.0, 2.0, 3.0, 4.0)
    long = written(9.0, origin=Mark(source, 3))
    short = written(9.0, origin=Mark(source, 2))
    assert long.in_common(short) == short.in_common(long) == 2


@given(
    before=st.lists(st.floats(0, 100), max_size=20).map(sorted),
    kept=st.integers(0, 20),
    after=st.lists(st.floats(100, 200), max_size=20).map(sorted),
)
def test_what_a_copy_holds_is_the_prefix_of_its_origin_and_then_its_own(
    before: list[float], kept: int, after: list[float]
) -> None:
    source = written(*before)
    kept = min(kept, len(before))
    copy = written(*after, origin=Mark(source, kept))
    assert [copy.committed(k) for k in range(copy.count)] == before[:kept] + after
    assert copy.in_common(source) == kept
    assert copy.count_until(1e9) == copy.count
