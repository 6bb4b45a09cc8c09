"""`holdfast incident list` and `show`: what is on record, and one incident on one timeline.

`cli.incident_command` registers them.
"""

import sys

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.incident_options import Which, desk
from cli.output import Format, print_json


def list_incidents(
    zone: Zone, manifest: ManifestFile = None, output_format: Answer = Format.TEXT
) -> ExitCode:
    """List the zone's incidents, newest first."""
    at = desk(zone, manifest)
    from cli.incident_answers import incident_json, list_text

    shelf = at.book.read()
    found = shelf.known[::-1]
    if output_format is Format.JSON:
        unread = {str(site): str(error) for site, error in shelf.unread.items()}
        rows = [incident_json(one, at.book.functions) for one in found]
        print_json({"zone": zone, "incidents": rows, "unread": unread})
    else:
        sys.stdout.write(list_text(zone, found, shelf.unread))
    return ExitCode.OK


def show(
    zone: Zone,
    incident: Which = None,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
) -> ExitCode:
    """Show one incident: how long, what it hit, and all that happened, runs included."""
    at = desk(zone, manifest)
    from cli.incident_answers import incident_json, show_text
    from incident.change import chosen

    found = chosen(at.book.read().known, incident, zone)
    lines, notes = at.book.timeline(found)
    if output_format is Format.JSON:
        print_json(
            {
                "zone": zone,
                "incident": incident_json(found, at.book.functions),
                "timeline": [line.as_json() for line in lines],
                "unread": list(notes),
            }
        )
    else:
        sys.stdout.write(show_text(found, at.book.functions, lines))
        sys.stderr.write("".join(f"holdfast: {note}\n" for note in notes))
    return ExitCode.OK
