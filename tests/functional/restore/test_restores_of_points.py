"""One point into one place: begun once, waited for, taken away; nothing else is touched."""

from datetime import timedelta
from typing import Any

import pytest

from backup import catalogue, restore
from backup.points import Reach
from backup.restore import Place, Restoration
from backup.restore_source import Source, of_point, of_reach
from cloud.effects import Effect
from continuity.errors import PermanentError, Refusal, TemporaryError

Zone = Any  # the fixture of conftest.py, which no test can import
PATIENCE_S = 12 * 3600.0
SCRATCH, ORDERS = "sa1-orders-scratch", "sa1-orders-home-1"


@pytest.fixture
def source(zone: Zone) -> Source:
    points = catalogue.read(zone.cloud, zone.manifest).points
    return of_point(next(one for one in points if one.identifier == "sa1-orders-20260302-0300"))


def own(zone: Zone) -> Reach:
    reaches = catalogue.read(zone.cloud, zone.manifest).reaches
    return next(one for one in reaches if one.instance == ORDERS and not one.received)


def scratch(zone: Zone, source: Source, identifier: str = SCRATCH) -> Restoration:
    return restore.scratch(zone.manifest, source, Place(*zone.place()), identifier, "verify")


def test_a_point_is_restored_once_and_taken_away_again(zone: Zone, source: Source) -> None:
    one = scratch(zone, source)
    looks: list[object] = []
    assert restore.begin(zone.cloud, one) is Effect.MADE
    assert restore.begin(zone.cloud, one) is Effect.ALREADY
    state = restore.wait(zone.cloud, one, PATIENCE_S, looks.append)
    assert state.status == "available"
    assert len(looks) > 5
    assert not state.deletion_protection
    assert (state.subnet_group, state.security_groups) == zone.place()
    assert one.mark == "verify/orders/sa1-orders-20260302-0300"
    restore.discard(zone.cloud, one, PATIENCE_S)
    assert zone.instance(SCRATCH) is None
    restore.discard(zone.cloud, one, PATIENCE_S)


def test_a_name_that_bears_something_else_is_refused_and_left_alone(
    zone: Zone, source: Source
) -> None:
    one = scratch(zone, source, ORDERS)
    for verb in (
        lambda: restore.begin(zone.cloud, one),
        lambda: restore.discard(zone.cloud, one, PATIENCE_S),
    ):
        with pytest.raises(Refusal, match="nothing is overwritten"):
            verb()
    assert zone.instance(ORDERS).status == "available"


def test_any_moment_of_the_own_backups_holds_the_rows_of_that_moment(zone: Zone) -> None:
    before = zone.rows(ORDERS)
    for _ in range(3):
        zone.write(ORDERS)
        zone.world.clock.sleep(600)
    assert not own(zone).unusable
    one = scratch(zone, of_reach(own(zone), zone.now - timedelta(minutes=15)), "sa1-orders-moment")
    restore.begin(zone.cloud, one)
    restore.wait(zone.cloud, one, PATIENCE_S, lambda _: None)
    assert (zone.rows("sa1-orders-moment"), zone.rows(ORDERS)) == (before + 2, before + 3)


def test_waiting_ends_where_nothing_helps_and_where_patience_ends(
    zone: Zone, source: Source
) -> None:
    one = scratch(zone, source, "sa1-orders-stuck")
    restore.begin(zone.cloud, one)
    with pytest.raises(TemporaryError, match="run the same command again"):
        restore.wait(zone.cloud, one, 60.0, lambda _: None)
    zone.instance("sa1-orders-stuck").status = "incompatible-restore"
    with pytest.raises(PermanentError, match="no waiting ends that"):
        restore.wait(zone.cloud, one, 60.0, lambda _: None)
