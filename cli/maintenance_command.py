"""`holdfast maintenance announce`, `withdraw` and `list`: work on a zone that clients may notice.

`cli.main` registers the group. What may be announced is judged by `maintenance.guard`; who
announces is whom STS names.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.columns import columns
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Why, Yes, Zone, demand_yes, opened
from cli.maintenance_told import answer, tell
from cli.output import Format, print_json
from cli.zone_rules import moment_of, rules_of
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from maintenance.guard import Rules
    from maintenance.notice import Notice, Work
    from maintenance.notices import Notices

maintenance = typer.Typer(
    help="Announce work on a zone to its subscribers, and see what is announced.",
    no_args_is_help=True,
)
_STATES = {True: "announced", False: "withdrawn"}


@maintenance.command()
def announce(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    what: Annotated[str, typer.Option(metavar="TEXT", help="In words that customers read.")],
    starts: Annotated[
        str, typer.Option("--from", metavar="MOMENT", help="ISO 8601, in the zone's time.")
    ],
    ends: Annotated[
        str | None,
        typer.Option("--until", metavar="MOMENT", help="By default until the window closes."),
    ] = None,
    manifest: ManifestFile = None,
    *,
    output_format: Answer = Format.TEXT,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="A patch that cannot wait: shorter notice.")
    ] = False,
    yes: Yes = False,
) -> ExitCode:
    """Announce work inside the zone's window, in time; everybody who subscribed is told."""
    demand_yes(output_format, yes=yes)
    rules = rules_of(zone)
    work = _work(what, starts, ends, rules, emergency=emergency)
    session = opened(zone, manifest)
    from incident.messages.internal_names import demand_public
    from maintenance import announce as rule

    demand_public(work.what, session.around.manifest)
    board, now = _notices(session), session.cloud.clock.now()
    found = board.write(lambda read: rule.announce(read, work, now, rules))
    shown = (as_json(found), _row(found, rules))
    return answer(shown, tell(session, board, found), output_format)


@maintenance.command()
def withdraw(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="Its id, as `list` names it.")],
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Why,
    yes: Yes = False,
) -> ExitCode:
    """Withdraw a notice: the work does not happen, and whoever was told of it is told so."""
    demand_yes(output_format, yes=yes)
    rules = rules_of(zone)
    from maintenance import announce as rule

    session = opened(zone, manifest)
    board = _notices(session)
    found = board.write(lambda read: rule.withdraw(read, notice, reason))
    shown = (as_json(found), _row(found, rules))
    return answer(shown, tell(session, board, found), output_format)


@maintenance.command(name="list")
def list_notices(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """List what was announced for a zone, by when it begins."""
    rules = rules_of(zone)
    board = _notices(opened(zone, manifest)).read()
    for site, error in board.unread.items():
        sys.stderr.write(f"holdfast: the notices of {site} cannot be read: {error}\n")
    from maintenance.owed import told

    known = [(one, told(one, board.entries(one.id))) for one in board.notices]
    if output_format is Format.JSON:
        listed = [{**as_json(one), "told": [*names]} for one, names in known]
        print_json({"zone": zone, "notices": listed})
    else:
        rows = [(*_row(one, rules), ", ".join(names) or "nobody told") for one, names in known]
        lines = [*columns(rows)] if rows else [f"Nothing is announced for {zone}."]
        sys.stdout.write("\n".join(lines) + "\n")
    return ExitCode.OK


def as_json(found: "Notice") -> dict[str, object]:
    """Return keys that stay; moments in ISO 8601."""
    withdrawn = found.withdrawn_at
    return {
        "id": found.id,
        **found.work.facts,
        "announced_at": found.announced_at.isoformat(),
        "by": found.by,
        "withdrawn_at": None if withdrawn is None else withdrawn.isoformat(),
    }


def _work(what: str, starts: str, ends: str | None, rules: "Rules", *, emergency: bool) -> "Work":
    from maintenance.notice import Work

    if not what.strip():
        raise InvalidInput("The command", [Problem("--what", "says what is done")])
    timezone = rules.window.timezone
    first = moment_of("--from", starts, timezone)
    last = rules.window.closes(first) if ends is None else moment_of("--until", ends, timezone)
    return Work(what.strip(), first, last, emergency)


def _notices(session: "ZoneSession") -> "Notices":
    from maintenance.notices import Notices

    return Notices(session.cloud, session.around.manifest, session.arn)


def _row(found: "Notice", rules: "Rules") -> tuple[str, ...]:
    work = found.work
    hours = f"{rules.local(work.starts)} to {rules.local(work.ends)}"
    kind = "emergency" if work.emergency else "planned"
    return (found.id, _STATES[found.withdrawn_at is None], kind, hours, work.what)
