"""`holdfast failover plan`, `status` and `history`: they look, and change nothing.

`cli.failover_command` registers them.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_follow import follow_run
from cli.failover_json import achieved_json, outlook_json, standing_json
from cli.failover_options import Answer, ManifestFile, Reason, Zone, opened
from cli.failover_planned import against
from cli.failover_report import write
from cli.failover_said import Corrupted, SinceOption, corrupted_of, since_of
from cli.failover_text import history_text, outlook_text, standing_text
from cli.output import Format, print_json
from cli.report_file import report_file
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from failover.diagnose import Diagnosis


def plan(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    diagnosis: Annotated[
        str | None,
        typer.Option(metavar="DIAGNOSIS", help="Of what to recover, instead of 'region lost'."),
    ] = None,
    since: SinceOption = None,
    corrupted: Corrupted = None,
    reason: Reason = None,
) -> ExitCode:
    """Show what a failover of the zone would do now, and what stands against it."""
    session = opened(zone, manifest)
    from failover.options import Options
    from failover.outlook import look_ahead
    from failover.static_stability import demand

    options = Options(
        declared=corrupted_of(session, corrupted, reason), since=since_of(session, since, reason)
    )
    found = look_ahead(session.around, options, _diagnosis(diagnosis))
    demand(found.plan, session.around.manifest)
    if found.plan.planned:
        found = found.also(against(session))
    if output_format is Format.JSON:
        print_json({**outlook_json(found), "manifest": session.found.source})
    else:
        sys.stdout.write(outlook_text(found))
    return ExitCode.OK if found.meets_objectives else ExitCode.OBJECTIVE_MISSED


def _diagnosis(text: str | None) -> "Diagnosis":
    from failover.diagnose import Diagnosis

    if text is None:
        return Diagnosis.REGION_LOST
    known = {str(each): each for each in Diagnosis}
    wanted = text.replace("-", " ")
    if wanted not in known:
        message = f"there is no {text!r}; diagnoses are {', '.join(map(repr, known))}"
        raise InvalidInput("The command", [Problem("--diagnosis", message)])
    return known[wanted]


def status(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on until the run ends; with JSON, a line a change.")
    ] = False,
) -> ExitCode:
    """Show the open or the last run: steps, time left, what it waits for, and what you must do."""
    session = opened(zone, manifest)
    if follow:
        return follow_run(session, output_format)
    from failover.following import look
    from failover.options import Options

    found = look(session.around, Options())
    if output_format is Format.JSON:
        print_json({"zone": zone, "run": None} if found is None else standing_json(found))
    else:
        sys.stdout.write(
            f"{zone} was never failed over.\n" if found is None else standing_text(found)
        )
    return ExitCode.OK


def history(
    zone: Zone,
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="One run, as the list names it.")
    ] = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report on these runs: FILE.html or FILE.md."),
    ] = None,
) -> ExitCode:
    """List the zone's runs with the recovery time and the data loss that they achieved."""
    page = None if report is None else report_file(report)
    session = opened(zone, manifest)
    from failover.history import achieved_by, chosen, runs_of

    runs = runs_of(session.around)
    runs = runs if run is None else (chosen(runs, run),)
    found = [achieved_by(one, session.around.manifest) for one in runs]
    if output_format is Format.JSON:
        print_json({"zone": zone, "runs": [achieved_json(one) for one in found]})
    else:
        sys.stdout.write(history_text(zone, found))
    if page is not None:
        write(page, runs, session)
    return ExitCode.OK
