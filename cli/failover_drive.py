"""`holdfast failover start`: drive a run and tell what each tick says.

`cli.failover_command` registers it; `failover.lead` drives. `cli.failover_resume` drives, too.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode, of_outcome
from cli.failover_json import achieved_json, standing_json
from cli.failover_options import (
    Answer,
    Losses,
    ManifestFile,
    Reason,
    Yes,
    Zone,
    consents,
    demand_reason,
    demand_yes,
    opened,
)
from cli.failover_report import RunReport, write_newest
from cli.failover_said import (
    Corrupted,
    EmergencyOption,
    MoveOption,
    Orders,
    PlannedOption,
    SinceOption,
    corrupted_of,
    demand_orders,
    order_of,
    planned_of,
    since_of,
)
from cli.failover_text import standing_text
from cli.output import Format, print_json
from cli.progress import showing
from cli.report_file import ReportFile, report_file
from continuity.errors import HoldfastError, InvalidInput, Problem
from drill.progress import Moment

if TYPE_CHECKING:
    from pathlib import Path

    from cli.zone_session import ZoneSession
    from failover.history import Achieved
    from failover.lead import Driver
    from failover.options import Options
    from failover.progress import Progress
    from failover.standing import Standing

Acknowledged = Annotated[
    str | None, typer.Option(metavar="RUN", help="Start although this run has only just ended.")
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Stay: behind another driver, and while all is well.")
]


def start(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    since: SinceOption = None,
    corrupted: Corrupted = None,
    move: MoveOption = False,
    planned: PlannedOption = False,
    emergency: EmergencyOption = False,
    accept_data_loss: Losses = None,
    reason: Reason = None,
    acknowledge: Acknowledged = None,
    watch: Watch = False,
    report: RunReport = None,
    yes: Yes = False,
) -> ExitCode:
    """Fail the zone over: make a run or go on with the open one, and drive it to its end."""
    demand_yes(output_format, yes=yes)
    demand_reason(accept_data_loss, reason)
    demand_orders(Orders(planned, move, emergency), reason, corrupted or since or accept_data_loss)
    page = _page(report, watch=watch)
    session = opened(zone, manifest)
    from failover.lead import Driver, check_consents
    from failover.options import Options

    check_consents(session.around.manifest, accepted := consents(accept_data_loss, reason))
    options = Options(
        acknowledged=acknowledge,
        declared=corrupted_of(session, corrupted, reason),
        move=order_of(session, reason, move=move),
        since=since_of(session, since, reason),
        planned=planned_of(session, reason, planned=planned, emergency=emergency),
    )
    _warn(session, options)
    driver = Driver(session.owner, session.arn, accepted, stay=watch)
    return drive(session, driver, options, output_format, page)


def _page(report: "Path | None", *, watch: bool) -> ReportFile | None:
    if report is not None and watch:
        message = "is written at the run's end, and --watch goes on after it: leave one of them out"
        raise InvalidInput("The command", [Problem("--report", message)])
    return None if report is None else report_file(report)


def _warn(session: "ZoneSession", options: "Options") -> None:
    """Say beforehand that the run will be late, if that is known."""
    from failover.outlook import said_before_start

    if options.planned is not None:  # nobody waits for it to be over by an hour
        return
    late = said_before_start(session.around.manifest, options, session.around.clock.now())
    if late is not None:
        sys.stderr.write(f"holdfast: {late}\n")


def drive(
    session: "ZoneSession",
    driver: "Driver",
    options: "Options",
    output_format: Format,
    page: ReportFile | None = None,
) -> ExitCode:
    """Drive the zone's run to its end and tell how it went; the exit code tells it, too."""
    from failover.lead import lead

    around = session.around
    with showing(sys.stderr) as show:

        def watch(progress: "Progress") -> None:
            zone, now = around.manifest.zone, around.clock.now()
            show(Moment(zone, progress.state, now, progress.sentence))

        last = lead(around, driver, options, watch)
    if page is not None:
        write_newest(page, session)
    return _answer(session, last, output_format)


def _answer(session: "ZoneSession", last: "Progress", output_format: Format) -> ExitCode:
    newest, found = _told(session)
    if output_format is Format.JSON:
        print_json(
            {
                "zone": session.around.manifest.zone,
                "state": str(last.state),
                "sentence": last.sentence,
                "achieved": None if newest is None else achieved_json(newest),
                "standing": None if found is None else standing_json(found),
            }
        )
    else:
        sys.stdout.write(f"{last.sentence}\n" if found is None else standing_text(found))
    return of_outcome(str(last.state), met=newest is None or newest.met)


def _told(session: "ZoneSession") -> "tuple[Achieved | None, Standing | None]":
    """Return what the run achieved; that it cannot be read now changes nothing in how it ended."""
    from failover.following import look
    from failover.history import history
    from failover.options import Options

    try:
        return next(iter(history(session.around)), None), look(session.around, Options())
    except HoldfastError as error:
        sys.stderr.write(f"holdfast: {error}\n")
        return None, None
