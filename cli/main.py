"""The door for people: `holdfast COMMAND`. No rule lives here.

The console script calls `main`. One file per command; each imports what it needs only when it
runs, so that help and usage errors answer at once and touch no AWS library.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from cli import logs
from cli.backup_command import backup
from cli.boundary import guarded
from cli.change_command import change
from cli.check_command import check
from cli.drill_command import drill
from cli.failover_command import failover
from cli.incident_command import incident
from cli.maintenance_command import maintenance
from cli.plan_document_command import plan_document
from cli.preview_command import preview
from cli.reconcile_command import reconcile
from cli.simulator_command import simulator
from cli.year_command import DrillOrYear

app = typer.Typer(
    name="holdfast",
    help="Business continuity as code, on AWS: declare it, execute it, measure it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(backup, name="backup")
app.add_typer(change, name="change")
app.command(name="check")(check)
app.command(name="drill", cls=DrillOrYear)(drill)
app.command(name="plan-document")(plan_document)
app.command(name="preview")(preview)
app.add_typer(failover, name="failover")
app.add_typer(incident, name="incident")
app.add_typer(maintenance, name="maintenance")
app.command(name="reconcile")(reconcile)
app.command(name="simulator")(simulator)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    logs.set_up()
    command = typer.main.get_command(app)
    return guarded(
        lambda: command.main(args=given, prog_name="holdfast", standalone_mode=False), given
    )


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"holdfast {version('holdfast')}\n")
        raise typer.Exit


@app.callback()
def _holdfast(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    del show_version
