"""`holdfast preview`: what the Pulumi program would do, without the Pulumi CLI and an account.

`cli.main` registers it. Zones and revision are judged first, without an AWS library; the preview
itself is `simulator.preview`, its rendering for people `cli.preview_text`.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.output import PreviewFormat, print_json
from cli.project import project_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.rule import Finding
    from simulator.changes import Change
    from simulator.preview import ZonePreview


def preview(
    zones: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ZONE]...", help="The zones to preview. All by default."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION", help="Compare with this git revision's program, not with nothing."
        ),
    ] = None,
    output_format: Annotated[PreviewFormat, typer.Option("--format", help="Of the answer.")] = (
        PreviewFormat.TEXT
    ),
) -> ExitCode:
    """Show what the program would create, update, replace and delete in AWS, and what is wrong."""
    from cli.open_runs import look
    from simulator.preview import preview as previewed
    from simulator.project import check_stacks, project

    root = project_root()
    check_stacks(project(root), zones or ())
    open_runs, unseen = look(zones or project(root).stack_names)
    for sentence in unseen:
        sys.stderr.write(f"holdfast: {sentence}\n")
    found = previewed(root, zones or (), against, judging=True, open_runs=open_runs)
    render(found, against, output_format)
    return exit_code(found)


def exit_code(previews: "Sequence[ZonePreview]") -> ExitCode:
    """Return REFUSED where `pulumi up` would stop at something protected, FAILED at a rule."""
    if any(preview.refusals for preview in previews):
        return ExitCode.REFUSED
    return ExitCode.FAILED if any(preview.breaches for preview in previews) else ExitCode.OK


def render(
    previews: "Sequence[ZonePreview]", against: str | None, output_format: PreviewFormat
) -> None:
    """Write the previews to stdout: one JSON object, or a list of them for several zones."""
    from cli.preview_text import as_markdown, as_text

    if output_format is PreviewFormat.JSON:
        objects = [as_json(preview, against) for preview in previews]
        print_json(objects[0] if len(objects) == 1 else objects)
        return
    show = as_markdown if output_format is PreviewFormat.MARKDOWN else as_text
    sys.stdout.write("\n".join(show(preview) for preview in previews))


def as_json(preview: "ZonePreview", against: str | None) -> dict[str, object]:
    """Return the preview of one zone as JSON types; unchanged resources are counted only."""
    return {
        "zone": preview.zone,
        "against": against,
        "counts": preview.counts,
        "lost_databases": [change.name for change in preview.lost_databases],
        "refusals": list(preview.refusals),
        "findings": [_finding(finding) for finding in preview.findings],
        "changes": [_change(change) for change in preview.changes],
    }


def _change(change: "Change") -> dict[str, object]:
    return {
        "operation": str(change.operation),
        "type": change.type,
        "name": change.name,
        "urn": change.urn,
        "replacing": list(change.replacing),
        "differences": [
            {"path": one.path, "before": one.before, "after": one.after}
            for one in change.differences
        ],
    }


def _finding(finding: "Finding") -> dict[str, object]:
    return {
        "rule": finding.rule,
        "level": str(finding.level),
        "resource": finding.resource,
        "urn": finding.urn,
        "sentence": finding.sentence,
        "excused": finding.excused,
    }
