"""`holdfast plan-document`: the business continuity plan, generated from code and config.

`cli.main` registers it. What the plan says is `incident.plan`; where it comes from is
`drill.continuity_plan`. Committed plans lie in docs/plan, and `--check` keeps them true.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.project import project_root
from cli.report_file import report_file
from continuity.ledger import PLACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.plan_document_answers import Answer

FOLDER = Path(PLACE.parent)
"""Where a project's plans lie, one `ZONE.md` each."""

Zones = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ZONE]...", help="The zones. Every zone of the project by default."),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Say in what docs/plan/ZONE.md is not what code and config say now.",
    ),
]
Write = Annotated[bool, typer.Option("--write", help="Write docs/plan/ZONE.md of each zone.")]
PageFile = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write one zone's plan to FILE.html or FILE.md."),
]
Answered = Annotated[Format, typer.Option("--format", help="Of the answer.")]


def plan_document(
    zones: Zones = None,
    *,
    check: Check = False,
    write: Write = False,
    report: PageFile = None,
    output_format: Answered = Format.TEXT,
) -> ExitCode:
    """Show the business continuity plan of zones, as code and config say it now."""
    if sum((check, write, report is not None)) > 1:
        raise typer.BadParameter("--check, --write and --report are three different things.")
    project = project_root()
    chosen = _chosen(project, zones or ())
    if report is not None and len(chosen) != 1:
        raise typer.BadParameter("--report writes one zone's plan; name that zone.")
    page = None if report is None else report_file(report)
    answers = _answers(project, chosen, check=check)
    if page is not None:
        page.write(answers[0].document)
    for answer in answers if write else ():
        _write(answer)
    _say(answers, output_format, quiet=write or page is not None)
    return ExitCode.FAILED if any(answer.differences for answer in answers) else ExitCode.OK


def _chosen(project: Path, asked: "Sequence[str]") -> tuple[str, ...]:
    from simulator.project import check_stacks
    from simulator.project import project as read

    found = read(project)
    check_stacks(found, asked)
    return tuple(dict.fromkeys(asked)) or found.stack_names


def _answers(project: Path, zones: "Sequence[str]", *, check: bool) -> "list[Answer]":
    from cli.plan_document_answers import answer
    from drill.continuity_plan import continuity_plans

    files = [FOLDER / f"{zone}.md" for zone in zones]
    plans = zip(continuity_plans(project, zones), files, strict=True)
    return [answer(plan, project / file, file, check=check) for plan, file in plans]


def _write(answer: "Answer") -> None:
    answer.path.parent.mkdir(parents=True, exist_ok=True)
    report_file(answer.path).write(answer.document)


def _say(answers: "Sequence[Answer]", output_format: Format, *, quiet: bool) -> None:
    from cli.plan_document_answers import as_json, as_text

    if output_format is Format.JSON:
        objects = [as_json(answer) for answer in answers]
        print_json(objects[0] if len(objects) == 1 else objects)
    elif not quiet:
        between = "" if answers[0].differences is not None else "\n"
        sys.stdout.write(between.join(as_text(answer) for answer in answers))
