"""What can be told before anything is deployed is told, for all zones at once."""

import shutil
from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from drill.preflight import preflight
from drill.scenario import Scenario, read

ROOT = Path(__file__).parents[3]
STORY = 'name = "x"\ntitle = "X"\n[[fault]]\nat = "0s"\nkind = "throttle"\n'


def _story(fields: str = "") -> Scenario:
    return read(STORY + fields, "x")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    shutil.copytree(ROOT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("*.py"))
    return tmp_path


def _spoil(project: Path, zone: str, right: str, wrong: str) -> None:
    file = project / f"stacks/Pulumi.{zone}.yaml"
    assert right in file.read_text()
    file.write_text(file.read_text().replace(right, wrong))


def test_every_wrong_zone_file_is_told_with_its_zone(project: Path) -> None:
    _spoil(project, "sa1", "approvers: 2", "approvers: 0")
    _spoil(project, "we2", "approvers: 2", "approvers: many")
    with pytest.raises(InvalidInput) as error:
        preflight(_story(), ["sa1", "we1", "we2"], project)
    assert [str(problem).split(":")[0] for problem in error.value.problems] == [
        "sa1 approvers",
        "we2 approvers",
    ]


def test_a_database_that_one_of_the_zones_lacks_is_told_before_the_others_play() -> None:
    story = read(STORY.replace("throttle", "replica-broken") + 'database = "messages"\n', "x")
    with pytest.raises(InvalidInput, match=r"sa1 fault\[0\]\.database: sa1 has no 'messages'"):
        preflight(story, ["we1", "sa1"], ROOT)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('service = "rds"\noperation = "PromoteReplica"\n', "rds has no operation"),
        ('operation = "NoSuchOperation"\n', "AWS has no operation"),
    ],
)
def test_an_operation_that_aws_does_not_have_is_told(fields: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=rf"fault\[0\]\.operation: {told}"):
        preflight(_story(fields), ["ops"], ROOT)


def test_a_pattern_of_operations_is_accepted() -> None:
    preflight(_story('service = "rds"\noperation = "Describe*"\n'), ["ops"], ROOT)
