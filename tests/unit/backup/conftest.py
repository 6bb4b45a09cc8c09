"""Recovery points as values: what a catalogue would hold, without AWS."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup.keep import Terms
from backup.points import Catalogue, Kind, Point, Series, Store
from continuity.zone import Retention

NOW = datetime(2026, 3, 3, 5, tzinfo=UTC)
HOME, AWAY = "eu-west-1", "eu-central-1"
ORDERS = Series("we1", "orders", Kind.DATABASE)


def point_at(taken_at: datetime | None, region: str = HOME, **more: Any) -> Point:  # noqa: ANN401 - any field
    day = f"{taken_at:%Y-%m-%d}" if taken_at else "none"
    name = more.pop("identifier", f"we1-orders-{day}")
    found = {
        "series": ORDERS,
        "region": region,
        "store": Store.SNAPSHOT,
        "identifier": name,
        "arn": f"arn:aws:rds:{region}:123456789012:snapshot:{name}",
        "status": "available",
        "taken_at": taken_at,
        "day": day,
    }
    return Point(**{**found, **more})


def nights(count: int, region: str = HOME, **more: Any) -> list[Point]:  # noqa: ANN401 - any field
    newest = NOW.replace(hour=2)
    return [point_at(newest - timedelta(days=day), region, **more) for day in range(count)]


def catalogue_of(*points: Point, **more: Any) -> Catalogue:  # noqa: ANN401 - any field
    return Catalogue(
        **{"zone": "we1", "at": NOW, "regions": (AWAY, HOME), "points": points, **more}
    )


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def point() -> Callable[..., Point]:
    return point_at


@pytest.fixture
def shelf() -> Callable[..., list[Point]]:
    """Return so many nightly points, the newest of three hours ago first."""
    return nights


@pytest.fixture
def catalogue() -> Callable[..., Catalogue]:
    return catalogue_of


@pytest.fixture
def terms() -> Terms:
    return Terms(Retention(5, 4, 3), "Europe/Lisbon", timedelta(hours=24), capped=False)
