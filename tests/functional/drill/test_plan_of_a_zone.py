"""The plan of the service zone, from its real program: one run for all of these tests."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from cli.main import app
from cli.plan_document_answers import answer, as_json, as_text
from continuity.channels import Channels, Service, StatusPage, Turn
from continuity.zone import SiteName
from drill.continuity_plan import continuity_plan
from incident.documents.document import Commands, Document
from incident.documents.pages import html, markdown
from incident.plan.contacts import REACHES
from incident.plan.values import ContinuityPlan
from incident.plan.whole import document

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def plan() -> ContinuityPlan:
    return continuity_plan(ROOT, "ops")


def test_the_committed_plan_is_what_code_and_config_say(plan: ContinuityPlan) -> None:
    path = ROOT / "docs/plan/ops.md"
    found = answer(plan, path, Path("docs/plan/ops.md"), check=True)
    assert as_text(found) == "docs/plan/ops.md is what code and config say.\n"


def test_a_plan_that_differs_is_told_with_what_to_type(
    plan: ContinuityPlan, tmp_path: Path
) -> None:
    path = tmp_path / "ops.md"
    path.write_text(markdown(document(plan)).replace("| 12 h |", "| 8 h |"), encoding="utf-8")
    found = answer(plan, path, Path("docs/plan/ops.md"), check=True)
    told = as_text(found)
    assert told.startswith("docs/plan/ops.md is not what code and config say now:\n  Objectives: ")
    assert "    -| Recovery time | 8 h |" in told
    assert told.endswith("-> holdfast plan-document ops --write\n")
    assert as_json(found)["current"] is False


def test_a_plan_that_was_never_written_is_missing(plan: ContinuityPlan, tmp_path: Path) -> None:
    found = answer(plan, tmp_path / "ops.md", Path("docs/plan/ops.md"), check=True)
    assert "(the whole document): is missing" in as_text(found)


def test_nothing_that_only_the_simulation_made_up_is_told(plan: ContinuityPlan) -> None:
    text = markdown(document(plan))
    assert plan.manifest.account not in text
    assert plan.manifest.traffic.hosted_zone_id not in text
    assert "arn:" not in text


def test_schedules_are_those_of_the_program(plan: ContinuityPlan) -> None:
    duties = {(one.duty, one.site): one.on for one in plan.declared.schedules}
    assert duties["prune", SiteName.AWAY]
    assert not duties["prune", SiteName.HOME]
    assert {duty for duty, _ in duties} == {"capture", "prune", "verify", "files", "files-test"}
    assert (plan.declared.versions_days, plan.declared.archive_days) == (180, 400)


def test_another_objective_makes_another_digest(plan: ContinuityPlan) -> None:
    objectives = replace(plan.manifest.objectives, rto=plan.manifest.objectives.rto * 2)
    other = replace(plan, manifest=replace(plan.manifest, objectives=objectives))
    before = answer(plan, Path("x"), Path("x"), check=False)
    after = answer(other, Path("x"), Path("x"), check=False)
    assert as_json(before)["digest"] != as_json(after)["digest"]


def test_channels_that_are_declared_are_told(plan: ContinuityPlan) -> None:
    page = StatusPage(("SEV1", "SEV2"), "abcd1234")
    turns, name = (Turn("first on call", 15),), "Western Europe 1"
    channels = Channels(status_page=page, escalation=turns, updates={"SEV1": 20}, zone_name=name)
    told = replace(plan, manifest=replace(plan.manifest, channels=channels))
    text = markdown(document(told))
    assert "| status page | clients of page abcd1234 | SEV1, SEV2 |" in text
    assert "| 1 | first on call | 15 min |" in text
    assert "customers hear again: SEV1 every 20 min." in text
    assert "Customers know the zone as Western Europe 1." in text
    assert "holdfast incident deliver ops --watch" in text
    assert "No channels are declared" not in text


def test_updates_that_a_zone_does_not_promise_itself_are_told_as_usual(
    plan: ContinuityPlan,
) -> None:
    channels = Channels(status_page=StatusPage(("SEV1",), "abcd1234"))
    told = replace(plan, manifest=replace(plan.manifest, channels=channels))
    assert "hear again: SEV1 every 30 min, SEV2 every 1 h." in markdown(document(told))


def test_the_review_comes_before_the_closing(plan: ContinuityPlan) -> None:
    lines = markdown(document(plan))
    assert lines.index("--held") < lines.index("holdfast incident close ops")


def test_every_kind_of_channel_is_told() -> None:
    assert set(REACHES) == set(Service)


def test_keys_are_unique_on_the_page(plan: ContinuityPlan) -> None:
    ids = re.findall(r' id="([^"]+)"', html(document(plan)))
    assert len(ids) == len(set(ids))


def commands(made: Document) -> list[str]:
    parts = [
        part
        for chapter in made.chapters
        for owner in (chapter, *chapter.sections)
        for part in owner.parts
    ]
    return sorted({line for part in parts if isinstance(part, Commands) for line in part.lines})


def test_every_command_of_the_plan_can_be_typed(plan: ContinuityPlan) -> None:
    lines = commands(document(plan))
    assert len(lines) > 20
    root = typer.main.get_command(app)
    for line in lines:
        command, (_, *words) = root, shlex.split(line)
        while hasattr(command, "commands"):
            command, words = command.commands[words[0]], words[1:]
        command.make_context(line, words)
