"""Storage that is restored and not yet there: blocks come from S3 when somebody asks for them.

`corrections.rds_restores` begins it, describe shows it (`StorageOperationStatus`), and
`simulator.platform` serves slower until it is over.

Sources: DBInstance API reference (`Initializing`: "performance can be lower than provisioned until
initialization completes"); RDS guide, "lazy loading" in the background. Assumptions: how long it
takes (`Takes.LOAD_STORAGE`), that progress is even, and `SLOWER_S`.
"""

from dataclasses import dataclass
from typing import Any

from simulator import lifecycle
from simulator.timings import Takes
from simulator.world import current

INITIALIZING = "Initializing"

SLOWER_S = (0.3, 2.5)
"""How much longer a request takes whose blocks are not there yet. Assumption: S3 instead of EBS."""

Instance = Any
"""A moto `DBInstance`; moto is untyped here."""


@dataclass(frozen=True)
class _Loading:
    """From the call on: the restore itself, and `whole_s` in all until every block is there."""

    began_s: float
    whole_s: float


def begin(instance: Instance) -> None:
    """Let the storage of a restored instance load; it starts when the instance is called for."""
    world = current()
    if world.instant:
        return
    seconds = lifecycle.draw(instance, Takes.LOAD_STORAGE)
    instance._holdfast_loading = _Loading(world.faults.up_s(instance.region), seconds)


def progress(instance: Instance) -> int | None:
    """Return how much of the storage is there, in percent; None if nothing loads."""
    loading: _Loading | None = getattr(instance, "_holdfast_loading", None)
    if loading is None or instance.status == "creating":
        return None
    passed = current().faults.up_s(instance.region) - loading.began_s
    return int(100 * passed / loading.whole_s) if passed < loading.whole_s else None


def status(instance: Instance) -> str | None:
    """Return what describe shows of an operation on the storage; None if there is none."""
    return None if progress(instance) is None else INITIALIZING
