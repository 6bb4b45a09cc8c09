"""What people say with a command: `--since`, `--corrupted`, `--move`, `--planned`; their moments.

`holdfast failover plan` and `start` take them; the values travel in `failover.options`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from failover.options import Declaration, Order, PlannedMove, Since

SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="MOMENT",
        help="Clients are not served since then: ISO 8601 with an offset, or HH:MM on the zone's "
        "clock, or the word `incident` for when the open one began. Recovery time and losses count "
        "from it.",
    ),
]
Corrupted = Annotated[
    list[str] | None,
    typer.Option(
        "--corrupted",
        metavar="DATABASE@MOMENT",
        help="This database is corrupted; the moment is the last at which it was good. "
        "Repeatable, needs --reason.",
    ),
]
MoveOption = Annotated[
    bool,
    typer.Option(
        "--move",
        help="Have the zone moved although the diagnosis alone does not move it; needs --reason. "
        "A zone that serves its clients is not moved.",
    ),
]
PlannedOption = Annotated[
    bool,
    typer.Option(
        "--planned",
        help="Move the healthy zone to its other site with nothing lost, or leave it as it is: to "
        "fail back, or for work on a region. Needs --reason, and the maintenance window.",
    ),
]
EmergencyOption = Annotated[
    bool,
    typer.Option("--emergency", help="With --planned: do not wait for the maintenance window."),
]


@dataclass(frozen=True)
class Orders:
    """Which orders to move the zone were given."""

    planned: bool
    move: bool
    emergency: bool


UNSAID = "no reason was given"
INCIDENT = "incident"
"""Says with `--since`: since the open incident began, as its record has it."""


def since_of(session: "ZoneSession", text: str | None, reason: str | None) -> "Since | None":
    """Read `--since`, said by the caller: a moment, or the word `incident` for the open one's.

    Raises:
        InvalidInput: it is no moment, lies ahead, or more than seven days back.
        Refusal: no incident is open.
    """
    from failover.options import Since

    if text is None:
        return None
    if text == INCIDENT:
        return _since_incident(session, reason)
    return Since(moment_said(session, text), session.arn, reason or UNSAID)


def moment_said(session: "ZoneSession", text: str) -> datetime:
    """Read what `--since` says.

    Raises:
        InvalidInput: it is no moment, lies ahead, or more than seven days back.
    """
    from failover.moments import LONGEST, moment_of

    zone, now = session.around.manifest.window.timezone, session.around.clock.now()
    try:
        return moment_of(text, zone, now, LONGEST)
    except ValueError as error:
        raise InvalidInput("The command", [Problem("--since", str(error))]) from error


def _since_incident(session: "ZoneSession", reason: str | None) -> "Since":
    from failover.options import Since
    from incident import book, change

    manifest = session.around.manifest
    known = book.of_zone(session.cloud, manifest).read().known
    found = change.chosen(known, None, manifest.zone)
    moment = moment_said(session, found.began_at.isoformat())
    return Since(moment, session.arn, reason or f"{found.id} began then")


def order_of(session: "ZoneSession", reason: str | None, *, move: bool) -> "Order | None":
    """Return the caller's order to move the zone; None where nothing was ordered."""
    from failover.options import Order

    return Order(session.arn, str(reason)) if move else None


def demand_orders(orders: Orders, reason: str | None, urgent: object) -> None:
    """Raise InvalidInput where an order lacks its reason, or a planned move is mixed up.

    `urgent` is what else was said, of an outage.
    """
    problems = []
    if not (reason or "").strip():
        if orders.move:
            problems.append(Problem("--reason", "is needed to have a zone moved"))
        if orders.planned:
            problems.append(Problem("--reason", "is needed to move a zone as planned"))
    if orders.emergency and not orders.planned:
        problems.append(Problem("--emergency", "says something with --planned only"))
    if orders.planned and (orders.move or urgent):
        message = "takes a healthy zone; what is said beside it is about one that is not"
        problems.append(Problem("--planned", message))
    if problems:
        raise InvalidInput("The command", problems)


def planned_of(
    session: "ZoneSession", reason: str | None, *, planned: bool, emergency: bool
) -> "PlannedMove | None":
    """Return the caller's order of a planned move, once nothing in the zone stands against it.

    Raises:
        Refusal: the zone is held, has an open incident, or could not be taken over.
    """
    from cli.failover_planned import demand_whole
    from failover.options import PlannedMove

    if not planned:
        return None
    demand_whole(session)
    now = session.around.clock.now()
    return PlannedMove(session.arn, str(reason), now, emergency=emergency)


def corrupted_of(
    session: "ZoneSession", texts: Sequence[str] | None, reason: str | None
) -> "tuple[Declaration, ...]":
    """Read every `--corrupted`, said by the caller.

    Raises:
        InvalidInput: one is not `DATABASE@MOMENT`, names no database of the zone or one twice, has
            a moment that cannot be, or there is no reason.
    """
    from failover.options import Declaration

    problems: list[Problem] = []
    if texts and not (reason or "").strip():
        problems.append(Problem("--reason", "is needed to declare a database corrupted"))
    found: dict[str, Declaration] = {}
    for text in texts or ():
        try:
            database, moment = _corrupted(session, text)
        except ValueError as error:
            problems.append(Problem("--corrupted", str(error)))
            continue
        if database in found:
            problems.append(Problem("--corrupted", f"{database} is named twice"))
        found[database] = Declaration(database, moment, session.arn, str(reason))
    if problems:
        raise InvalidInput("The command", problems)
    return tuple(found.values())


def _corrupted(session: "ZoneSession", text: str) -> tuple[str, datetime]:
    from failover.moments import moment_of

    manifest = session.around.manifest
    database, at, moment = text.partition("@")
    known = [each.name for each in manifest.databases]
    if not at:
        raise ValueError(f"{text!r} reads like {known[0]}@2026-03-03T09:05+01:00")
    if database not in known:
        raise ValueError(f"there is no {database!r}; {manifest.zone} has {', '.join(known)}")
    now = session.around.clock.now()
    return database, moment_of(moment, manifest.window.timezone, now, None)
