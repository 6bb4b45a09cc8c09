"""`holdfast failover fence`: is the site that was left cut off, and cut it off.

`cli.failover_command` registers it; `failover.fencing` looks and acts.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import (
    Answer,
    ManifestFile,
    Reason,
    Yes,
    Zone,
    demand_yes,
    opened,
)
from cli.output import Format, print_json
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from continuity.journal import Entry
    from failover.fencing import Fencing


def fence(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Do what is due.")] = False,
    override: Annotated[
        bool,
        typer.Option("--override", help="Answer for it yourself that nothing writes there."),
    ] = False,
    reason: Reason = None,
    yes: Yes = False,
) -> ExitCode:
    """Show whether the site that a failover left is cut off; with --apply, cut it off."""
    _demand_one_of(apply=apply, override=override, reason=reason)
    if apply or override:
        demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from failover import fencing

    if override:
        entry = fencing.override(session.around, session.arn, str(reason))
        return _answer(zone, [entry], output_format)
    if apply:
        return _answer(zone, fencing.apply(session.around, session.arn), output_format)
    return _look(zone, fencing.look(session.around), output_format)


def _demand_one_of(*, apply: bool, override: bool, reason: str | None) -> None:
    if apply and override:
        message = "either --apply or --override: do it, or answer for it"
        raise InvalidInput("The command", [Problem("--apply", message)])
    if override and not (reason or "").strip():
        raise InvalidInput("The command", [Problem("--reason", "is needed to override a fence")])


def _look(zone: str, found: "Fencing", output_format: Format) -> ExitCode:
    """Tell what there is and what is due; nothing due is exit 0, anything else is 3."""
    if output_format is Format.JSON:
        print_json(
            {
                "zone": zone,
                "run": found.run.name,
                "site": found.site,
                "fenced": None if found.barrier.value is None else found.barrier.value.closed,
                "warranted": found.warranted.value,
                "due": list(found.due),
                "verdicts": [entry.as_json() for entry in found.verdicts],
            }
        )
    else:
        lines = [f"{entry.at:%Y-%m-%d %H:%M:%S} UTC {entry.sentence}" for entry in found.verdicts]
        ends = [f"due: {one}" for one in found.due] or [f"{found.site} is fenced. Nothing is due."]
        if found.due:
            ends.append(f"Do it with `holdfast failover fence {zone} --apply`.")
        sys.stdout.write("".join(f"{line}\n" for line in (*lines, *ends)))
    return ExitCode.OBJECTIVE_MISSED if found.due else ExitCode.OK


def _answer(zone: str, entries: "Sequence[Entry]", output_format: Format) -> ExitCode:
    """Tell what was written; an attempt that came to nothing is exit 1."""
    if output_format is Format.JSON:
        print_json({"zone": zone, "journal": [entry.as_json() for entry in entries]})
    else:
        sys.stdout.write("".join(f"{entry.sentence}\n" for entry in entries))
    failed = any(entry.data.get("verdict") in ("unreachable", "failed") for entry in entries)
    return ExitCode.FAILED if failed else ExitCode.OK
