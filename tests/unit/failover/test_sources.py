"""What a database comes back from, and the reason that each other source lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from continuity.restorable import RecoveryPoints
from failover.case import SourceKind
from failover.observation import Instance, LagPoint, Reading
from failover.sources import BEFORE_LATEST, choose, restore

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.restorable import Restorable
    from failover.observation import Observation
    from failover.sources import Choice
    from tests.unit.failover.conftest import FakeZone

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NAME = "we1-orders-away-1"
REPLICA = Instance("available", "arn:primary", 7, "03:00-04:00", False, "we1-away", True)
GOOD_LAG = (LagPoint(NOW, 2.0),)
BROKEN = (LagPoint(NOW, None),)
RPO_S = 300
MINUTES = st.integers(0, 60 * 24)


@pytest.fixture
def seen(picture: Callable[..., Observation]) -> Callable[..., Observation]:
    def make(
        *points: Restorable,
        lags: tuple[LagPoint, ...] = GOOD_LAG,
        instance: Instance | None = REPLICA,
        key: str = "Enabled",
    ) -> Observation:
        there = {} if instance is None else {NAME: instance}
        return picture(
            instances=Reading(NOW, there, None),
            lags=Reading(NOW, {NAME: lags}, None),
            recovery_points=Reading(NOW, RecoveryPoints(points, {"key": key}), None),
        )

    return make


def chosen(seen: Observation, last_good: datetime | None = None) -> Choice:
    orders = next(one for one in seen.manifest.databases if one.name == "orders")
    return choose(seen, orders, last_good)


def reason(choice: Choice, kind: SourceKind) -> str:
    return next(why for source, why in choice.losers if source.kind is kind)


def test_a_replica_within_the_objective_is_taken(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    choice = chosen(seen(zone.backups("orders"), zone.snapshot("orders")))
    assert choice.taken is not None
    assert (choice.taken.kind, choice.taken.loss_s) == (SourceKind.REPLICA, 2.0)
    assert choice.ranking == tuple(SourceKind)
    faster = "takes longer than the replica, which is within the objective"
    assert [why for _, why in choice.losers] == [faster, faster]


SWAPPED = "we1-orders-home-1-aside-20260303t080000"
SET_ASIDE = f"it follows {SWAPPED}, which was set aside"
REPLICAS = (
    ({"lags": BROKEN}, "its lag is unknown: AWS reported the replica as not replicating"),
    ({"lags": ()}, "its lag is unknown: no replica lag was measured before the region failed"),
    ({"lags": (LagPoint(NOW, 3 * 3600 + RPO_S),)}, "older than the RPO by 3 h"),
    ({"instance": replace(REPLICA, status="failed")}, "it is failed"),
    ({"instance": replace(REPLICA, source=None)}, "it replicates from nothing"),
    ({"instance": None}, "it does not exist"),
    ({"instance": replace(REPLICA, source=f"arn:{SWAPPED}")}, SET_ASIDE),
)


@pytest.mark.parametrize(("what", "why"), REPLICAS)
def test_a_replica_that_loses_says_why(
    seen: Callable[..., Observation], zone: FakeZone, what: dict[str, object], why: str
) -> None:
    choice = chosen(seen(zone.backups("orders"), **what))
    assert choice.taken is not None
    assert choice.taken.kind is SourceKind.POINT_IN_TIME
    assert reason(choice, SourceKind.REPLICA) == why


RESTORES = (
    ({"key": "other"}, "is encrypted with a key that is not usable (other: not the site's own)"),
    ({"status": "pending"}, "is pending"),
    ({"newest": None}, "holds no moment yet"),
    ({"newest": NOW - timedelta(hours=3, seconds=RPO_S - 1)}, "older than the RPO by 3 h"),
)


@pytest.mark.parametrize(("changes", "why"), RESTORES)
def test_a_restore_that_loses_says_why(
    seen: Callable[..., Observation], zone: FakeZone, changes: dict[str, object], why: str
) -> None:
    choice = chosen(seen(zone.backups("orders", **changes), zone.snapshot("orders"), lags=BROKEN))
    assert choice.taken is not None
    assert choice.taken.kind is SourceKind.SNAPSHOT
    assert why in reason(choice, SourceKind.POINT_IN_TIME)


def test_where_nothing_is_allowed_the_replica_is_what_a_person_is_asked_about(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    day_old = zone.snapshot("orders", newest=NOW - timedelta(days=1))
    choice = chosen(seen(day_old, lags=BROKEN))
    assert choice.taken is not None
    assert (choice.taken.kind, choice.taken.allowed) == (SourceKind.REPLICA, False)
    assert reason(choice, SourceKind.SNAPSHOT) == "older than the RPO by 23 h 55 min"


def test_a_key_that_is_disabled_there_makes_its_copies_useless(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    choice = chosen(seen(zone.snapshot("orders"), lags=BROKEN, key="Disabled"))
    why = "we1-orders-copy is encrypted with a key that is not usable (key: Disabled)"
    assert reason(choice, SourceKind.SNAPSHOT) == why
    assert reason(choice, SourceKind.POINT_IN_TIME) == "no automated backups are replicated"


def test_an_unencrypted_copy_needs_no_key(seen: Callable[..., Observation], zone: FakeZone) -> None:
    choice = chosen(seen(zone.snapshot("orders", key=""), lags=BROKEN, key="Disabled"))
    assert choice.taken is not None
    assert choice.taken.name == "we1-orders-copy"


def test_what_belongs_to_another_database_is_nobodys_source(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    elsewhere = zone.snapshot("orders", instance="we2-orders-home-1")
    choice = chosen(seen(zone.backups("billing"), elsewhere, lags=BROKEN))
    assert reason(choice, SourceKind.POINT_IN_TIME) == "no automated backups are replicated"
    assert reason(choice, SourceKind.SNAPSHOT) == "no copy completed"


def test_a_copy_of_an_instance_that_was_rebuilt_since_is_found_by_its_tag(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    older = zone.snapshot("orders", instance="we1-orders-home-7")
    taken = chosen(seen(older, lags=BROKEN)).taken
    assert taken is not None
    assert taken.name == older.name


def test_recovery_points_that_cannot_be_read_are_no_source(
    seen: Callable[..., Observation],
) -> None:
    blind = replace(seen(lags=BROKEN), recovery_points=Reading(NOW, None, "denied"))
    why = "recovery points cannot be read (denied)"
    assert reason(chosen(blind), SourceKind.SNAPSHOT) == why


def test_a_point_in_time_gives_way_to_a_snapshot_that_holds_newer_data(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    newer = zone.snapshot("orders", oldest=NOW, newest=NOW)
    found = seen(zone.backups("orders"), newer, lags=BROKEN)
    orders = found.manifest.databases[1]
    point = restore(found, orders, SourceKind.POINT_IN_TIME, None)
    assert point.obstacle == "the snapshot we1-orders-copy holds newer data"
    choice = chosen(found)
    assert choice.taken is not None
    assert choice.taken.kind is SourceKind.SNAPSHOT
    assert reason(choice, SourceKind.POINT_IN_TIME) == "would lose 2 min 1 s, the snapshot 0 s"


def test_a_corrupted_database_is_restored_to_its_last_good_moment(
    seen: Callable[..., Observation], zone: FakeZone
) -> None:
    last_good = NOW - timedelta(hours=5)
    choice = chosen(seen(zone.backups("orders"), zone.snapshot("orders")), last_good)
    assert choice.taken is not None
    assert (choice.taken.kind, choice.taken.moment) == (SourceKind.POINT_IN_TIME, last_good)
    assert reason(choice, SourceKind.REPLICA) == "corrupted: the replica holds the same damage"
    assert "begins only after the last good moment, 2026-03-03 04:00:00 UTC" in reason(
        choice, SourceKind.SNAPSHOT
    )


def test_nothing_at_all_is_taken_where_nothing_is_possible(
    seen: Callable[..., Observation],
) -> None:
    choice = chosen(seen(instance=None))
    assert choice.taken is None
    assert choice.ranking == ()


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # they only make values
@given(
    ages=st.tuples(
        st.lists(st.tuples(MINUTES, MINUTES), max_size=4), st.lists(MINUTES, max_size=4)
    ),
    lag_s=st.none() | st.integers(0, 2 * RPO_S),
    last_good=st.none() | MINUTES.map(ago),
)
def test_the_choice_keeps_its_promises(
    seen: Callable[..., Observation],
    zone: FakeZone,
    ages: tuple[list[tuple[int, int]], list[int]],
    lag_s: int | None,
    last_good: datetime | None,
) -> None:
    """Never the damage, never a moment too late, and of what is allowed the least loss."""
    windows, snapshots = ages
    points = [
        zone.backups("orders", name=f"ab-{number}", oldest=ago(max(pair)), newest=ago(min(pair)))
        for number, pair in enumerate(windows)
    ]
    points += [
        zone.snapshot("orders", name=f"copy-{number}", oldest=ago(age), newest=ago(age))
        for number, age in enumerate(snapshots)
    ]
    found = seen(*points, lags=(LagPoint(NOW, lag_s),))
    _promises(chosen(found, last_good), last_good)


def _promises(choice: Choice, last_good: datetime | None) -> None:
    taken = choice.taken
    everything = [source for source, _ in choice.losers] + ([] if taken is None else [taken])
    assert {source.kind for source in everything} == set(SourceKind)
    assert all(why for _, why in choice.losers)
    if taken is None:
        assert not any(source.possible for source in everything)
        return
    assert taken.possible
    if any(source.allowed for source in everything):
        assert taken.allowed
        assert taken.loss_s is not None
        assert taken.loss_s <= RPO_S
    rivals = [one for one in everything if one.allowed == taken.allowed and one.possible]
    if taken.kind is not SourceKind.REPLICA:
        assert all((taken.loss_s or 0) <= (one.loss_s or 0) for one in rivals)
    if last_good is not None:
        assert taken.kind is not SourceKind.REPLICA
        assert taken.moment is not None
        assert taken.moment <= last_good
    elif taken.kind is SourceKind.POINT_IN_TIME:
        assert taken.origin is not None
        assert taken.moment == taken.origin.newest - BEFORE_LATEST
