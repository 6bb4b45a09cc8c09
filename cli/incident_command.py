"""`holdfast incident ...`: the commands by which people keep the record of an incident.

`cli.main` registers the group. Declaring, changing and looking are a file each.
"""

import typer

from cli.incident_change import acknowledge, close, update
from cli.incident_declare import declare
from cli.incident_deliver import deliver_messages
from cli.incident_look import list_incidents, show
from cli.incident_review import review

incident = typer.Typer(
    help="Declare an incident, say how it goes, and see all of it on one timeline.",
    no_args_is_help=True,
)
for _command in (declare, update, acknowledge, close, show):
    incident.command(name=_command.__name__)(_command)
incident.command(name="list")(list_incidents)
incident.command(name="deliver")(deliver_messages)
incident.command(name="review")(review)
