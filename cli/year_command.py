"""`holdfast drill year`: let a year of nights pass in a simulated AWS, and look what is left.

`cli.main` gives `DrillOrYear` to `holdfast drill`: of its names, `year` is no scenario but this.
The year itself is `drill.year_stretches`.
"""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli.exit_codes import ExitCode
from cli.output import Format, print_json
from cli.progress import showing
from cli.project import project_root

if TYPE_CHECKING:
    from drill.year_verdict import YearVerdict

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Zone = Annotated[str, typer.Argument(metavar="[ZONE]", help="The zone whose nights pass.")]
Days = Annotated[int, typer.Option(min=2, max=1464, metavar="N", help="How many nights.")]
First = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The day before the first night.")
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="FILE.toml|'KIND at=100d for=3d'",
        help="What goes wrong: a scenario's faults, or one with its fields; repeatable.",
    ),
]
Answer = Annotated[Format, typer.Option("--format", help="Of the verdict.")]


class DrillOrYear(TyperCommand):
    """`holdfast drill`, whose first word may be `year`."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - a context of typer's own click
        **extra: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Read the words after `drill`."""
        if args[:1] != ["year"]:
            return super().make_context(info_name, args, parent, **extra)
        command = typer.main.get_command(app)
        return command.make_context(f"{info_name} year", args[1:], parent, **extra)


@app.command()
def year(
    zone: Zone = "we1",
    *,
    days: Days = 365,
    first: First = datetime(2026, 1, 1),  # noqa: DTZ001 - a day, which has no time zone
    fault: Faults = None,
    output_format: Answer = Format.TEXT,
) -> ExitCode:
    """Let a year of nights pass in a simulated AWS: what was taken, kept, missed and told."""
    if not fault:  # a year with faults is played in one piece, here
        from drill.head_start import begin

        begin()
    from drill.year_story import YearStory, with_faults
    from drill.zones import choose, read_zones

    project = project_root()
    choose(read_zones(project), [zone])
    story = with_faults(YearStory(zone, days, first.date()), fault or ())
    from drill.year_stretches import run

    with showing(sys.stderr) as watch:
        verdict = run(story, watch, project=project)
    return _answer(verdict, output_format)


def _answer(verdict: "YearVerdict", output_format: Format) -> ExitCode:
    from drill.year_text import as_json, as_text

    if output_format is Format.JSON:
        print_json(as_json(verdict))
        for sentence in verdict.unmet:
            sys.stderr.write(f"holdfast: {verdict.story.zone}: {sentence}\n")
    else:
        sys.stdout.write(as_text(verdict))
    if verdict.unmet:
        return ExitCode.FAILED
    return ExitCode.OBJECTIVE_MISSED if verdict.gaps else ExitCode.OK
