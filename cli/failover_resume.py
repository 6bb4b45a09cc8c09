"""`holdfast failover resume`: let a paused run go on, and drive on one whose driver is gone.

`cli.failover_command` registers it.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_drive import drive
from cli.failover_options import Answer, ManifestFile, Reason, Yes, Zone, demand_yes, opened
from cli.failover_report import RunReport
from cli.failover_said import UNSAID
from cli.output import Format, print_json
from cli.report_file import report_file
from continuity.errors import HeldByAnother, Refusal

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from continuity.journal import Entry


def resume(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Reason = None,
    no_drive: Annotated[
        bool, typer.Option("--no-drive", help="Only lift the pause; another driver goes on.")
    ] = False,
    report: RunReport = None,
    yes: Yes = False,
) -> ExitCode:
    """Lift the pause of the open run if there is one, and drive it on once nobody else does."""
    demand_yes(output_format, yes=yes)
    page = None if report is None else report_file(report)
    session = opened(zone, manifest)
    lifted = _lift(session, reason or UNSAID, demanded=no_drive)
    if lifted is not None and no_drive:
        return _answer(zone, lifted, "", output_format)
    from failover.lead import Driver
    from failover.options import Options

    driver = Driver(session.owner, session.arn)
    if lifted is None:
        return drive(session, driver, Options(), output_format, page)
    try:
        return drive(session, driver, Options(), output_format, page)
    except HeldByAnother as held:
        # What was asked for is done: the pause is lifted, and somebody drives already.
        return _answer(zone, lifted, held.reason, output_format)


def _lift(session: "ZoneSession", reason: str, *, demanded: bool) -> "Entry | None":
    """Lift the pause; None where there is none and none has to be.

    Raises:
        Refusal: no run goes on, or it is `demanded` that a pause is lifted and there is none.
    """
    from failover import decisions

    run = decisions.current(session.around)
    if run is None or not run.entries or run.end is not None:
        zone = session.around.manifest.zone
        raise Refusal(
            f"No failover of {zone} goes on.", f"Begin one with `holdfast failover start {zone}`."
        )
    if run.paused is None and not demanded:
        return None
    return decisions.lift_pause(session.around, session.arn, reason)


def _answer(zone: str, lifted: "Entry", also: str, output_format: Format) -> ExitCode:
    if output_format is Format.JSON:
        print_json({"zone": zone, "journal": [lifted.as_json()], "driver": also or None})
    else:
        sys.stdout.write("\n".join([lifted.sentence, *([also] if also else [])]) + "\n")
    return ExitCode.OK
