"""The workflows of the pipeline pin, narrow and guard what they use.

actionlint judges their syntax (`make workflows`); these are the rules that it does not know. What
a workflow must never do is shown on one that does it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"
PINNED = re.compile(r"uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
FROM_HERE = "github.event.pull_request.head.repo.full_name == github.repository"
READ_ONLY = ({}, {"contents": "read"})
SIGNED_IN = {"contents": "read", "id-token": "write"}
FILES = tuple(sorted(path.name for path in FOLDER.iterdir()))

CARELESS = """
on: {pull_request_target: {}}
permissions: write-all
concurrency: {group: one, cancel-in-progress: true}
jobs:
  up:
    permissions: {contents: write, id-token: write}
    steps:
      - uses: actions/checkout@v6
      - run: pulumi up --stack we1 --message "${{ github.event.pull_request.title }}"
"""
SILENT = CARELESS.replace(", cancel-in-progress: true", "")


def _judged(text: str) -> dict[str, bool]:
    """Return which rules a workflow keeps."""
    found: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - strings only
    uses = [line.strip() for line in text.splitlines() if "uses: " in line]
    rules = {
        "every action is pinned by its commit": all(PINNED.search(line) for line in uses),
        "nothing runs for a fork with the rights of this repository": (
            "pull_request_target" not in found["on"] and "workflow_run" not in found["on"]
        ),
        "no right is granted but by a job": found["permissions"] == {},
        "what may be cancelled is said": "cancel-in-progress" in found["concurrency"],
        "no text of others is pasted into a script": not _pasted(found),
        "nothing is deployed": not re.search(r"pulumi (up|destroy|refresh|import)|--apply", text),
        "zones come from their files": not re.search(r"\b(we1|we2|sa1)\b", text),
    }
    return rules | _of_jobs(found)


def _of_jobs(found: dict[str, Any]) -> dict[str, bool]:
    jobs = list(found["jobs"].values())
    signed_in = [job for job in jobs if "id-token" in job["permissions"]]
    checkouts = [step for step in _steps(found) if "actions/checkout@" in step.get("uses", "")]
    return {
        "every job ends": all("timeout-minutes" in job for job in jobs),
        "a job reads, and may ask for a role": all(
            job["permissions"] in (*READ_ONLY, SIGNED_IN) for job in jobs
        ),
        "forks get no credentials": all(FROM_HERE in job.get("if", "") for job in signed_in),
        "a role is asked for by a guarded environment": all(
            "environment" in job for job in signed_in
        ),
        "what is signed in is never cut off": not signed_in
        or found["concurrency"].get("cancel-in-progress") == "false",
        "no checkout leaves a token behind": all(
            step.get("with", {}).get("persist-credentials") == "false" for step in checkouts
        ),
    }


def _steps(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (step for job in found["jobs"].values() for step in job["steps"])


def _pasted(found: dict[str, Any]) -> bool:
    return any("${{" in step.get("run", "") for step in _steps(found))


@pytest.mark.parametrize("name", FILES)
def test_a_workflow_pins_narrows_and_guards_what_it_uses(name: str) -> None:
    judged = _judged((FOLDER / name).read_text())
    assert [rule for rule, kept in judged.items() if not kept] == []


def test_careless_workflows_keep_none_of_the_rules() -> None:
    careless, silent = _judged(CARELESS), _judged(SILENT)
    assert [rule for rule in careless if careless[rule] and silent[rule]] == []


def test_each_action_has_one_version_over_all_workflows() -> None:
    versions: dict[str, set[str]] = {}
    for name in FILES:
        for action, commit in re.findall(r"uses: (\S+)@(\S+)", (FOLDER / name).read_text()):
            versions.setdefault(action, set()).add(commit)
    assert {action: len(commits) for action, commits in versions.items() if len(commits) > 1} == {}


def test_the_pipeline_runs_the_engine_that_the_program_is_written_for() -> None:
    installed = re.search(r"pulumi-version: (\S+)", (FOLDER / "preview.yml").read_text())
    constraint = re.search(r"^pulumi==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert installed is not None
    assert constraint is not None
    assert installed[1] == constraint[1]


def test_the_pipeline_runs_all_checks_of_the_makefile() -> None:
    scripts = "\n".join((FOLDER / name).read_text() for name in FILES)
    targets = set(re.findall(r"run: make ([a-z-]+)$", scripts, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text()
    assert targets == {"check", "test", "pages", "workflows"}
    assert [one for one in targets if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == []
