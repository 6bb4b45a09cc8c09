"""Previews of a small project in a git repository of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from continuity.errors import InvalidInput
from simulator.preview import preview

PROGRAM = """
import pulumi
import pulumi_aws as aws
from parts.network import network

network({cidr!r})
for name in {keys!r}:
    aws.kms.Key(name, region="eu-west-1", description={text!r})
"""
NETWORK = """
import pulumi_aws as aws

def network(cidr):
    aws.ec2.Vpc("vpc", region="eu-west-1", cidr_block=cidr)
"""


def git(folder: Path, *arguments: str) -> None:
    found = shutil.which("git")
    assert found is not None
    identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.net"]
    subprocess.run([found, "-C", str(folder), *identity, *arguments], check=True)  # noqa: S603


def write(folder: Path, cidr: str, keys: list[str], text: str) -> None:
    (folder / "__main__.py").write_text(PROGRAM.format(cidr=cidr, keys=keys, text=text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nstackConfigDir: stacks\n")
    for name in ("parts", "stacks"):
        (tmp_path / name).mkdir()
    (tmp_path / "stacks" / "Pulumi.we1.yaml").write_text("config: {}\n")
    (tmp_path / "parts" / "__init__.py").write_text("")
    (tmp_path / "parts" / "network.py").write_text(NETWORK)
    write(tmp_path, "10.0.0.0/16", ["kept", "gone"], "old")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=first")
    return tmp_path


def operations(folder: Path, against: str | None) -> list[str]:
    (found,) = preview(folder, ["we1"], against)
    return sorted(f"{change.operation} {change.name}" for change in found.changes)


def test_against_nothing_everything_is_created(folder: Path) -> None:
    assert operations(folder, None) == ["create gone", "create kept", "create vpc"]


def test_against_a_revision_only_what_differs_is_shown(folder: Path) -> None:
    assert operations(folder, "main") == []
    write(folder, "10.1.0.0/16", ["kept", "new"], "new")
    assert operations(folder, "main") == ["create new", "delete gone", "replace vpc", "update kept"]


def test_a_package_of_the_revision_is_its_own_and_not_the_present_one(folder: Path) -> None:
    (folder / "parts" / "network.py").write_text(
        NETWORK.replace("cidr_block=cidr", "cidr_block='10.9.0.0/16'")
    )
    assert operations(folder, "main") == ["replace vpc"]


def test_a_zone_that_the_revision_lacks_is_all_new(folder: Path) -> None:
    (folder / "stacks" / "Pulumi.we2.yaml").write_text("config: {}\n")
    first, second = preview(folder, (), "main")
    assert (first.counts, second.counts) == ({"same": 3}, {"create": 3, "same": 0})


def test_a_preview_leaves_no_trace_in_the_repository(folder: Path) -> None:
    def seen() -> list[str]:
        return sorted(str(path) for path in folder.rglob("*") if "__pycache__" not in path.parts)

    before = seen()
    operations(folder, "main")
    assert seen() == before


def test_an_unknown_zone_or_revision_names_the_valid_ones(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no 'we9'; zones are we1"):
        preview(folder, ["we1", "we9"])
    with pytest.raises(InvalidInput, match="there is no 'dev'; branches and tags are main"):
        preview(folder, ["we1"], "dev")


def test_a_folder_without_git_has_no_revisions(tmp_path: Path, folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    with pytest.raises(InvalidInput, match="no git checkout"):
        preview(tmp_path, ["we1"], "main")
