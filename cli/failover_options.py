"""The options that the commands of `holdfast failover` share, and the rules about them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import Format
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from failover.lead import Consent

Zone = Annotated[str, typer.Argument(metavar="ZONE", help="The zone, as its stack file names it.")]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="A recovery manifest at hand, instead of the copies that lie in the sites.",
    ),
]
Answer = Annotated[Format, typer.Option("--format", help="Of the answer.")]
Yes = Annotated[bool, typer.Option("--yes", help="Needed with --format json: nobody can be asked.")]
Losses = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-data-loss",
        metavar="DATABASE",
        help="Accept that this database loses data; repeatable, needs --reason.",
    ),
]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it goes into the journal.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="It goes into the journal.")]


def demand_yes(output_format: Format, *, yes: bool) -> None:
    """Raise InvalidInput where a program changes something without having said so."""
    if output_format is Format.JSON and not yes:
        message = "is needed with --format json on a command that changes something"
        raise InvalidInput("The command", [Problem("--yes", message)])


def demand_reason(databases: Sequence[str] | None, reason: str | None) -> None:
    """Raise InvalidInput where data loss is accepted without a reason."""
    if databases and not (reason or "").strip():
        raise InvalidInput("The command", [Problem("--reason", "is needed to accept data loss")])


def consents(databases: Sequence[str] | None, reason: str | None) -> "tuple[Consent, ...]":
    """Return what a person accepts, each database once."""
    from failover.lead import Consent

    return tuple(Consent(name, str(reason)) for name in dict.fromkeys(databases or ()))


def opened(zone: str, manifest: Path | None) -> "ZoneSession":
    """Open a zone, and say what is unusual about the manifest that was found."""
    from cli.zone_session import open_zone

    session = open_zone(zone, manifest)
    for note in session.found.notes:
        sys.stderr.write(f"holdfast: {note}\n")
    return session
