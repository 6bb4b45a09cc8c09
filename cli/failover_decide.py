"""`holdfast failover approve`, `pause`, `open` and `abort`: what people decide about the open run.

`cli.failover_command` registers them. Who decides is whom STS names, never an option.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import (
    Answer,
    Losses,
    ManifestFile,
    Reason,
    Why,
    Yes,
    Zone,
    consents,
    demand_reason,
    demand_yes,
    opened,
)
from cli.output import Format, print_json
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from continuity.journal import Entry


def approve(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    plan: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Approve exactly this plan, as `status` names it."),
    ] = None,
    accept_data_loss: Losses = None,
    reason: Reason = None,
    yes: Yes = False,
) -> ExitCode:
    """Approve the plan of the open run, or accept the data loss of a database."""
    demand_yes(output_format, yes=yes)
    demand_reason(accept_data_loss, reason)
    if plan is None and not accept_data_loss:
        message = "or --accept-data-loss is needed: what is approved?"
        raise InvalidInput("The command", [Problem("--plan", message)])
    session = opened(zone, manifest)
    from failover import decisions

    entries = [
        decisions.consent(session.around, session.arn, one.database, one.reason)
        for one in consents(accept_data_loss, reason)
    ]
    if plan is not None:
        entries.append(decisions.approve(session.around, session.arn, plan))
    return _answer(zone, entries, output_format)


def pause(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Why,
    yes: Yes = False,
) -> ExitCode:
    """Stop the engine before its next effect, until `resume`. The recovery time goes on."""
    demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from failover import decisions

    return _answer(zone, [decisions.pause(session.around, session.arn, reason)], output_format)


def open_without(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    without: Annotated[
        list[str], typer.Option(metavar="DATABASE", help="That is not back; repeatable.")
    ],
    reason: Why,
    yes: Yes = False,
) -> ExitCode:
    """Let the zone open although a database is not back. The others are still verified."""
    demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from failover import decisions

    entries = [
        decisions.open_without(session.around, session.arn, database, reason)
        for database in dict.fromkeys(without)
    ]
    return _answer(zone, entries, output_format)


def abort(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Why,
    yes: Yes = False,
) -> ExitCode:
    """Stop the open run before its next effect, and say what stands. What was done stays done."""
    demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from failover import decisions

    return _answer(zone, [decisions.abort(session.around, session.arn, reason)], output_format)


def _answer(zone: str, entries: "Sequence[Entry]", output_format: Format) -> ExitCode:
    if output_format is Format.JSON:
        print_json({"zone": zone, "journal": [entry.as_json() for entry in entries]})
    else:
        sys.stdout.write("".join(f"{entry.sentence}\n" for entry in entries))
    return ExitCode.OK
