"""`holdfast change check`: what a change does to the service, and whether it may be made now.

`cli.main` registers the group. The plan is our own preview, or what `pulumi preview --json`
printed; the judgement is `maintenance.guard`, the answer for people `cli.change_text`.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import ManifestFile, Zone, opened
from cli.output import PreviewFormat, print_json
from cli.project import project_root
from cli.zone_rules import moment_of, now_of, rules_of, serving_region
from continuity.errors import HoldfastError, InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.change_text import Checked
    from continuity.planned import Planned
    from maintenance.guard import Rules
    from maintenance.notice import Notice

change = typer.Typer(help="Judge changes before they are made.", no_args_is_help=True)

PreviewFile = Annotated[
    str | None,
    typer.Option(
        "--preview", metavar="FILE", help="What `pulumi preview --json` printed; - reads stdin."
    ),
]
Against = Annotated[
    str,
    typer.Option(metavar="REVISION", help="Without --preview: what the zone was deployed from."),
]
At = Annotated[
    str | None,
    typer.Option(metavar="MOMENT", help="Judge as of then: ISO 8601, in the zone's time."),
]


@change.callback()
def group() -> None:
    """Judge changes before they are made."""


@change.command()
def check(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    preview: PreviewFile = None,
    against: Against = "HEAD",
    at: At = None,
    manifest: ManifestFile = None,
    *,
    output_format: Annotated[PreviewFormat, typer.Option("--format", help="Of the answer.")] = (
        PreviewFormat.TEXT
    ),
) -> ExitCode:
    """Say which operations clients would notice, and whether now is the time for them."""
    from cli.change_text import as_json, as_markdown, as_text

    rules = rules_of(zone)
    moment = now_of() if at is None else moment_of("--at", at, rules.window.timezone)
    plan = _read(preview) if preview is not None else _previewed(zone, against)
    found = _checked(zone, plan, moment, rules, manifest)
    if output_format is PreviewFormat.JSON:
        print_json(as_json(found))
    else:
        show = as_markdown if output_format is PreviewFormat.MARKDOWN else as_text
        sys.stdout.write(show(found))
    return ExitCode.OK if found.verdict.allowed else ExitCode.REFUSED


def _checked(
    zone: str, plan: "Sequence[Planned]", at: datetime, rules: "Rules", manifest: Path | None
) -> "Checked":
    from cli.change_text import Checked
    from maintenance.guard import judge
    from maintenance.impact import Ground, noticed
    from maintenance.impact_rules import impacts

    found = impacts(plan, Ground(serving_region(zone)))
    notices, unread = _notices(zone, manifest) if noticed(found) else ((), ())
    return Checked(zone, rules.local(at), found, judge(found, notices, at, rules), unread)


def _notices(zone: str, manifest: Path | None) -> "tuple[tuple[Notice, ...], tuple[str, ...]]":
    """Return the zone's notices, and why some could not be read; what is unread allows nothing."""
    try:
        session = opened(zone, manifest)
        from maintenance.notices import Notices

        board = Notices(session.cloud, session.around.manifest, session.arn).read()
    except HoldfastError as error:
        return (), (f"The notices of {zone} cannot be read: {error}",)
    unread = (f"The notices of {site} cannot be read: {why}" for site, why in board.unread.items())
    return board.notices, tuple(unread)


def _previewed(zone: str, against: str) -> "tuple[Planned, ...]":
    from simulator.preview import plan

    return plan(project_root(), zone, against)


def _read(source: str) -> "tuple[Planned, ...]":
    from continuity import pulumi_preview

    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("The preview", [Problem(source, str(error))]) from error
    return pulumi_preview.read(text)
