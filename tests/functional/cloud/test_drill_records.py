"""A drill that is written down is found again, and takes the place of the one before."""

from datetime import UTC, datetime

import pytest

from cloud import drills
from cloud.door import Door
from cloud.drills import LastDrill

pytestmark = pytest.mark.usefixtures("tables")
FIRST = LastDrill(datetime(2026, 3, 3, 9, tzinfo=UTC), "region-loss", 485.5, "arn:ana")


def test_none_was_ever_written_down(door: Door) -> None:
    assert drills.last(door, "lease") is None


def test_the_last_one_is_found_again(door: Door) -> None:
    drills.record(door, "lease", FIRST)
    assert drills.last(door, "lease") == FIRST
    was = {"databases": "a1", "names": "b2"}
    later = LastDrill(datetime(2026, 9, 3, 9, tzinfo=UTC), "denied", 60.0, "arn:ben", was)
    drills.record(door, "lease", later)
    assert drills.last(door, "lease") == later
