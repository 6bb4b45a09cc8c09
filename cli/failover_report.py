"""`--report FILE` of the commands that drive a run or look at runs: a page from their journals.

`cli.failover_drive` and `cli.failover_resume` write it once a run is over, `cli.failover_look`
for any run at any time.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.report_file import ReportFile
from cli.surroundings import VARIABLE
from continuity.errors import HoldfastError, InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.zone_session import ZoneSession
    from failover.run import Run
    from incident.documents.report import MessageLine

RunReport = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write a report at its end: FILE.html or .md."),
]


def write(page: ReportFile, runs: "Sequence[Run]", session: "ZoneSession") -> None:
    """Write a report on some runs of a zone.

    Raises:
        InvalidInput: there are none.
        PermanentError: the file cannot be written any more.
    """
    from failover.run_report import Occasion, report

    around = session.around
    if not runs:
        raise InvalidInput(
            "The command",
            [Problem("--report", f"{around.manifest.zone} was never failed over: nothing to tell")],
        )
    simulated = bool(os.environ.get(VARIABLE))
    occasion = Occasion(version("holdfast"), around.clock.now(), simulated, _messages(session))
    page.write(report(runs, around.manifest, occasion))


def _messages(session: "ZoneSession") -> "dict[str, tuple[MessageLine, ...]]":
    """Return by run what the record says that people read; nothing for a zone without channels."""
    from incident.book import of_zone
    from incident.messages.lines import lines

    if not session.around.manifest.channels.used:
        return {}
    try:
        known = of_zone(session.cloud, session.around.manifest).read().known
    except HoldfastError as error:
        sys.stderr.write(f"holdfast: the report lacks what people were told: {error}\n")
        return {}
    return {run.run: lines(found) for found in known for run in found.runs}


def write_newest(page: ReportFile, session: "ZoneSession") -> None:
    """Write a report on the run that was driven; a failure changes nothing in how it ended."""
    from failover.history import runs_of

    try:
        write(page, runs_of(session.around)[:1], session)
    except HoldfastError as error:
        sys.stderr.write(f"holdfast: {error}\n")
