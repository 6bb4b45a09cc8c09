"""What the commands of `holdfast incident` share: their options, the book, and the voice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.failover_options import opened
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from incident.book import Book
    from incident.draft import Voice

Which = Annotated[
    str | None,
    typer.Argument(metavar="[INCIDENT]", help="Its id, as `list` names it. None: the open one."),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="When it began: ISO 8601 with an offset, or HH:MM on the zone's clock.",
    ),
]
Severities = Annotated[
    str | None, typer.Option("--severity", metavar="SEV1..SEV4", help="Instead of the suggestion.")
]
Services = Annotated[
    list[str] | None,
    typer.Option(
        "--affected",
        metavar="SERVICE",
        help="What clients have to do without: platform, files, monitoring, or a database. "
        "Repeatable.",
    ),
]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="What is wrong, in a few words.")]
Reporter = Annotated[
    str | None, typer.Option(metavar="WHO", help="customer, partner or colleague.")
]
Channel = Annotated[str | None, typer.Option(metavar="HOW", help="phone, e-mail or web.")]
Reference = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="A ticket's number: told twice, it is one report."),
]
AlarmFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A CloudWatch alarm as SNS sends it; - reads stdin."),
]
StateOption = Annotated[
    str | None, typer.Option(metavar="STATE", help="contained, recovering or monitoring.")
]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ROLE=NAME",
        help="Who is commander, operations, communications or scribe. Repeatable.",
    ),
]
Restored = Annotated[
    list[str] | None,
    typer.Option(metavar="SERVICE", help="What clients have again. Repeatable."),
]
Public = Annotated[
    str | None,
    typer.Option("--public", metavar="TEXT", help="Customers read it, word for word."),
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="It goes on record.")]


@dataclass(frozen=True)
class Desk:
    """One zone's record within reach, and who writes."""

    session: "ZoneSession"
    book: "Book"
    voice: "Voice"

    @property
    def databases(self) -> tuple[str, ...]:
        """Return the names of the zone's databases."""
        return tuple(one.name for one in self.session.around.manifest.databases)


def desk(zone: str, manifest: Path | None) -> Desk:
    """Open the record of a zone."""
    session = opened(zone, manifest)
    from continuity.incidents import Source
    from incident.book import of_zone
    from incident.draft import Voice

    book = of_zone(session.cloud, session.around.manifest)
    return Desk(session, book, Voice(Source.PERSON, session.arn))


def known_services(at: Desk, option: str, given: Sequence[str] | None) -> tuple[str, ...]:
    """Return services by name, each once.

    Raises:
        InvalidInput: the zone has no such service.
    """
    from continuity.critical_functions import services

    known = services(at.databases)
    unknown = [one for one in given or () if one not in known]
    if unknown:
        message = f"services are {', '.join(known)}"
        problems = [Problem(option, f"there is no {one!r}; {message}") for one in unknown]
        raise InvalidInput("The command", problems)
    return tuple(dict.fromkeys(given or ()))


def one_of(option: str, given: str | None, known: Sequence[str]) -> str | None:
    """Return a word of a closed list.

    Raises:
        InvalidInput: it is another word.
    """
    if given is not None and given not in known:
        message = f"{given!r} is not one of {', '.join(known)}"
        raise InvalidInput("The command", [Problem(option, message)])
    return given
