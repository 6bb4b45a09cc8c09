"""Nights of backups on the simulated AWS, cut before and behind every single change: one end state.

`make faults` runs it. Capture, copy and prune die at one change in each play; the next runs take
over until nothing is left to give up. One line a cut that ends differently, then a verdict; 1 if
any does. `--nights` says how full the shelves are: what is given up, and in how many runs, depends
on it. `tests/functional/backup/test_killed_duties.py` cuts one night everywhere in every run of the
tests, `bench/every_cut.py` does the same to a recovery.
"""

import argparse
import importlib.util
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any
from unittest import mock

from backup import nightly
from backup.prune import Fate
from cloud.door import Door

HOME, AWAY = "eu-west-1", "eu-central-1"
NIGHTS = (3, 8, 16, 30)
HOUR_S = 3600.0
MOST_RUNS = 12
"""A run gives up a quarter of a shelf at most: this is more than enough for any of these."""

WORLDS = Path(__file__).resolve().parent.parent / "tests" / "functional" / "backup" / "conftest.py"


class Killed(BaseException):
    """The run is gone: no handler of ours may see it."""


@dataclass(frozen=True)
class Cut:
    """At which change a run dies, before or behind it; 0 for never."""

    nights: int
    number: int = 0
    behind: bool = True

    def __str__(self) -> str:
        where = "behind" if self.behind else "before"
        return f"{where} change {self.number} with {self.nights} nights"


@dataclass(frozen=True)
class End:
    """What lies on the shelves at the end, by region and name, and the changes of the first run."""

    state: frozenset[tuple[str, str, str]]
    changes: tuple[str, ...]


def main() -> int:
    """Play every cut; 1 if any ends differently from the night that nobody cut."""
    asked = argparse.ArgumentParser(description="Cut nights of backups at every change.")
    asked.add_argument("--nights", type=int, nargs="+", default=NIGHTS, metavar="N")
    asked.add_argument(
        "--processes", type=int, default=None, help="as many as there are processors"
    )
    given = asked.parse_args()
    began, bad, played = perf_counter(), 0, 0
    with ProcessPoolExecutor(given.processes) as pool:
        clean = dict(zip(given.nights, pool.map(play, map(Cut, given.nights)), strict=True))
        cuts = [
            Cut(nights, number, behind)
            for nights, end in clean.items()
            for number in range(1, len(end.changes) + 1)
            for behind in (False, True)
        ]
        for cut, end in zip(cuts, pool.map(play, cuts), strict=True):
            played += 1
            if end.state != clean[cut.nights].state:
                bad += 1
                _say(f"{cut}: {_against(clean[cut.nights], cut, end)}")
    verdict = f"{bad} END DIFFERENTLY" if bad else "every one ends the same"
    _say(f"{played} cuts of nights in {perf_counter() - began:.0f} s: {verdict}")
    return 1 if bad else 0


def play(cut: Cut) -> End:
    """Let one night be cut and gone on with, in a world of its own."""
    changes: list[str] = []
    entered = _worlds().entered_zone()
    zone = next(entered)
    for region in (HOME, AWAY):
        zone.history("orders", cut.nights, region)
    try:
        with _cutting(cut, changes):
            _night(zone)
    except Killed:
        zone.world.clock.sleep(HOUR_S)
    first = tuple(changes)
    _night(zone)
    _give_up(zone)
    state = frozenset(
        (region, name, one.status)
        for region in (HOME, AWAY)
        for name, one in zone.snapshots(region).items()
        if not name.startswith("rds:")
    )
    entered.close()
    return End(state, first)


def _night(zone: Any) -> None:  # noqa: ANN401 - the tests' own
    nightly.capture_and_copy(zone.cloud, zone.manifest)
    zone.world.clock.sleep(HOUR_S)
    nightly.capture_and_copy(zone.cloud, zone.manifest)
    zone.world.clock.sleep(2 * HOUR_S)
    nightly.give_up(zone.cloud, zone.manifest)


def _give_up(zone: Any) -> None:  # noqa: ANN401 - as above
    """Prune until nothing is left to give up."""
    for _ in range(MOST_RUNS):
        done = nightly.give_up(zone.cloud, zone.manifest)
        if not any(one.sentence.startswith(Fate.DELETED) for one in done):
            return


@contextmanager
def _cutting(cut: Cut, changes: list[str]) -> Iterator[None]:
    """Let the process die at a change while the block lasts; note the changes."""
    change = Door.change

    def cutting(door: Door, service: str, operation: str, /, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        changes.append(operation)
        mine = len(changes) == cut.number
        if mine and not cut.behind:
            raise Killed
        reply = change(door, service, operation, **arguments)
        if mine:
            raise Killed
        return reply

    with mock.patch.object(Door, "change", cutting):
        yield


def _against(clean: End, cut: Cut, end: End) -> str:
    lost, extra = sorted(clean.state - end.state), sorted(end.state - clean.state)
    what = clean.changes[cut.number - 1]
    return f"{what}: lacks {lost or 'nothing'}, has {extra or 'nothing'} too many"


@cache
def _worlds() -> ModuleType:
    """Return the tests' worlds, which belong to no package."""
    spec = importlib.util.spec_from_file_location("worlds", WORLDS)
    if spec is None or spec.loader is None:
        raise ImportError(f"{WORLDS} is no module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
