"""A verification reads the evidence once, and again what it changed or what others may have."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from backup import evidence_known
from backup.evidence_known import Known
from backup.points import Kind, Series

DOOR: Any = object()
ORDERS, FILES = Series("we1", "orders", Kind.DATABASE), Series("we1", "home-public", Kind.FILES)


@dataclass
class Store:
    """What lies in the table, and which series were read, in order."""

    items: dict[Series, tuple[Any, ...]] = field(default_factory=dict)
    asked: list[list[Series]] = field(default_factory=list)

    def read(self, _door: object, _table: str, series: list[Series]) -> dict[Series, Any]:
        self.asked.append(list(series))
        return {one: self.items[one] for one in series if one in self.items}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    found = Store({ORDERS: ("monday",)})
    monkeypatch.setattr(evidence_known.evidence_store, "read", found.read)
    return found


def test_what_was_read_is_not_read_again_not_even_that_there_is_none(store: Store) -> None:
    known, door = Known(), DOOR
    for _ in range(3):
        assert known.of(door, "lease", [ORDERS, FILES]) == {ORDERS: ("monday",)}
    assert store.asked == [[ORDERS, FILES]]


def test_what_was_forgotten_is_read_alone_as_it_is_now(store: Store) -> None:
    known, door = Known(), DOOR
    known.of(door, "lease", [ORDERS, FILES])
    store.items = {ORDERS: ("monday", "sunday"), FILES: ("sunday",)}
    known.forget([FILES])
    assert known.of(door, "lease", [ORDERS, FILES]) == {ORDERS: ("monday",), FILES: ("sunday",)}
    assert store.asked[1:] == [[FILES]]
