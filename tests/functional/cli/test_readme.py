"""What the README shows is what happens: its commands are run, its zone file is read."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from drill.scenario import read
from stacks.settings import parse

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
MAKES = {"drill": ["drill", "--report", "build/drill.html"], "test": None}
"""What each target of the README runs; `make test` is what runs this very test."""


def _blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_zone_file_of_the_readme_is_the_beginning_of_the_shipped_one() -> None:
    (shown,) = _blocks("yaml")
    shipped = (ROOT / "stacks/Pulumi.we1.yaml").read_text()
    assert shipped.startswith(shown)
    zone = yaml.safe_load(shown)["config"]["holdfast:zone"]
    assert parse("we1", zone).zone == "we1"


def test_every_command_of_the_readme_is_a_target_that_exists() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = [block.splitlines()[0] for block in _blocks("console")]
    assert commands == [f"$ make {name}" for name in MAKES]
    assert set(MAKES) <= set(targets)


@pytest.mark.parametrize("block", [block for block in _blocks("console") if "\n" in block.strip()])
def test_a_command_of_the_readme_prints_what_the_readme_shows(block: str, tmp_path: Path) -> None:
    command, shown = block.split("\n", 1)
    arguments = MAKES[command.removeprefix("$ make ")]
    assert arguments is not None
    assert f"holdfast {' '.join(arguments)}\n" in (ROOT / "Makefile").read_text()
    page = tmp_path / Path(arguments[-1]).name
    ran = subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [Path(sys.executable).with_name("holdfast"), *arguments[:-1], page],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == shown
    zones = re.findall(r"^(\w+)  RECOVERED", shown, re.MULTILINE)
    assert re.findall(r"<h2 .*>Zone (\w+)</h2>", page.read_text("utf-8")) == zones


def test_the_scenario_of_the_guide_can_be_read() -> None:
    whole, *parts = _blocks("toml", (ROOT / "docs/guide/drill.md").read_text())
    assert read(whole, "the guide").name == tomllib.loads(whole)["name"]
    for part in parts:
        assert read(f"{whole}\n{part}", "the guide").name == tomllib.loads(whole)["name"]
