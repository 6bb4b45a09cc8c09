"""For how long a capture asks a busy instance: never so long that the night's numbers are lost."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from backup import capture
from backup.capture_plan import CapturePlan
from backup.window_days import WindowDay

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
CLOSES = NOW + timedelta(hours=4)


def plan(closes: datetime) -> CapturePlan:
    day = WindowDay(date(2026, 3, 3), closes)
    return CapturePlan(day, (), {}, {}, {})


def cloud(left_s: float) -> Any:  # noqa: ANN401 - only what a capture asks for its time
    clock = SimpleNamespace(now=lambda: NOW, monotonic=lambda: 1000.0)
    return SimpleNamespace(clock=clock, until=1000.0 + left_s)


@pytest.mark.parametrize(
    ("left_s", "closes", "waited_s"),
    [
        (float("inf"), CLOSES, 4 * 3600),
        (540.0, CLOSES, 540.0 - capture.SPARE_S),
        (float("inf"), NOW - timedelta(hours=1), 1800),
        (10.0, CLOSES, 10.0 - capture.SPARE_S),
    ],
)
def test_a_busy_instance_is_asked_until_the_window_closes_or_time_is_nearly_up(
    left_s: float, closes: datetime, waited_s: float
) -> None:
    until = capture.patience(plan(closes), cloud(left_s))
    assert (until - NOW).total_seconds() == waited_s
