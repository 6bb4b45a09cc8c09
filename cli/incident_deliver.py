"""`holdfast incident deliver`: tell people what the record owes them, now or as it becomes due.

`cli.incident_command` registers it. Other commands deliver after they have written, a failover
delivers in its pauses; this one is for what they left, for channels that somebody has mended, and
for pages that must go on to the next person.
"""

import sys
from typing import Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes
from cli.incident_messages import Delivered, deliver
from cli.incident_options import Desk, desk
from cli.output import Format, print_json
from continuity.errors import InvalidInput, Problem, Refusal

LOOK_S = 60.0
"""How often the record is looked at while `--watch` lasts."""


def deliver_messages(
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, deliver what becomes due, and call people.")
    ] = False,
    yes: Yes = False,
) -> ExitCode:
    """Deliver what is owed now, also through channels that are being left alone."""
    demand_yes(output_format, yes=yes)
    if watch and output_format is Format.JSON:
        raise InvalidInput("The command", [Problem("--watch", "tells as it goes, in text only")])
    at = desk(zone, manifest)
    if not at.session.channels:
        raise Refusal(f"{zone} has no channels.", "Name them in its file, and deploy it.")
    found = deliver(at, patient=False)
    if output_format is Format.JSON:
        print_json({"zone": zone, "messages": found.as_json(), "trouble": found.trouble or None})
    else:
        _say(found, otherwise="Nothing is owed.")
    while watch:
        _wait(at, found)
        found = deliver(at)
        _say(found)
    failed = found.trouble or any(one.failure for one in found.results)
    return ExitCode.FAILED if failed else ExitCode.OK


def _wait(at: Desk, found: Delivered) -> None:
    clock = at.session.around.clock
    ahead_s = LOOK_S
    if found.next_at is not None:
        ahead_s = (found.next_at - clock.now()).total_seconds()
    clock.sleep(min(LOOK_S, max(1.0, ahead_s)))


def _say(found: Delivered, otherwise: str = "") -> None:
    lines = found.lines() or [one for one in [otherwise] if one]
    sys.stdout.write("".join(f"{one}\n" for one in lines))
    sys.stdout.flush()
