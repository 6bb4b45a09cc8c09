"""`holdfast incident update`, `acknowledge` and `close`: what people say while it lasts.

`cli.incident_command` registers them. Who speaks is whom STS names, never an option.
"""

from typing import TYPE_CHECKING

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Why, Yes, Zone, demand_yes
from cli.incident_answers import answer
from cli.incident_options import (
    Desk,
    Note,
    Public,
    Restored,
    Roles,
    Services,
    Severities,
    Since,
    StateOption,
    Which,
    desk,
    known_services,
    one_of,
)
from cli.output import Format
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.change import Update
    from incident.declare import Words
    from incident.record import Incident, Role
    from incident.severity import Severity
    from incident.states import State


def update(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    incident: Which = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    state: StateOption = None,
    severity: Severities = None,
    role: Roles = None,
    affected: Services = None,
    since: Since = None,
    restored: Restored = None,
    note: Note = None,
    public: Public = None,
    yes: Yes = False,
) -> ExitCode:
    """Say how an incident goes: where it stands, how bad it is, who does what, what is hit."""
    demand_yes(output_format, yes=yes)
    said, told = (note or "").strip(), (public or "").strip()
    roles = _roles(role or ())
    _demand_news((state, severity, roles, affected, restored, said, told), since, affected)
    at = desk(zone, manifest)
    from cli.failover_said import moment_said
    from incident import change
    from incident.messages.internal_names import demand_public

    demand_public(told, at.session.around.manifest)
    wanted = change.Update(
        state=_state(state),
        severity=_severity(severity),
        roles=roles,
        affected=known_services(at, "--affected", affected),
        restored=known_services(at, "--restored", restored),
        since=None if since is None else moment_said(at.session, since),
        note=said,
        public=told,
    )
    return _updated(at, incident, wanted, output_format)


def _demand_news(
    given: "Sequence[object]", since: str | None, affected: "Sequence[str] | None"
) -> None:
    """Raise InvalidInput where an update says nothing, or dates nothing."""
    if not any(given):
        message = "or another option is needed: what is new?"
        raise InvalidInput("The command", [Problem("--note", message)])
    if since is not None and not affected:
        raise InvalidInput("The command", [Problem("--since", "dates what --affected names")])


def _state(text: str | None) -> "State | None":
    from incident.states import State

    found = one_of("--state", text, tuple(State))
    return None if found is None else State(found)


def _severity(text: str | None) -> "Severity | None":
    from incident.severity import Severity

    found = one_of("--severity", text, tuple(Severity))
    return None if found is None else Severity(found)


def _updated(at: Desk, incident: str | None, wanted: "Update", output_format: Format) -> ExitCode:
    from incident import change

    def rule(known: "Sequence[Incident]") -> "Words":
        return change.update(_chosen(at, known, incident), at.voice, wanted)

    return answer(at, at.book.write(rule), output_format)


def acknowledge(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    incident: Which = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    note: Note = None,
    yes: Yes = False,
) -> ExitCode:
    """Say that you have seen it and are at it."""
    demand_yes(output_format, yes=yes)
    at = desk(zone, manifest)
    from incident import change

    def rule(known: "Sequence[Incident]") -> "Words":
        return change.acknowledge(_chosen(at, known, incident), at.voice, (note or "").strip())

    return answer(at, at.book.write(rule), output_format)


def close(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    incident: Which = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    reason: Why,
    yes: Yes = False,
) -> ExitCode:
    """Close an incident that was watched for long enough. It is never opened again."""
    demand_yes(output_format, yes=yes)
    at = desk(zone, manifest)
    from incident import change

    def rule(known: "Sequence[Incident]") -> "Words":
        return change.close(_chosen(at, known, incident), at.voice, reason)

    return answer(at, at.book.write(rule), output_format)


def _chosen(at: Desk, known: "Sequence[Incident]", incident: str | None) -> "Incident":
    from incident.change import chosen

    return chosen(known, incident, at.session.around.manifest.zone)


def _roles(given: "Sequence[str]") -> "dict[Role, str]":
    from incident.record import Role

    pairs = [one.partition("=") for one in given]
    roles, problems = [str(each) for each in Role], []
    for role, _, name in pairs:
        if role not in roles or not name.strip():
            example = f"write ROLE=NAME; roles are {', '.join(roles)}"
            problems.append(Problem("--role", f"{role!r}: {example}"))
    if problems:
        raise InvalidInput("The command", problems)
    return {Role(role): name.strip() for role, _, name in pairs}
