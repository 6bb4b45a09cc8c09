"""Deploys a zone into the simulated world by running its Pulumi program for real.

Drills, the simulator's server and functional tests call `deploy`; what they get back is what an
operator has after `pulumi up`: resources that exist, and the recovery manifest.
"""

from collections.abc import Mapping
from pathlib import Path

from continuity import manifest_json
from continuity.errors import PermanentError
from continuity.manifest import Manifest
from simulator import told_once
from simulator.program import run_program
from simulator.state import StackState
from simulator.values import reveal
from simulator.world import World

_EXPORT = "manifest"


def deploy(
    world: World, zone: str, project_dir: Path, state: StackState | None = None
) -> tuple[Manifest, StackState]:
    """Deploy a zone in no virtual time, over what `state` says is there already.

    Raises:
        InvalidInput: the zone is unknown, or the program refuses its settings.
        ProgramFailed: a resource could not be made; names every error.
    """
    return deploy_config(world, zone, project_dir, {}, state)


def deploy_config(
    world: World,
    zone: str,
    project_dir: Path,
    config: Mapping[str, object],
    state: StackState | None = None,
) -> tuple[Manifest, StackState]:
    """Deploy a zone with other values than its stack's file has; errors as of `deploy`."""
    with world.instantly():
        outcome = (
            told_once.run(world, project_dir, zone, config)
            if state is None
            else run_program(project_dir, zone, state=state, config=config)
        )
    exported = reveal(outcome.exports.get(_EXPORT))
    if not isinstance(exported, str):
        raise PermanentError(f"The program of {zone} exports no {_EXPORT}.")
    return manifest_json.load(exported, zone), outcome.state
