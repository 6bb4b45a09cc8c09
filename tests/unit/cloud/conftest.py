"""Virtual time, and the same examples every time."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from simulator.clock import VirtualClock

settings.register_profile("same every time", derandomize=True, database=None, deadline=None)
settings.load_profile("same every time")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))
