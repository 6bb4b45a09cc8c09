"""`holdfast backup ...`: the commands by which people look after recovery points.

`cli.main` registers the group. Looking, acting, holding and restoring are a file each.
"""

import typer

from cli.backup_act import capture, copy, prune
from cli.backup_files import restore_files
from cli.backup_hold import hold, release
from cli.backup_look import list_points
from cli.backup_restore import restore
from cli.backup_verify import verify

backup = typer.Typer(
    help="Recovery points: list, capture, copy, verify, prune, hold, release, restore them.",
    no_args_is_help=True,
)
backup.command(name="list")(list_points)
backup.command(name="restore-files")(restore_files)
for _command in (capture, copy, verify, prune, hold, release, restore):
    backup.command(name=_command.__name__)(_command)
