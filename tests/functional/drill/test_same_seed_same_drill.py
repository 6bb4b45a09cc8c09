import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from drill.verdict import Verdict
from drill.verdict_json import as_json

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


def test_the_same_seed_gives_the_same_verdict_byte_for_byte(play: Play) -> None:
    assert text(play("region-loss", seed=5)) == text(play("region-loss", seed=5))


def test_other_processes_do_not_change_a_byte(tmp_path: Path) -> None:
    assert in_a_process("1", tmp_path) == in_a_process("2", tmp_path)


def test_another_seed_is_another_drill(play: Play) -> None:
    assert text(play("region-loss", seed=5)) != text(play("region-loss", seed=6))
