import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.replication import NOT_REPLICATING, Circumstances, Replication
from simulator.rows import Rows

NORMAL = Circumstances(flowing=True, lag_s=2.0)
SLOW = Circumstances(flowing=True, lag_s=300.0)
STOPPED = Circumstances(flowing=False, lag_s=2.0)
BROKEN = Circumstances(flowing=False, lag_s=2.0, broken=True)
UNMEASURED = Circumstances(flowing=True, lag_s=2.0, measured=False)


def one_row_a_second(seconds: int) -> Rows:
    rows = Rows()
    for second in range(seconds):
        rows.commit(float(second))
    return rows


def test_a_replica_has_what_was_committed_before_now_less_its_lag() -> None:
    replication = Replication(one_row_a_second(100), NORMAL, begun=0.0)
    assert replication.applied(50.0).count == 49  # seconds 0 to 48
    assert replication.published(50.0) == 2.0


def test_a_new_replica_has_everything_of_the_moment_of_its_copy() -> None:
    replication = Replication(one_row_a_second(100), SLOW, begun=50.0)
    assert replication.applied(60.0).count == 51


def test_growing_lag_never_takes_back_what_was_applied() -> None:
    replication = Replication(one_row_a_second(1000), NORMAL, begun=0.0)
    before = replication.applied(100.0).count
    replication.meet(SLOW, 100.0)
    assert [replication.applied(moment).count for moment in (100.0, 200.0, 398.0)] == [before] * 3
    assert replication.published(200.0) == pytest.approx(102.0)
    assert replication.published(500.0) == pytest.approx(300.0)
    assert replication.applied(500.0).count == 201


def test_stopped_replication_stays_where_it_was_and_its_lag_grows() -> None:
    replication = Replication(one_row_a_second(1000), NORMAL, begun=0.0)
    replication.meet(STOPPED, 100.0)
    assert replication.applied(900.0).count == 99
    assert replication.published(900.0) == pytest.approx(802.0)


def test_replication_catches_up_when_it_flows_again() -> None:
    replication = Replication(one_row_a_second(1000), NORMAL, begun=0.0)
    replication.meet(STOPPED, 100.0)
    replication.meet(NORMAL, 200.0)
    assert replication.published(200.0) == pytest.approx(2.0)


def test_broken_replication_publishes_minus_one_and_unmeasured_publishes_nothing() -> None:
    replication = Replication(one_row_a_second(100), NORMAL, begun=0.0)
    replication.meet(BROKEN, 50.0)
    replication.meet(UNMEASURED, 60.0)
    assert replication.published(55.0) == NOT_REPLICATING
    assert replication.published(65.0) is None


def test_a_metric_that_is_read_late_tells_the_lag_of_its_moment() -> None:
    replication = Replication(one_row_a_second(1000), NORMAL, begun=0.0)
    replication.meet(STOPPED, 100.0)
    replication.meet(NORMAL, 200.0)
    assert replication.published(50.0) == pytest.approx(2.0)
    assert replication.published(150.0) == pytest.approx(52.0)
    assert replication.published(250.0) == pytest.approx(2.0)


def test_what_is_missing_is_measured_in_seconds_of_commits_not_in_age_of_the_outage() -> None:
    replication = Replication(one_row_a_second(100), NORMAL, begun=0.0)
    replication.meet(STOPPED, 99.5)
    assert replication.behind(5000.0) == pytest.approx(2.0)  # 98 and 99; 97 was applied
    assert replication.published(5000.0) == pytest.approx(4902.5)


def test_nothing_is_missing_when_the_source_is_idle() -> None:
    assert Replication(one_row_a_second(10), NORMAL, begun=0.0).behind(60.0) == 0.0
    assert Replication(Rows(), NORMAL, begun=0.0).behind(60.0) == 0.0


def test_of_an_empty_source_nothing_can_be_missing_however_long_it_has_been_gone() -> None:
    replication = Replication(Rows(), NORMAL, begun=0.0)
    replication.meet(STOPPED, 100.0)
    assert replication.provable(5000.0) == 0.0
    assert Replication(Rows(), UNMEASURED, begun=0.0).provable(5000.0) is None


@given(
    changes=st.lists(
        st.tuples(st.floats(0, 50), st.booleans(), st.floats(0, 500)),
        max_size=10,
    )
)
def test_the_applied_position_never_moves_back_whatever_happens(
    changes: list[tuple[float, bool, float]],
) -> None:
    replication = Replication(one_row_a_second(10), NORMAL, begun=0.0)
    now = position = 0.0
    for seconds, flowing, lag in changes:
        now += seconds
        assert replication.position(now) >= position
        position = replication.position(now)
        replication.meet(Circumstances(flowing=flowing, lag_s=lag), now)
        assert replication.position(now) >= position
