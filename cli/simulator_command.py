"""`holdfast simulator`: the simulated AWS on a port of this machine, for other processes.

`cli.main` registers it. The world is `simulator.serving`; here it is only started, told about and
ended.
"""

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.project import project_root
from cli.simulator_text import as_text
from continuity.errors import PermanentError
from simulator.loopback import LOOPBACK, demand_loopback
from simulator.past import MOST_DAYS, Past, Snapshots

if TYPE_CHECKING:
    from simulator.invocations import Code
    from simulator.serving.hosted import HostedWorld
    from simulator.serving.people import People
    from simulator.world import World

PORT = 4766
SPEED = 60.0
PERSON = "operator"


Zones = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ZONE", help="The zone to deploy; repeatable. All production zones by default."
    ),
]
Host = Annotated[str, typer.Option(help="An address of this machine only.")]
Port = Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free one.")]
Speed = Annotated[
    float,
    typer.Option(min=0.1, max=600.0, metavar="N", help="Seconds of the world in a second of ours."),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="Of everything random.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        file_okay=False,
        help="Write the zones' recovery manifests here, ZONE.json.",
    ),
]
Nights = Annotated[
    int,
    typer.Option(
        min=0,
        max=MOST_DAYS,
        metavar="N",
        help="Let so many nights of backups lie behind the zones: what is left of them is there.",
    ),
]
Said = Annotated[Format, typer.Option("--format", help="Of what it says.")]


def simulator(  # noqa: PLR0913 - one parameter an option
    zone: Zones = None,
    *,
    host: Host = LOOPBACK,
    port: Port = PORT,
    speed: Speed = SPEED,
    seed: Seed = 1,
    manifests: Folder = None,
    nights: Nights = 0,
    output_format: Said = Format.TEXT,
) -> ExitCode:
    """Serve a simulated AWS with deployed zones on this machine, until Ctrl-C."""
    from drill.zones import choose, read_zones

    demand_loopback(host)
    project = project_root()
    zones = choose(read_zones(project), tuple(zone or ()))
    from cloud.system_clock import SystemClock
    from simulator.serving.hosted import HostedWorld

    past = Past(nights, Snapshots.NIGHTLY) if nights else Past()
    sys.stderr.write(f"holdfast: deploying {', '.join(zones)} into a simulated AWS ...\n")
    world = HostedWorld(seed, SystemClock(), speed, past, _functions)
    with world as hosted, suppress(KeyboardInterrupt):
        hosted.deploy(zones, project)
        people = {one: hosted.sign_in(one, PERSON).environment() for one in zones}
        if manifests is not None:
            _write_manifests(hosted, manifests)
        _serve(hosted, (host, port), people, output_format)
    return ExitCode.OK


def _functions(world: "World", people: "People") -> "Code":
    """Let the zones' functions run this program's own code."""
    from drill.functions import Functions

    return Functions(world, people.wire).run


def _serve(
    hosted: "HostedWorld",
    address: tuple[str, int],
    people: Mapping[str, Mapping[str, str]],
    output_format: Format,
) -> None:
    from drill.single_fault import read_fault
    from simulator.serving.server import serving

    try:
        with serving(hosted, read_fault, *address) as endpoint:
            _tell(endpoint, hosted.clock.speed, people, output_format)
            while not hosted.clock.wait_until_stopped(1.0):
                pass
    except OSError as error:
        where = f"{address[0]}:{address[1]}"
        raise PermanentError(
            f"The simulator cannot listen on {where}: {error}. Give another --port."
        ) from error


def _tell(
    endpoint: str, speed: float, people: Mapping[str, Mapping[str, str]], output_format: Format
) -> None:
    if output_format is Format.JSON:
        common = {"AWS_ENDPOINT_URL": endpoint, "HOLDFAST_SIMULATOR": endpoint}
        zones = [
            {"zone": zone, "environment": {**common, **signed}} for zone, signed in people.items()
        ]
        print_json({"endpoint": endpoint, "speed": speed, "zones": zones})
    else:
        sys.stdout.write(as_text(endpoint, speed, people))
    sys.stdout.flush()


def _write_manifests(hosted: "HostedWorld", folder: Path) -> None:
    from continuity import manifest_json

    folder.mkdir(parents=True, exist_ok=True)
    for zone, found in hosted.zones.items():
        (folder / f"{zone}.json").write_text(manifest_json.dump(found.manifest), "utf-8")
