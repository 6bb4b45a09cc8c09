"""A test run that is killed leaves no simulator and no driver behind."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([str(os.getpid()) if one == "PARENT" else one for one in sys.argv[2:]])
time.sleep(float(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(("how", "after_s"), [(signal.SIGKILL, "0"), (signal.SIGTERM, "0.5")])
def test_a_simulator_ends_with_the_process_that_started_it(
    command: tuple[str, ...], how: signal.Signals, after_s: str
) -> None:
    words = ["PARENT" if word == str(os.getpid()) else word for word in command]
    parent = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        (
            sys.executable,
            "-c",
            PARENT,
            after_s,
            *words,
            "simulator",
            "--zone",
            "ops",
            "--port",
            "0",
        ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(how)
    try:
        parent.communicate(timeout=60)  # the child has this pipe too: it ends when both are gone
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    assert parent.returncode == -how
