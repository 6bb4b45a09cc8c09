"""`holdfast failover ...`: the commands by which people recover a zone.

`cli.main` registers the group. Looking, driving and deciding are a file each.
"""

import typer

from cli.failover_decide import abort, approve, open_without, pause
from cli.failover_drive import start
from cli.failover_fence import fence
from cli.failover_look import history, plan, status
from cli.failover_resume import resume
from cli.failover_retire import retire
from cli.open_runs import open_runs

failover = typer.Typer(
    help="Recover a zone whose region is lost: plan, start, approve, follow.",
    no_args_is_help=True,
)
for _command in (plan, start, approve, status, pause, resume, abort, fence, retire, history):
    failover.command(name=_command.__name__)(_command)
failover.command(name="open")(open_without)
failover.command(name="open-runs")(open_runs)
