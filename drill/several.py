"""One scenario in several zones: side by side, on as many processor cores as there are.

`cli.drill_command` calls it. A zone is a world of its own, so zones share nothing but the
watcher; verdicts come back in the order of the zones, whichever was first.
"""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from continuity.errors import HoldfastError, InvalidInput, PermanentError, Refusal
from drill.moments import passed_on
from drill.progress import Watch
from drill.scenario import Scenario
from drill.verdict import Verdict


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
    with (
        passed_on(context, watch) as put,
        ProcessPoolExecutor(max_workers=width, mp_context=context) as pool,
    ):
        started = [pool.submit(_one, scenario, zone, project, seed, put) for zone in zones]
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
