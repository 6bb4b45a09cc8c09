"""A manifest of a small zone, and journals of runs that ended in every way."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from continuity.journal import Entry, EntryKind, Fact
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.case import SourceKind
from failover.fallback import source_name
from failover.run import Run
from reconcile.role_data import RoleData

SCENERY = Path(__file__).parents[1] / "failover" / "failover_scenery.py"
AT = datetime(2026, 3, 3, 9, tzinfo=UTC)

Back = tuple[str, str, str]
"""A database that came back: from which kind of source, as which instance, beside which."""


@pytest.fixture(scope="session")
def scenery() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("scenery_for_reconcile", SCENERY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def manifest(scenery: ModuleType) -> Manifest:
    found: Manifest = scenery.make_manifest(("orders", "billing", "files"))
    return found


def entry(kind: EntryKind, step: str | None = None, **data: Fact) -> Entry:
    return Entry(0, AT, kind, "As it happened.", step, data)


def journal(outcome: str | None, *, opened: bool, **back: Back) -> Run:
    """Return a run in which databases came back, and which opened away or did not."""
    entries: list[Entry] = []
    for name, (kind, identifier, beside) in back.items():
        step = source_name(name, SourceKind(kind))
        told = {"database": name, "source": kind, "identifier": identifier, "beside": beside}
        made = {"resource": f"db-{name.upper()}", "address": f"{identifier}.rds"}
        entries += [
            entry(EntryKind.INTENT, step, **told),
            entry(EntryKind.DONE, step, **told, **made),
        ]
    if opened:
        entries.append(entry(EntryKind.DONE, "open-away"))
    if outcome == "aborted":
        entries.append(entry(EntryKind.ABORTED))
    elif outcome is not None:
        entries.append(entry(EntryKind.FINISHED, outcome=outcome))
    return Run("we1-0001", tuple(entries))


@pytest.fixture
def played() -> Callable[..., Run]:
    return journal


@pytest.fixture
def now() -> RoleData:
    """The data as it is before the run's consequences are written."""
    return RoleData("we1", SiteName.HOME, dict.fromkeys(SiteName, 1), "eu-central-1")
