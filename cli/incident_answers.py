"""What the commands of `holdfast incident` say, to people and to programs: keys that stay."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from cli.columns import columns
from cli.exit_codes import ExitCode
from cli.incident_messages import deliver
from cli.output import Format, print_json
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from cli.incident_options import Desk
    from continuity.critical_functions import RestsOn
    from continuity.errors import HoldfastError
    from continuity.zone import SiteName
    from incident.book import Noted
    from incident.record import Incident
    from incident.timeline import Line

_TIME = "%Y-%m-%d %H:%M:%S"


def answer(at: "Desk", noted: "Noted", output_format: Format) -> ExitCode:
    """Deliver what is owed now; say what was written, or that it stood there already."""
    found, told = noted.incident, deliver(at)
    if output_format is Format.JSON:
        print_json(
            {
                "zone": at.session.around.manifest.zone,
                "incident": incident_json(found, at.book.functions),
                "written": [one.text for one in noted.written],
                "messages": told.as_json(),
            }
        )
        return ExitCode.OK
    said = [one.text for one in noted.written] or ["Nothing is new: it stands there already."]
    said += told.lines()
    sys.stdout.write("".join([f"{heading(found)}\n", *(f"  {one}\n" for one in said)]))
    return ExitCode.OK


def heading(found: "Incident") -> str:
    """Return an incident in one line."""
    return f"{found.id}  {found.severity}  {found.state}  {found.title}"


def incident_json(found: "Incident", functions: "Sequence[RestsOn]") -> dict[str, object]:
    """Return an incident with its durations and its impact; moments in ISO 8601."""
    from incident.measures import durations, impact

    return {
        "id": found.id,
        "title": found.title,
        "severity": str(found.severity),
        "meaning": found.severity.meaning,
        "state": str(found.state),
        "declared_at": found.declared_at.isoformat(),
        "began_at": found.began_at.isoformat(),
        "roles": {str(role): name for role, name in found.roles.items()},
        "affected": [
            {"service": one.service, "since": one.since.isoformat(), "until": _iso(one.until)}
            for one in found.affected
        ],
        "impact": [
            {
                "function": str(one.function),
                "services": list(one.services),
                "since": one.since.isoformat(),
                "until": _iso(one.until),
            }
            for one in impact(found, functions)
        ],
        "durations": asdict(durations(found)),
        "runs": [asdict(one) for one in found.runs],
    }


def list_text(
    zone: str, found: "Sequence[Incident]", unread: "Mapping[SiteName, HoldfastError]"
) -> str:
    """Return a row an incident."""
    rows = [
        (one.id, str(one.severity), str(one.state), f"{one.began_at:{_TIME}}", one.title)
        for one in found
    ]
    told = [f"{zone}: {len(rows)} on record, times in UTC", *(columns(rows) if rows else ())]
    told += [f"The log in {site} cannot be read: {error}" for site, error in unread.items()]
    return "".join(f"{line}\n" for line in told)


def show_text(found: "Incident", functions: "Sequence[RestsOn]", lines: "Sequence[Line]") -> str:
    """Return all that is known of an incident."""
    rows = [(f"{one.at:%m-%d %H:%M:%S}", one.kind, _who(one), one.text) for one in lines]
    told = [heading(found), *_facts(found, functions), "Timeline, in UTC", *columns(rows)]
    return "".join(f"{line}\n" for line in told)


def _facts(found: "Incident", functions: "Sequence[RestsOn]") -> Iterator[str]:
    from incident.measures import durations, impact

    yield f"  {found.severity}: {found.severity.meaning}"
    yield f"  began {found.began_at:{_TIME}} UTC, declared {found.declared_at:{_TIME}} UTC"
    times = asdict(durations(found)).items()
    known = [f"{name[:-2]} {seconds_text(value)}" for name, value in times if value is not None]
    yield f"  after it began: {', '.join(known)}"
    if found.roles:
        yield f"  {', '.join(f'{role}: {name}' for role, name in found.roles.items())}"
    for one in impact(found, functions):
        end = "still" if one.until is None else f"until {one.until:{_TIME}}"
        services = ", ".join(one.services)
        yield f"  hit: {one.function} ({services}) since {one.since:{_TIME}} {end}"


def _who(line: "Line") -> str:
    return line.actor.rpartition("/")[2]


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
