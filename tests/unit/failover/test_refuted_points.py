"""A point that a trial found wrong is the last choice, and not taken without a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from continuity.restorable import RecoveryPoints
from failover.case import SourceKind
from failover.observation import Reading
from failover.sources import restore

if TYPE_CHECKING:
    from collections.abc import Callable

    from continuity.restorable import Restorable
    from failover.observation import Observation
    from failover.sources import Source
    from tests.unit.failover.conftest import FakeZone

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def newest(zone: FakeZone) -> Restorable:
    return replace(zone.snapshot("orders"), name="newest", refuted="2026-03-02 some")


def taken(picture: Callable[..., Observation], *points: Restorable) -> Source:
    found = RecoveryPoints(points, {"key": "Enabled"})
    seen = picture(recovery_points=Reading(NOW, found, None))
    orders = next(one for one in seen.manifest.databases if one.name == "orders")
    return restore(seen, orders, SourceKind.SNAPSHOT, None)


def test_an_older_point_goes_before_a_refuted_one(
    picture: Callable[..., Observation], newest: Restorable
) -> None:
    assert newest.newest is not None
    moment = newest.newest - timedelta(minutes=1)
    older = replace(newest, name="older", refuted="", oldest=moment, newest=moment)
    assert taken(picture, newest, older).name == "older"


def test_a_refuted_point_is_the_last_resort_and_a_person_accepts_it(
    picture: Callable[..., Observation], newest: Restorable
) -> None:
    source = taken(picture, newest)
    assert (source.name, source.possible, source.allowed) == ("newest", True, False)
    assert source.objection == "it was tried and its content is wrong (2026-03-02 some)"
