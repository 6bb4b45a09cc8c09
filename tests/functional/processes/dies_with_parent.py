"""Runs `holdfast ARGUMENTS...` in a process that the kernel ends as soon as its parent is gone.

`conftest.py` and `test_no_process_is_left.py` start it: `dies_with_parent.py PARENT ARGUMENTS...`.
A test run that is killed ends no child by itself; drivers that watch and simulators would stay.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""linux/prctl.h; elsewhere than on Linux children live on, as they always did."""

if __name__ == "__main__":
    parent, *arguments = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):  # it was gone before the kernel knew
            sys.exit(1)

    from cli.main import main

    sys.exit(main(arguments))
