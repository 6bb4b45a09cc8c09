from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import pytest

from continuity.errors import TemporaryError
from continuity.journal import EntryKind
from continuity.manifest import Manifest
from failover.case import SourceKind
from failover.observation import Instance
from failover.run import Run
from reconcile.observed import observed

if TYPE_CHECKING:
    from failover.ports import Sight

Play = Callable[..., Run]
ORDERS = "we1-orders-away-1"


@dataclass
class FakeSight:
    """Shows instances, and remembers which were asked for."""

    there: Mapping[str, Instance]
    asked: Sequence[str] = ()

    def instances(self, identifiers: Sequence[str]) -> Mapping[str, Instance]:
        self.asked = identifiers
        return {name: self.there[name] for name in identifiers if name in self.there}


@pytest.fixture
def begun(played: Play) -> Run:
    """A run that was aborted after it had asked for the promotion of one database."""
    run = played("aborted", opened=False, orders=("replica", ORDERS, ""))
    return replace(run, entries=tuple(one for one in run.entries if one.kind is not EntryKind.DONE))


def look(run: Run, manifest: Manifest, scenery: ModuleType, **changes: Any) -> Any:  # noqa: ANN401 - a place
    shown = replace(scenery.FakeInstance().seen(0.0), **changes)
    return observed(run, manifest, cast("Sight", FakeSight({ORDERS: shown})))


def test_what_was_promoted_after_the_abort_is_found(
    begun: Run, manifest: Manifest, scenery: ModuleType
) -> None:
    found = look(begun, manifest, scenery, source=None)
    assert [(name, place.source) for name, place in found.items()] == [
        ("orders", SourceKind.REPLICA)
    ]


def test_what_still_follows_is_as_it_was(
    begun: Run, manifest: Manifest, scenery: ModuleType
) -> None:
    assert look(begun, manifest, scenery, source="arn:primary") == {}


def test_what_the_run_restored_is_found_by_its_mark(
    begun: Run, manifest: Manifest, scenery: ModuleType
) -> None:
    mark = "we1-0001/restore-orders-snapshot"
    found = look(begun, manifest, scenery, source=None, restored_by=mark)
    assert found["orders"].source is SourceKind.SNAPSHOT


def test_what_is_not_over_yet_is_waited_for(
    begun: Run, manifest: Manifest, scenery: ModuleType
) -> None:
    with pytest.raises(TemporaryError, match="we1-orders-away-1 is still modifying"):
        look(begun, manifest, scenery, status="modifying")


def test_where_the_journal_says_all_nobody_is_asked(played: Play, manifest: Manifest) -> None:
    sight = FakeSight({})
    done = played("recovered", opened=True, orders=("replica", ORDERS, ""))
    assert observed(done, manifest, cast("Sight", sight)) == {}
    assert sight.asked == ()
