"""The events of an ECS service: what DescribeServices shows under `events`, newest first."""

from typing import Any

from moto.moto_api._internal import mock_random

from simulator.moto_time import utc
from simulator.world import current

KEPT = 100
"""API reference of Service: the response holds the last 100 events."""


def tell(service: Any, message: str) -> None:  # noqa: ANN401 - a moto ECS Service
    """Add an event to a service."""
    now = utc(current().clock.now())
    event = {"id": mock_random.uuid4(), "createdAt": now, "message": message}
    service.events = [event, *service.events][:KEPT]
