from continuity.frozen import Standing, refusal


def test_while_a_run_is_open_no_change_may_be_deployed() -> None:
    found = refusal(Standing("we1", open_run="we1-0001"), changes=3)
    assert found is not None
    assert str(found) == (
        "we1-0001 is open, and 3 resources of we1 would change under it. "
        "Wait for its end and reconcile: holdfast reconcile we1."
    )


def test_nothing_is_refused_that_changes_nothing_or_while_no_run_is_open() -> None:
    assert refusal(Standing("we1", open_run="we1-0001"), changes=0) is None
    assert refusal(Standing("we1"), changes=3) is None


def test_that_nobody_could_look_is_said_and_refuses_nothing() -> None:
    unseen = Standing("we1", unseen="no credentials")
    assert refusal(unseen, changes=3) is None
    assert "Nobody could look whether a failover of we1 is open (no credentials)" in unseen.note
    assert Standing("we1").note == ""
    assert "frozen" in Standing("we1", open_run="we1-0001").note
