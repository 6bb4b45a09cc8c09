"""Of how much room for snapshots a night tells the alarm: of a hold's end, or of a full quota."""

from datetime import timedelta

import pytest

from backup.burden import Burden
from backup.vigil import numbers
from continuity import backup_metrics


def told(days: float, *, calm: bool) -> float:
    cost = Burden(timedelta(), 0, 0, 0.0, room={"eu-west-1": days, "eu-central-1": 90.0})
    found = {one.name: one.value for one in numbers("we1", cost, calm=calm)}
    return found[backup_metrics.SNAPSHOT_ROOM_DAYS]


@pytest.mark.parametrize("days", [0.0, 2.0, 8.0, 30.0])
def test_under_a_hold_the_room_of_the_fuller_region_is_told_as_it_is(days: float) -> None:
    assert told(days, calm=False) == days


@pytest.mark.parametrize(
    ("days", "wanted"),
    [(8.0, backup_metrics.MANY_DAYS), (3.0, backup_metrics.MANY_DAYS), (2.0, 2.0)],
)
def test_a_calm_zone_is_told_of_only_where_a_hold_would_find_no_room(
    days: float, wanted: float
) -> None:
    assert told(days, calm=True) == wanted
    assert told(2.0, calm=True) < backup_metrics.FEW_DAYS
