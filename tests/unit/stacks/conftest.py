"""Zones to declare, and what the program registers for them, without CLI or account."""

import copy
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.program import Outcome, run_program

PROJECT = Path(__file__).parents[3]
DIGEST = "sha256:" + "0123456789abcdef" * 4

SMALL: dict[str, Any] = {
    "kind": "production",
    "active": "home",
    "domain": "test.example.com",
    "approvers": 1,
    "timezone": "Europe/Lisbon",
    "window": {"start": "00:00", "end": "06:00"},
    "objectives": {"rto": "12h", "rpo": "24h"},
    "retention": {"daily": 5, "weekly": 4, "monthly": 3},
    "sites": {
        "home": {
            "region": "eu-west-2",
            "availability_zones": ["eu-west-2a", "eu-west-2b"],
            "cidr": "10.1.0.0/16",
            "incarnation": 1,
        },
        "away": {
            "region": "eu-west-1",
            "availability_zones": ["eu-west-1a", "eu-west-1b"],
            "cidr": "10.2.0.0/16",
            "incarnation": 1,
        },
    },
    "witness": {"region": "eu-central-1"},
    "hosting": {
        "image": DIGEST,
        "cpu": 512,
        "memory": 1024,
        "port": 8080,
        "serving": {"minimum": 2, "desired": 3, "maximum": 6},
        "standby": {"minimum": 1, "desired": 1, "maximum": 2},
    },
    "files": {"versions_days": 180, "file_system": True},
    "logs": {"platform": 60, "flow_logs": 30, "databases": 90, "backup": 180, "archive_days": 400},
    "databases": [
        {
            "name": name,
            "priority": priority,
            "engine_version": "16.4",
            "class": "db.r6g.large",
            "storage_gb": 100,
            "backup_days": 7,
        }
        for name, priority in (("orders", 1), ("order-lines", 2))
    ],
}
"""The smallest zone that shows everything: two databases, two availability zones."""


@pytest.fixture(scope="session")
def declare() -> Callable[[], dict[str, Any]]:
    """Return a new copy of the small zone, to be changed at will."""
    return lambda: copy.deepcopy(SMALL)


@pytest.fixture
def zone(declare: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return declare()


@functools.cache
def _preview(stack: str, active: str | None) -> Outcome:
    small = {**copy.deepcopy(SMALL), "active": active}
    config = {"holdfast:zone": small} if active else {}
    return run_program(PROJECT, stack, preview=True, config=config)


@pytest.fixture(scope="session")
def preview() -> Callable[..., Outcome]:
    """Return what a preview registers: a shipped zone as it is, or the small one with a role."""
    return lambda stack="ops", active=None: _preview(stack, active)


@pytest.fixture(scope="session")
def ledger(preview: Callable[..., Outcome]) -> Outcome:
    """The small zone, home serving."""
    return preview(active="home")


@pytest.fixture(scope="session")
def swapped(preview: Callable[..., Outcome]) -> Outcome:
    """The small zone, away serving."""
    return preview(active="away")
