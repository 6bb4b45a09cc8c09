"""Restores take hours and load their data lazily: neither ends a run early, both are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from failover.case import SourceKind
from failover.observation import Instance, Reading
from failover.steps.restore import Turn, restore

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.manifest import Manifest
    from failover.observation import Observation
    from failover.step import Step

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NAME = "we1-orders-away-1"
THERE = Instance("available", None, 7, "03:00-04:00", True, "we1-away", True)
KINDS = (SourceKind.POINT_IN_TIME, SourceKind.SNAPSHOT)
WAITER_S = 1800.0
"""When boto3's `db_instance_available` gives up: 60 looks, half a minute apart."""


@pytest.fixture
def step(manifest_of: Callable[..., Manifest]) -> Callable[..., Step]:
    def make(kind: SourceKind, storage_gb: int = 20) -> Step:
        manifest = manifest_of()
        orders = next(one for one in manifest.databases if one.name == "orders")
        return restore(manifest, replace(orders, storage_gb=storage_gb), kind, Turn(frozenset()))

    return make


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("storage_gb", [20, 1_000, 16_000])
def test_no_restore_is_given_up_when_a_waiter_would(
    step: Callable[..., Step], kind: SourceKind, storage_gb: int
) -> None:
    made = step(kind, storage_gb)
    assert made.deadline_s >= max(4 * WAITER_S, 4 * made.estimate.seconds)


@pytest.mark.parametrize("kind", KINDS)
def test_that_storage_still_loads_is_said_with_how_far_it_is(
    step: Callable[..., Step], picture: Callable[..., Observation], kind: SourceKind
) -> None:
    mine = f"we1-0001/{step(kind).name}"
    loading = replace(THERE, storage_operation="Initializing 12 %", restored_by=mine)
    told = step(kind).report(picture(instances=Reading(NOW, {NAME: loading}, None)))
    assert "(Initializing 12 %): the first queries are slow." in told
    silent = step(kind).report(picture(instances=Reading(NOW, {NAME: THERE}, None)))
    assert "read from S3 on first touch: the first queries are slow." in silent
