from simulator.rows import Mark, Rows
from simulator.truth import Loss, lost


def written(*moments: float, origin: Mark | None = None) -> Rows:
    rows = Rows(origin)
    for moment in moments:
        rows.commit(moment)
    return rows


def test_a_mark_is_damaged_from_the_commit_that_did_it() -> None:
    rows = written(1, 2, 3)
    before = rows.mark()
    rows.damage(4)
    assert (before.damaged, rows.mark().damaged) == (False, True)
    assert [Mark(rows, rows.count_until(at)).damaged for at in (3, 3.9, 4)] == [False, False, True]


def test_a_copy_has_the_damage_of_its_origin_only_if_it_was_taken_later() -> None:
    rows = written(1, 2, 3)
    clean = written(5, origin=rows.mark())
    rows.damage(4)
    spoilt = written(5, origin=rows.mark())
    assert (clean.mark().damaged, spoilt.mark().damaged) == (False, True)
    assert (clean.mark().first_damage, spoilt.mark().first_damage) == (None, 3)


def test_while_damaged_rows_are_served_all_good_ones_are_lost() -> None:
    rows = written(1, 2, 3)
    rows.damage(4)
    rows.commit(5)
    assert lost(rows, [rows.mark()]) == Loss(3, 2.0)


def test_a_clean_copy_saves_what_it_has_and_nothing_after_the_damage_was_good() -> None:
    rows = written(1, 2, 3)
    again = written(9, origin=Mark(rows, 2))
    rows.damage(4)
    rows.commit(5)
    assert lost(rows, [again.mark()]) == Loss(1, 1.0)
    assert lost(again, [again.mark()]) == Loss()


def test_what_was_written_into_a_damaged_copy_is_not_lost_again() -> None:
    rows = written(1, 2)
    rows.damage(3)
    promoted = written(6, 7, origin=rows.mark())
    assert lost(promoted, []) == Loss()


def test_the_first_damage_counts() -> None:
    rows = written(1)
    rows.damage(2)
    rows.damage(3)
    assert rows.mark().first_damage == 1


def test_what_somebody_mended_is_good_again_until_the_next_damage() -> None:
    rows = written(1)
    rows.damage(2)
    spoilt = rows.mark()
    rows.mend(3)
    mended = written(4, origin=rows.mark())
    assert (spoilt.damaged, rows.mark().damaged, mended.mark().damaged) == (True, False, False)
    rows.damage(5)
    assert (rows.mark().damaged, mended.mark().damaged) == (True, False)


def test_after_a_mend_the_next_damage_is_the_first() -> None:
    rows = written(1)
    rows.damage(2)
    spoilt = rows.mark()
    rows.mend(3)
    assert (spoilt.first_damage, rows.mark().first_damage) == (1, None)
    rows.damage(4)
    assert (spoilt.first_damage, rows.mark().first_damage) == (1, 3)


def test_what_was_written_after_a_mend_is_lost_like_any_other() -> None:
    rows = written(1, 2)
    rows.damage(3)
    rows.mend(4)
    behind = rows.mark()
    rows.commit(5)
    rows.commit(6)
    assert lost(rows, [behind]) == Loss(2, 2.0)
    assert lost(rows, [rows.mark()]) == Loss()
