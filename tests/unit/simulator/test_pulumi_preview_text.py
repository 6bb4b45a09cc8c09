import json

import pytest

from cli.exit_codes import ExitCode
from cli.output import PreviewFormat
from cli.preview_command import exit_code, render
from cli.preview_text import as_markdown, as_text
from policy.rule import Finding, Level
from simulator.changes import Change, Operation, PropertyChange
from simulator.preview import ZonePreview

STACK = "urn:pulumi:we1::holdfast::"
ORDERS = f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Database::we1-orders"
NETWORK = f"{STACK}holdfast:stacks:Zone$holdfast:stacks:Network::we1-home-network"
INSTANCE = "aws:rds/instance:Instance"


def change(operation: Operation, kind: str, name: str, parent: str, **more: object) -> Change:
    return Change(operation, f"{parent}${kind}::{name}", kind, name, parent, **more)  # type: ignore[arg-type]


REPLACED = change(
    Operation.REPLACE,
    INSTANCE,
    "we1-orders-home-1",
    ORDERS,
    differences=(
        PropertyChange("engine", "postgres", "mysql"),
        PropertyChange("password", "[secret]", "[secret]"),
    ),
    replacing=("engine",),
)
CREATED = change(Operation.CREATE, "aws:ec2/vpc:Vpc", "we1-home-vpc", NETWORK)
UPDATED = change(
    Operation.UPDATE,
    "aws:rds/parameterGroup:ParameterGroup",
    "we1-orders-parameters",
    ORDERS,
    differences=(PropertyChange("description", None, "x" * 100),),
)
PREVIEW = ZonePreview("we1", (REPLACED, CREATED, UPDATED), 7, ("orders is protected.",))
CALM = ZonePreview("ops", (), 3, ())


def test_text_counts_warns_and_groups_by_component() -> None:
    assert as_text(PREVIEW).splitlines() == [
        "we1: 1 to create, 1 to update, 1 to replace, 7 unchanged",
        "  !!! REPLACES THE DATABASE we1-orders-home-1: engine",
        "  !!! orders is protected.",
        "  Database we1-orders",
        "    ± we1-orders-home-1  aws:rds/instance:Instance  !!! DATABASE",
        "        engine: postgres -> mysql (forces replacement)",
        "        password: [secret] -> [secret]",
        "    ~ we1-orders-parameters  aws:rds/parameterGroup:ParameterGroup",
        f"        description: (none) -> {'x' * 60}…",
        "  Network we1-home-network",
        "    + we1-home-vpc  aws:ec2/vpc:Vpc",
    ]


def test_markdown_warns_in_the_open_and_folds_the_rest() -> None:
    text = as_markdown(PREVIEW)
    assert text.startswith("### we1\n\n1 to create, 1 to update, 1 to replace, 7 unchanged\n")
    assert "> **REPLACES THE DATABASE we1-orders-home-1: engine**" in text
    assert "<details><summary>Database we1-orders (2)</summary>" in text
    assert "- create `we1-home-vpc` (aws:ec2/vpc:Vpc)\n" in text


def test_a_zone_without_changes_is_one_line() -> None:
    assert as_text(CALM) == "ops: 3 unchanged\n"


def test_json_is_one_object_or_a_list_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    render([PREVIEW], "main", PreviewFormat.JSON)
    one = json.loads(capsys.readouterr().out)
    assert (one["zone"], one["against"]) == ("we1", "main")
    assert one["counts"] == {"replace": 1, "create": 1, "update": 1, "same": 7}
    assert one["lost_databases"] == ["we1-orders-home-1"]
    assert one["changes"][0]["replacing"] == ["engine"]
    render([PREVIEW, CALM], None, PreviewFormat.JSON)
    assert [row["zone"] for row in json.loads(capsys.readouterr().out)] == ["we1", "ops"]


def test_text_and_markdown_are_written_for_every_zone(capsys: pytest.CaptureFixture[str]) -> None:
    render([CALM, CALM], None, PreviewFormat.TEXT)
    assert capsys.readouterr().out == "ops: 3 unchanged\n\nops: 3 unchanged\n"
    render([CALM], None, PreviewFormat.MARKDOWN)
    assert capsys.readouterr().out == "### ops\n\n3 unchanged\n"


@pytest.mark.parametrize(
    ("operation", "kind", "lost"),
    [
        (Operation.DELETE, INSTANCE, True),
        (Operation.DELETE, "aws:rds/cluster:Cluster", True),
        (Operation.UPDATE, INSTANCE, False),
        (Operation.RETAIN, INSTANCE, False),
        (Operation.DELETE, "aws:rds/subnetGroup:SubnetGroup", False),
    ],
)
def test_only_what_ends_a_database_is_marked(
    operation: Operation, kind: str, *, lost: bool
) -> None:
    preview = ZonePreview("we1", (change(operation, kind, "x", ORDERS),), 0, ())
    assert [one.name for one in preview.lost_databases] == (["x"] if lost else [])
    assert ("!!!" in as_text(preview)) is lost


def test_what_pulumi_would_refuse_exits_as_refused() -> None:
    assert exit_code([CALM, PREVIEW]) is ExitCode.REFUSED
    assert exit_code([CALM]) is ExitCode.OK


OPEN = Finding("tagged", Level.MANDATORY, "we1-home-vpc", "urn", "carries no tag; give it one.")
SMALL = Finding("sites-equal-tasks", Level.MANDATORY, "we1-task", "urn", "is small.", "until May")
JUDGED = ZonePreview("we1", (), 3, (), (SMALL, OPEN))


def test_findings_stand_before_the_changes_and_those_that_stop_first() -> None:
    assert as_text(JUDGED).splitlines() == [
        "we1: 3 unchanged",
        "  mandatory we1-home-vpc: carries no tag; give it one.  [tagged]",
        "  excused we1-task: is small. Excused: until May  [sites-equal-tasks]",
    ]
    rows = as_markdown(JUDGED).splitlines()
    assert "#### Policy" in rows
    assert "- mandatory `tagged`: we1-home-vpc: carries no tag; give it one." in rows


def test_findings_are_told_to_programs_with_their_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    render([JUDGED], None, PreviewFormat.JSON)
    first, second = json.loads(capsys.readouterr().out)["findings"]
    assert (first["rule"], first["excused"]) == ("sites-equal-tasks", "until May")
    assert (second["level"], second["resource"], second["excused"]) == (
        "mandatory",
        "we1-home-vpc",
        "",
    )


def test_a_mandatory_finding_fails_a_preview_unless_it_is_excused() -> None:
    assert exit_code([JUDGED]) is ExitCode.FAILED
    assert exit_code([ZonePreview("we1", (), 3, (), (SMALL,))]) is ExitCode.OK
    assert exit_code([JUDGED, PREVIEW]) is ExitCode.REFUSED
