"""The door as a shell meets it: in a process of its own, looking at what it had to import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("boto3", "botocore", "moto", "pulumi", "pulumi_aws")
PROGRAM = f"""
import json, sys
from cli.main import main
code = main(sys.argv[1:])
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.stderr.write("\\n" + json.dumps(loaded))
sys.exit(code)
"""


def holdfast(*arguments: str, folder: Path) -> tuple[int, str, str, list[str]]:
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=60,
    )
    said, _, loaded = done.stderr.rpartition("\n")
    return done.returncode, done.stdout, said, json.loads(loaded)


HELPS = [
    ["--help"],
    ["check", "--help"],
    ["drill", "--help"],
    ["preview", "--help"],
    ["simulator", "--help"],
    ["failover", "--help"],
    ["failover", "start", "--help"],
    ["failover", "status", "--help"],
]


@pytest.mark.parametrize("arguments", HELPS)
def test_help_answers_without_an_aws_library(arguments: list[str], tmp_path: Path) -> None:
    code, out, _, loaded = holdfast(*arguments, folder=tmp_path)
    assert (code, loaded) == (0, [])
    assert "Usage: holdfast" in out


def test_the_version_is_told(tmp_path: Path) -> None:
    code, out, _, loaded = holdfast("--version", folder=tmp_path)
    assert (code, out, loaded) == (0, "holdfast 0.1.0\n", [])


USAGE = [
    (["dril"], "No such command"),
    (["--fast"], "No such option"),
    (["drill", "--seed", "many"], "Invalid value for '--seed'"),
    (["drill", "--seed", "-1"], "Invalid value for '--seed'"),
    (["drill", "--format", "xml"], "Invalid value for '--format'"),
    (["drill", "--zone"], "requires an argument"),
    (["drill", "a", "b"], "unexpected extra argument"),
    (["drill", "region-los"], "there is no 'region-los'; give FILE.toml or one of denied"),
    (["drill", "none.toml"], "FILE: No such file or directory"),
    (["drill", "--report", "drill.pdf"], "drill.pdf must end in .html or .md"),
    (["failover", "history", "we1", "--report", "a/b.md"], "--report: there is no folder a"),
    (["failover", "resume", "we1", "--report", "a/b.md"], "--report: there is no folder a"),
    (["failover", "start", "we1", "--report", "a/b.md"], "--report: there is no folder a"),
    (["failover", "start", "we1", "--watch", "--report", "b.md"], "and --watch goes on after it"),
    (["preview", "--format", "xml"], "Invalid value for '--format'"),
    (["preview", "we9"], "we9"),
    (["drill", "--zone", "we9"], "there is no 'we9'; zones are"),
    (["simulator", "--zone", "we9"], "there is no 'we9'; zones are"),
    (["simulator", "--speed", "0"], "Invalid value for '--speed'"),
    (["failover", "stop", "we1"], "No such command"),
    (["failover", "plan"], "Missing argument 'ZONE'"),
    (["failover", "plan", "we9"], "there is no 'we9'; zones are"),
    (["failover", "plan", "we1", "--manifest", "none.json"], "none.json"),
    (["failover", "approve", "we1"], "--plan: or --accept-data-loss is needed"),
    (["failover", "abort", "we1"], "Missing option '--reason'"),
    (["failover", "fence", "we1", "--apply", "--override"], "--apply: either --apply or"),
    (["failover", "fence", "we1", "--override"], "--reason: is needed to override a fence"),
    (["failover", "pause", "we1"], "Missing option '--reason'"),
    (["failover", "open", "we1", "--reason", "x"], "Missing option '--without'"),
    (["failover", "start", "we1", "--accept-data-loss", "orders"], "--reason: is needed"),
    (["failover", "start", "we1", "--move"], "--reason: is needed to have a zone moved"),
    (["failover", "start", "we1", "--move", "--reason", " "], "--reason: is needed to have"),
    (["check"], "Missing argument 'ZONE'"),
    (["check", "we9"], "there is no 'we9'; zones are"),
    (["check", "we9", "--simulated"], "there is no 'we9'; zones are"),
    (["check", "we1", "--manifest", "none.json"], "'none.json' does not exist"),
    (["check", "we1", "--simulated", "--manifest", "."], "Invalid value for '--manifest'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), USAGE)
def test_usage_errors_exit_2_without_an_aws_library(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    code, out, err, loaded = holdfast(*arguments, folder=tmp_path)
    assert (code, out, loaded) == (2, "", [])
    assert sentence in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["drill", "--format", "json", "--fast"], "No such option"),
        (["drill", "--zone", "we9", "--format=json"], "there is no 'we9'"),
        (["drill", "region-los", "--format", "json"], "there is no 'region-los'"),
        (["failover", "start", "we1", "--format", "json"], "--yes: is needed with --format json"),
        (["failover", "abort", "we1", "--reason", "x", "--format=json"], "--yes: is needed"),
        (["failover", "fence", "we1", "--apply", "--format=json"], "--yes: is needed"),
    ],
)
def test_usage_errors_are_json_where_json_was_asked(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    code, out, _, loaded = holdfast(*arguments, folder=tmp_path)
    assert (code, loaded) == (2, [])
    error = json.loads(out)["error"]
    assert error["exit_code"] == 2
    assert sentence in error["sentence"]


def test_every_problem_of_a_scenario_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\n[[fault]]\nat = "x"\nkind = "fire"\n')
    code, out, _, loaded = holdfast("drill", "mine.toml", "--format", "json", folder=tmp_path)
    assert (code, loaded) == (2, [])
    assert [one["path"] for one in json.loads(out)["error"]["problems"]] == [
        "fault[0].at",
        "fault[0].kind",
        "title",
    ]


def test_no_command_at_all_shows_the_help(tmp_path: Path) -> None:
    code, out, err, loaded = holdfast(folder=tmp_path)
    assert (code, loaded) == (2, [])
    assert "drill" in out + err


@pytest.mark.parametrize("host", ["0.0.0.0", "", "localhost", "::1", "192.168.1.1"])  # noqa: S104 - what must be refused
def test_a_simulator_that_others_could_reach_is_refused(host: str, tmp_path: Path) -> None:
    code, out, err, loaded = holdfast("simulator", "--host", host, folder=tmp_path)
    assert (code, out, loaded) == (5, "", [])
    assert "Let it listen on 127.0.0.1" in err
