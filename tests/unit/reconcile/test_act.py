"""What is written, told and proven, in which order, and what a repeat does."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pulumi.automation import CommandResult

from continuity.agreement import Unexpected
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.run import Run
from reconcile import stack_file
from reconcile.act import ENGINE, NOBODY, REHEARSED, Answered, Doing, answer
from reconcile.plan import Plan, Zone
from simulator.project import parsed_config

STACKS = Path(__file__).parents[3] / "stacks"
PROMOTED = {name: ("replica", f"we1-{name}-away-1", "") for name in ("orders", "billing", "files")}
WRONG = (Unexpected("urn:x", "would delete the database x"),)


@dataclass
class FakeCommand:
    """The CLI over a state that holds nothing, whose preview has these steps."""

    steps: list[dict[str, object]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)

    def run(self, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> CommandResult:
        assert cwd
        assert additional_env
        self.ran.append(args[0])
        return CommandResult(json.dumps({"deployment": {}, "steps": self.steps}), "", 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "stacks").mkdir()
    shutil.copy(STACKS / "Pulumi.we1.yaml", tmp_path / "stacks")
    return tmp_path


@pytest.fixture
def zone(played: Callable[..., Run], manifest: Manifest, project: Path) -> Zone:
    text = (project / stack_file.path("we1")).read_text("utf-8")
    run = played("recovered", opened=True, **PROMOTED)
    return Zone(manifest, run, text, parsed_config("we1", text), left_answers=False)


def act(
    zone: Zone,
    project: Path,
    *,
    command: FakeCommand | None = None,
    apply: bool = True,
    found: tuple[Unexpected, ...] = (),
) -> Answered:
    def rehearsed(plan: Plan, seen: Zone, root: Path) -> tuple[Unexpected, ...]:
        assert (plan.zone, seen, root) == ("we1", zone, project)
        return found

    return answer(zone, Doing(project, command, apply, lambda *_: None, rehearsed))


def written(project: Path) -> str:
    return (project / stack_file.path("we1")).read_text("utf-8")


def test_a_plan_writes_nothing(zone: Zone, project: Path) -> None:
    found = act(zone, project, apply=False)
    assert (found.proven, found.written) == (REHEARSED, False)
    assert written(project) == zone.text


def test_nothing_is_written_that_the_rehearsal_did_not_prove(zone: Zone, project: Path) -> None:
    found = act(zone, project, found=WRONG)
    assert (found.unexpected, found.proven, found.written) == (WRONG, NOBODY, False)
    assert written(project) == zone.text


def test_without_the_cli_the_file_alone_is_written(zone: Zone, project: Path) -> None:
    found = act(zone, project)
    assert (found.proven, found.written, found.performed) == (REHEARSED, True, ())
    assert written(project) == found.plan.after
    assert [one.name for one in (project / "stacks").iterdir()] == ["Pulumi.we1.yaml"]


def test_with_the_cli_the_state_is_told_and_the_engine_proves_it(zone: Zone, project: Path) -> None:
    command = FakeCommand()
    found = act(zone, project, command=command)
    assert (found.proven, found.written) == (ENGINE, True)
    assert command.ran == ["stack", "preview"]


def test_what_the_engine_would_do_wrong_is_no_proof(zone: Zone, project: Path) -> None:
    urn = "urn:pulumi:we1::holdfast::aws:rds/instance:Instance::we1-orders-away-1"
    found = act(zone, project, command=FakeCommand([{"op": "replace", "urn": urn}]))
    assert found.proven == NOBODY
    assert [one.urn for one in found.unexpected] == [urn]


def test_a_repeat_writes_nothing_again_and_proves_again(zone: Zone, project: Path) -> None:
    act(zone, project)
    text = written(project)
    again = replace(zone, text=text, config=parsed_config("we1", text))
    found = act(again, project, command=FakeCommand())
    assert (found.written, found.proven) == (False, ENGINE)
    assert written(project) == text


def test_where_nothing_changed_hands_nothing_is_rehearsed(
    zone: Zone, project: Path, played: Callable[..., Run]
) -> None:
    aborted = replace(zone, run=played("aborted", opened=False))
    found = act(aborted, project, found=WRONG)
    assert (found.unexpected, found.proven, found.written) == ((), NOBODY, False)
    assert found.plan.decision.data.active is SiteName.HOME
