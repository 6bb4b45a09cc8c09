"""One scenario in several zones: side by side, on as many processor cores as there are.

`cli.drill_command` calls it. A zone is a world of its own, so zones share nothing but the
watcher; verdicts come back in the order of the zones, whichever was first.
"""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from continuity.errors import HoldfastError, InvalidInput, PermanentError, Refusal
from drill.progress import Moment, Watch
from drill.scenario import Scenario
from drill.verdict import Verdict


class _Moments(Protocol):
    """The part of a queue that is used here, whichever process it lives in."""

    def put(self, item: Moment | None) -> None: ...

    def get(self) -> Moment | None: ...


def run_all(
    scenario: Scenario, zones: Sequence[str], project: Path, seed: int, watch: Watch
) -> list[Verdict]:
    """Drill every zone and return the verdicts in the order of the zones.

    Raises:
        InvalidInput: anything that can be told before a zone is deployed, for all zones at once.
    """
    from drill.preflight import preflight

    preflight(scenario, zones, project)
    if len(zones) == 1:
        return [_one(scenario, zones[0], project, seed, watch)]
    # Fresh processes: forking one with threads (the live table) may copy a held lock.
    context = multiprocessing.get_context("spawn")
    width = min(len(zones), os.cpu_count() or 1)
    with context.Manager() as manager:
        moments: _Moments = manager.Queue()
        with (
            _passing_on(moments, watch),
            ProcessPoolExecutor(max_workers=width, mp_context=context) as pool,
        ):
            started = [
                pool.submit(_one, scenario, zone, project, seed, moments.put) for zone in zones
            ]
            return [future.result() for future in started]


def _one(scenario: Scenario, zone: str, project: Path, seed: int, watch: Watch) -> Verdict:
    """Drill one zone, in whichever process; only errors that travel leave it."""
    from drill.run import run

    try:
        return run(scenario, zone, seed, watch, project=project)
    except (InvalidInput, Refusal):
        raise
    except HoldfastError as error:
        raise PermanentError(f"{zone}: {error}") from error


@contextmanager
def _passing_on(moments: _Moments, watch: Watch) -> Iterator[None]:
    """Hand what the processes tell to the watcher until the block ends."""

    def pass_on() -> None:
        while (moment := moments.get()) is not None:
            watch(moment)

    thread = threading.Thread(target=pass_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        moments.put(None)
        thread.join()
