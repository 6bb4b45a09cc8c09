"""Open runs as previews and pipelines need them: looked for in AWS, where anybody may look.

`cli.preview_command` asks for its own judgement; `holdfast failover open-runs` prints what the
policy pack reads from the environment in front of `pulumi preview`.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.project import project_root
from cli.surroundings import VARIABLE, clock_and_outside
from cli.zone_file import read_zone_file

if TYPE_CHECKING:
    from policy.frozen import OpenRun

_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    VARIABLE,
)
"""What says that somebody may be signed in; without any of it AWS is not asked at all."""

_WIDTH = 2


def look(
    zones: Sequence[str], environment: Mapping[str, str] | None = None
) -> "tuple[tuple[OpenRun, ...], tuple[str, ...]]":
    """Return the open runs of zones, and a sentence for each zone where nobody could look.

    What the last move of a zone still owes before a deployment is said on stderr.

    Raises:
        InvalidInput: a zone is not declared.
    """
    around = os.environ if environment is None else environment
    declared = {zone: read_zone_file(project_root(), zone) for zone in zones}
    if not any(around.get(name) for name in _CREDENTIALS):
        return (), tuple(_unseen(zone, "nobody is signed in") for zone in zones)
    from cloud.door import Cloud
    from cloud.workers import ThreadWorkers
    from failover import open_runs
    from policy.frozen import OpenRun

    clock, _ = clock_and_outside(around)
    cloud = Cloud(clock, ThreadWorkers(_WIDTH))
    seen = {zone: open_runs.look(cloud, zone, file.regions) for zone, file in declared.items()}
    runs = tuple(
        OpenRun(run.name, zone, run.entries[0].at.isoformat())
        for zone, found in seen.items()
        for run in found.runs
    )
    for zone, found in seen.items():
        if found.owing:
            sys.stderr.write(f"holdfast: {_owing(zone, found.owing)}\n")
    unseen = ((zone, found.unseen) for zone, found in seen.items() if not found.runs)
    return runs, tuple(_unseen(zone, why) for zone, why in unseen if why)


def _owing(zone: str, run: str) -> str:
    return (
        f"{run} moved {zone}, and the site that serves is not warranted: a deployment may lead "
        f"clients to the site that was left. Before it: holdfast reconcile {zone} --apply."
    )


def _unseen(zone: str, why: str) -> str:
    return (
        f"Whether a failover of {zone} is open was not seen ({why}). "
        f"Look before you deploy: holdfast failover status {zone}."
    )


def open_runs(
    zones: Annotated[
        list[str] | None, typer.Argument(metavar="[ZONE]...", help="All by default.")
    ] = None,
) -> ExitCode:
    """Print the open runs as JSON, for HOLDFAST_OPEN_RUNS in front of `pulumi preview`."""
    from cli.output import print_json
    from simulator.project import project

    runs, unseen = look(zones or project(project_root()).stack_names)
    for sentence in unseen:
        sys.stderr.write(f"holdfast: {sentence}\n")
    print_json([{"run": one.run, "zone": one.zone, "since": one.since} for one in runs])
    return ExitCode.FAILED if unseen else ExitCode.OK
