"""A process that has read the code of a year before anybody needs it, and others come from it.

`cli.year_command` begins it first of all: it reads side by side with the command itself, and the
stretches of a year (`drill.year_stretches`) come from it ready to play, instead of each reading
everything once more. It was started anew, so that no lock of ours is copied, and ends with us.
"""

import multiprocessing
from multiprocessing import forkserver


def begin() -> None:
    """Let it read; that it runs already is well."""
    multiprocessing.set_forkserver_preload(["drill.year"])
    forkserver.ensure_running()
