from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from simulator.project import encoded, project, stack_config

ZONE = """
config:
  aws:region: eu-west-1
  plain: text
  holdfast:zone:
    window: {start: 23:00, end: 05:30}
    country: NO
    days: 14
    share: 0.5
    on: true
    nothing: ~
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: holdfast\nstackConfigDir: stacks\nruntime: python\n"
    )
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.we1.yaml").write_text(ZONE)
    return tmp_path


def test_config_reads_as_the_command_line_interface_reads_it(folder: Path) -> None:
    assert stack_config(folder, "we1") == {
        "aws:region": "eu-west-1",
        "holdfast:plain": "text",
        "holdfast:zone": {
            "window": {"start": "23:00", "end": "05:30"},
            "country": "NO",
            "days": 14,
            "share": 0.5,
            "on": True,
            "nothing": None,
        },
    }


def test_values_that_are_no_text_reach_the_program_as_json() -> None:
    config = {"a": "text", "b": {"c": [1, True]}, "d": 2}
    assert encoded(config) == {"a": "text", "b": '{"c": [1, true]}', "d": "2"}


def test_the_stacks_are_the_files_of_the_config_folder(folder: Path) -> None:
    (folder / "stacks" / "Pulumi.ops.yaml").write_text("config: {}")
    assert project(folder).stack_names == ("ops", "we1")


def test_an_unknown_stack_names_the_valid_ones(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no 'we9'; zones are we1"):
        stack_config(folder, "we9")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("config: [", "is not YAML"),
        ("- 1", "expected a table of keys"),
        ("config: 3", "expected a table of keys"),
        ("config: {key: {secure: v1:abc}}", r"config\.key: is encrypted"),
    ],
)
def test_a_malformed_stack_file_is_refused(folder: Path, text: str, sentence: str) -> None:
    (folder / "stacks" / "Pulumi.we1.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=sentence):
        stack_config(folder, "we1")


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        project(tmp_path)
