"""The business continuity plan of a zone, as its program and the engine say it now.

`cli.plan_document_command` asks. The program runs into a simulated AWS: the manifest that comes out
is the one that a deployment exports, so that no second description of a zone is kept. Nothing that
only the simulation made up (accounts, generated ids) is told by the plan.
"""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from continuity import ledger
from continuity.errors import HoldfastError, InvalidInput, PermanentError
from drill.declared import declared
from failover.procedures import answers, limits, recoveries
from incident.plan.values import ContinuityPlan
from simulator.deployment import deploy
from simulator.project import stack_config
from simulator.world import World
from stacks.settings import KEY

_SEED = 1


def continuity_plans(project: Path, zones: Sequence[str]) -> list[ContinuityPlan]:
    """Return the plans of zones, in their order; made side by side, on as many cores as there are.

    Raises:
        InvalidInput: a program refuses its settings.
        PermanentError: a program does not run to its end; the sentence names the zone.
    """
    if len(zones) == 1:
        return [_one(project, zones[0])]
    width = min(len(zones), os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=width, mp_context=context) as pool:
        return list(pool.map(_one, [project] * len(zones), zones))


def _one(project: Path, zone: str) -> ContinuityPlan:
    """Return one zone's plan, in whichever process; only errors that travel leave it."""
    try:
        return continuity_plan(project, zone)
    except InvalidInput:
        raise
    except HoldfastError as error:
        raise PermanentError(f"{zone}: {error}") from error


def continuity_plan(project: Path, zone: str) -> ContinuityPlan:
    """Return the plan of a zone; the same code and config, the same plan.

    Raises:
        InvalidInput: there is no such zone, the program refuses its settings, or lines of the
            ledger of tests cannot be used.
        ProgramFailed: the program does not run to its end.
    """
    config = stack_config(project, zone)
    with World(_SEED) as world:
        manifest, state = deploy(world, zone, project)
    said = json.dumps(config.get(KEY), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return ContinuityPlan(
        manifest=manifest,
        declared=declared(state),
        answers=answers(manifest),
        recoveries=recoveries(manifest),
        limits=limits(),
        sources=((f"stacks/Pulumi.{zone}.yaml, its values, SHA-256", digest),),
        tests=tuple(one for one in _ledger(project) if one.zone == zone),
    )


def _ledger(project: Path) -> tuple[ledger.Exercise, ...]:
    path = project / ledger.PLACE
    return ledger.read(path.read_text("utf-8")) if path.exists() else ()
