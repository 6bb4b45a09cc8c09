"""`holdfast drill`: lose a region in a simulated AWS and measure how the zones come back.

`cli.main` registers it. The scenario and the zones are read and judged first, without an AWS
library; the drill itself is `drill.several`.
"""

import hashlib
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exercise_ledger import Ledger
from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.progress import showing
from cli.project import project_root
from cli.report_file import report_file, written_at
from drill.library import DEFAULT
from drill.told import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drill.verdict import Verdict
    from incident.documents.report import Report


Story = Annotated[
    str,
    typer.Argument(
        metavar="[NAME|FILE.toml]", help="A shipped scenario's NAME, or a FILE.toml of your own."
    ),
]
Zones = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ZONE", help="The zone to drill; repeatable. All production zones by default."
    ),
]
Answer = Annotated[Format, typer.Option("--format", help="Of the verdict.")]
Seed = Annotated[
    int | None,
    typer.Option(min=0, metavar="N", help="Another seed than the scenario's: other luck."),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a report on all zones as well: FILE.html or FILE.md."),
]
Record = Annotated[
    bool,
    typer.Option(
        "--record",
        help="Write drills that passed down in their zones' AWS, where holdfast check looks.",
    ),
]


Channels = Annotated[
    bool,
    typer.Option(
        "--channels", help="Tell people, too, through simulated channels; show what they read."
    ),
]


def drill(  # noqa: PLR0913 - one parameter an option
    scenario: Story = DEFAULT,
    *,
    zone: Zones = None,
    output_format: Answer = Format.TEXT,
    seed: Seed = None,
    report: ReportFile = None,
    record: Record = False,
    ledger: Ledger = False,
    channels: Channels = False,
) -> ExitCode:
    """Lose a region in a simulated AWS and measure how the zones come back."""
    from drill.library import find, text_of
    from drill.several import run_all
    from drill.zones import choose, read_zones

    page = None if report is None else report_file(report)
    project = project_root()
    story, digest = find(scenario), hashlib.sha256(text_of(scenario).encode()).hexdigest()
    if channels and story.told is Told.NOBODY:
        story = replace(story, told=Told.SIMULATED)
    asked = tuple(zone or ()) or ((story.zone,) if story.zone else ())
    zones = choose(read_zones(project), asked)
    with showing(sys.stderr) as watch:
        verdicts = run_all(story, zones, project, story.seed if seed is None else seed, watch)
    _answer(verdicts, output_format)
    if page is not None:
        page.write(_report(verdicts, digest))
    if ledger or record:
        _write_down(verdicts, ledger=ledger, record=record)
    return _exit_code(verdicts)


def _write_down(verdicts: "Sequence[Verdict]", *, ledger: bool, record: bool) -> None:
    from cli import drill_record

    if ledger:
        drill_record.keep(verdicts)
    if record:
        drill_record.record(verdicts)


def _answer(verdicts: "Sequence[Verdict]", output_format: Format) -> None:
    from drill.text import as_text
    from drill.verdict_json import as_json

    if output_format is Format.JSON:
        objects = [as_json(verdict) for verdict in verdicts]
        print_json(objects[0] if len(objects) == 1 else objects)
        for verdict in verdicts:
            for sentence in verdict.unmet:
                sys.stderr.write(f"holdfast: {verdict.zone}: {sentence}\n")
    else:
        sys.stdout.write("\n".join(as_text(verdict) for verdict in verdicts))


def _report(verdicts: "Sequence[Verdict]", digest: str) -> "Report":
    from drill.report import Occasion, report

    return report(verdicts, Occasion(digest, version("holdfast"), written_at()))


def _exit_code(verdicts: "Sequence[Verdict]") -> ExitCode:
    if any(verdict.unmet or verdict.violations for verdict in verdicts):
        return ExitCode.FAILED
    if any(verdict.objective_missed for verdict in verdicts):
        return ExitCode.OBJECTIVE_MISSED
    return ExitCode.OK
