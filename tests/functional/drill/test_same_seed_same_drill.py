import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from drill.verdict import Verdict
from drill.verdict_json import as_json
from simulator import told_once

Play = Callable[..., Verdict]

DRILL = "import sys; from cli.main import main; sys.exit(main(sys.argv[1:]))"


def text(verdict: Verdict) -> str:
    return json.dumps(as_json(verdict), indent=2)


def in_a_process(hash_seed: str, folder: Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-c", DRILL, "drill", "--zone", "sa1", "--format", "json"],
        capture_output=True,
        check=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        timeout=120,
    )
    return done.stdout


def test_a_seed_gives_one_verdict_byte_for_byte_and_another_seed_another(play: Play) -> None:
    """The second world is told what the program said to the first: that shows nowhere."""
    told_once.forget()
    first = text(play("region-loss", zone="ops"))
    assert text(play("region-loss", zone="ops")) == first
    assert text(play("region-loss", zone="ops", seed=6)) != first


def test_other_processes_do_not_change_a_byte(tmp_path: Path) -> None:
    assert in_a_process("1", tmp_path) == in_a_process("2", tmp_path)
