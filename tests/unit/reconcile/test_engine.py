"""The Pulumi CLI, faked: what it is called with, in which order, and what its answers mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandResult
from pulumi.automation.errors import create_command_error

from continuity.agreement import Live
from continuity.errors import PermanentError
from reconcile.engine import EngineStack
from reconcile.operations import Operation, Refresh, Unprotect

OLD = "urn:pulumi:we1::holdfast::a$aws:rds/instance:Instance::we1-orders-home-1"
LIVE_URN = "urn:pulumi:we1::holdfast::a$aws:rds/instance:Instance::we1-orders-away-1"
LIVE = Live("eu-central-1", frozenset({"we1-orders-away-1"}), frozenset())
WANTED = (Unprotect(OLD, "old"), Refresh((LIVE_URN,), "healthy side"))


@dataclass
class FakeCommand:
    """Answers as the CLI does; `fails` is the beginning of the arguments at which it fails."""

    resources: list[dict[str, Any]]
    steps: list[dict[str, Any]] = field(default_factory=list)
    fails: str = "-"
    ran: list[str] = field(default_factory=list)

    def run(self, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> CommandResult:
        assert (cwd, dict(additional_env)) == ("project", {"PULUMI_SKIP_UPDATE_CHECK": "true"})
        line = " ".join(args)
        self.ran.append(line)
        if line.startswith(self.fails):
            raise create_command_error(CommandResult("", "error: no credentials", 255))
        answers = {
            "stack export": {"version": 3, "deployment": {"resources": self.resources}},
            "preview": {"steps": self.steps},
        }
        found = next((each for name, each in answers.items() if line.startswith(name)), {})
        return CommandResult(json.dumps(found), "", 0)


def state(*, protected: bool) -> list[dict[str, Any]]:
    return [
        {"urn": OLD, "id": "db-OLD", "protect": protected},
        {"urn": LIVE_URN, "id": "db-LIVE", "protect": True},
        {"urn": f"{OLD}-gone", "id": "db-GONE", "delete": True},
    ]


def stack(command: FakeCommand) -> EngineStack:
    return EngineStack(command, Path("project"), "we1")


def test_the_state_is_read_first_and_then_told_command_by_command() -> None:
    command, told = FakeCommand(state(protected=True)), list[Operation]()
    assert stack(command).perform(WANTED, told.append) == WANTED
    assert command.ran == [
        "stack export --stack we1",
        f"state unprotect {OLD} --stack we1 --yes",
        f"refresh --stack we1 --yes --skip-preview --target {LIVE_URN}",
    ]
    assert told == list(WANTED)


def test_what_the_state_says_already_is_not_said_again() -> None:
    command = FakeCommand(state(protected=False))
    done = stack(command).perform(WANTED, lambda _: None)
    assert done == WANTED[1:]


def test_a_command_that_fails_says_how_to_go_on() -> None:
    command = FakeCommand(state(protected=True), fails="refresh")
    with pytest.raises(PermanentError) as caught:
        stack(command).perform(WANTED, lambda _: None)
    assert "pulumi refresh failed" in str(caught.value)
    assert "no credentials" in str(caught.value)
    assert "holdfast reconcile we1 --apply: it goes on where this stopped" in str(caught.value)


def test_the_engines_own_preview_is_the_proof() -> None:
    same = {"op": "same", "urn": LIVE_URN}
    command = FakeCommand([], steps=[same])
    assert stack(command).prove(LIVE) == ()
    assert command.ran == ["preview --stack we1 --json"]


def test_an_operation_that_must_not_be_is_told_with_its_urn() -> None:
    inputs = {"identifier": "we1-orders-away-1", "region": "eu-central-1"}
    gone = {"op": "delete", "urn": LIVE_URN, "oldState": {"inputs": inputs}}
    [found] = stack(FakeCommand([], steps=[gone])).prove(LIVE)
    assert found.urn == LIVE_URN
    assert found.reason == "would delete the database we1-orders-away-1"
