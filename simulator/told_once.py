"""What a program once told a fresh world, told to the next one like it without running it again.

`simulator.deployment` calls `run`. A seed gives one history: the same files and values in a fresh
world of the same seed register the same resources in the same order. Each is created again by its
handler, through all its calls to AWS, and has to come out as it did; only Pulumi's own part is
spared, which takes most of the time. Whoever deploys one zone again and again in one process has
the benefit: cuts of a recovery, kindred scenarios, tests. Nothing outlives the process.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moto.moto_api._internal import mock_random

from continuity.errors import PermanentError
from simulator.program import Outcome, collecting_nothing, run_program
from simulator.project import project, stack_config
from simulator.resources.table import HANDLERS
from simulator.state import StackState
from simulator.updating import StackUpdate
from simulator.world import World

_MOST = 12
"""Histories that are kept."""

_READ = frozenset({".css", ".j2", ".py", ".toml", ".txt", ".yaml"})
"""Files of a project that its program may read: modules, and the code that it hands to AWS."""

_Key = tuple[object, ...]


@dataclass(frozen=True)
class _Told:
    """What came of a run, and the chance that it left to the world."""

    outcome: Outcome
    chance: tuple[Any, Any]


_told: dict[_Key, _Told] = {}


def run(world: World, folder: Path, stack: str, config: Mapping[str, object]) -> Outcome:
    """Run a program that has no state yet, or do again what it did; errors as of `run_program`."""
    key = _key(world, folder, stack, config)
    if key in _told:
        with collecting_nothing():
            return _again(_told[key])
    outcome = run_program(folder, stack, config=config)
    if len(_told) >= _MOST:
        del _told[next(iter(_told))]
    _told[key] = _Told(outcome, _chance())
    return outcome


def forget() -> None:
    """Let every program run again: for whoever wants to see two runs."""
    _told.clear()


def _again(told: _Told) -> Outcome:
    update = StackUpdate(StackState(), HANDLERS, preview=False)
    for resource in told.outcome.resources:
        made = update.register(replace(resource, id="", outputs={}))
        if made != resource:
            raise PermanentError(
                f"{resource.urn} came out otherwise than in the same world before: "
                "something besides its program and its seed decides over it."
            )
    random.setstate(told.chance[0])
    mock_random.setstate(told.chance[1])
    return replace(told.outcome, changes=tuple(update.changes), state=update.state)


def _key(world: World, folder: Path, stack: str, config: Mapping[str, object]) -> _Key:
    """Return all that a first run depends on: the world as it is, settings, files."""
    values = repr(sorted({**stack_config(folder, stack), **config}.items()))
    fresh = world.seed, world.corrected, world.clock.now(), _chance()
    return *fresh, stack, values, _files(project(folder).main.resolve())


def _chance() -> tuple[Any, Any]:
    """Return where the streams are that everybody draws from: any call to AWS moves them."""
    return random.getstate(), mock_random.getstate()


def _files(main: Path) -> _Key:
    """Return the project's files by name, size and time of their last change."""
    packages = sorted(found.parent for found in main.glob("*/__init__.py"))
    nested = [path for package in packages for path in sorted(package.rglob("*"))]
    told = [
        (path, path.stat())
        for path in (*sorted(main.glob("*.py")), *nested)
        if path.suffix in _READ
    ]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in told)
