"""`holdfast reconcile ZONE`: after a failover, let the program and its state agree with the world.

`cli.main` registers it. It shows a plan, proves it, and does it with --apply.
"""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes, opened
from cli.output import Format, print_json
from cli.project import project_root
from cli.reconcile_text import as_json, as_text, command_line
from cli.surroundings import VARIABLE, simulator_address
from continuity.errors import HoldfastError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.zone_session import ZoneSession
    from failover.settlement import Paid, Warm
    from reconcile.engine import Command
    from reconcile.operations import Operation


def reconcile(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    apply: Annotated[
        bool,
        typer.Option(
            "--apply",
            help="Write the stack's file and, where the Pulumi CLI is installed, tell its state.",
        ),
    ] = False,
    yes: Yes = False,
) -> ExitCode:
    """After a failover: write the new roles, and prove that a deployment touches no database."""
    if apply:
        demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from reconcile import stack_file
    from reconcile.act import Doing, answer
    from reconcile.look import look

    project = project_root()
    found = look(session.around, project)
    doing = Doing(project, engine_of(zone, os.environ) if apply else None, apply, _tell)
    warm = stack_file.standing_by(found.config)  # refused, if it is, before anything is written
    answered = answer(found, doing)
    paid = _settled(session, warm, apply=apply and not answered.unexpected)
    if output_format is Format.JSON:
        print_json(as_json(answered, paid))
    else:
        sys.stdout.write(as_text(answered, paid))
    failed = answered.unexpected or (apply and paid.due)
    return ExitCode.FAILED if failed else ExitCode.OK


def _settled(session: "ZoneSession", warm: "Warm", *, apply: bool) -> "Paid":
    """Say what the last move of the zone owes, and pay it where that is asked."""
    from failover import settlement

    try:
        found = settlement.look(session.cloud, session.around)
        if found is None:
            return settlement.Paid()
        move, around = found
        if apply:
            return settlement.settle(move, around, session.arn, warm)
    except HoldfastError as error:
        return settlement.Paid(due=(f"Not known what the last move owes: {error}",))
    return settlement.Paid(due=move.owed)


def engine_of(zone: str, environment: "Mapping[str, str]") -> "Command | None":
    """Return the Pulumi CLI, or the engine of a served world; None where there is neither.

    Raises:
        InvalidInput: the environment mixes a simulated world with the real one.
    """
    from reconcile.engine import installed
    from reconcile.remote_engine import RemoteEngine

    if not environment.get(VARIABLE):
        return installed()
    return RemoteEngine(*simulator_address(environment), zone)


def _tell(zone: str, operation: "Operation") -> None:
    sys.stderr.write(f"holdfast: {command_line(zone, operation)}\n")
