"""A program's run in a fresh world, done again in the next one: the same, or nothing at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from continuity.errors import PermanentError
from simulator import told_once
from simulator.backstage import client
from simulator.program import Outcome, run_program
from simulator.world import World

PROGRAM = """
import pulumi
import pulumi_aws as aws
network = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", region="eu-west-1")
pulumi.export("network", network.id)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "Pulumi.one.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every real run of a program, by its folder."""
    seen: list[Path] = []

    def run(folder: Path, stack: str, **rest: dict[str, object]) -> Outcome:
        seen.append(folder)
        return run_program(folder, stack, **rest)

    monkeypatch.setattr(told_once, "run_program", run)
    monkeypatch.setattr(told_once, "_told", {})
    return seen


def told(folder: Path, seed: int = 1) -> tuple[Outcome, tuple[object, ...], str]:
    with World(seed) as world, world.instantly():
        outcome = told_once.run(world, folder, "one", {})
        after = told_once._chance()
        (found,) = client("ec2", "eu-west-1").describe_vpcs(
            VpcIds=[str(outcome.exports["network"])]
        )["Vpcs"]
        return outcome, after, str(found["CidrBlock"])


def test_a_program_runs_once_and_the_next_world_is_the_same(folder: Path, runs: list[Path]) -> None:
    assert told(folder) == told(folder)
    assert runs == [folder]


def test_another_seed_another_file_and_another_value_are_another_run(
    folder: Path, runs: list[Path]
) -> None:
    first = told(folder)
    assert told(folder, seed=2) != first
    (folder / "__main__.py").write_text(PROGRAM.replace("10.0", "10.9"))
    assert told(folder)[2] == "10.9.0.0/16"
    (folder / "Pulumi.one.yaml").write_text("config: {small:word: other}\n")
    told(folder)
    assert len(runs) == 4


def test_a_world_that_was_used_is_not_a_fresh_one(folder: Path, runs: list[Path]) -> None:
    told(folder)
    with World(1) as world, world.instantly():
        client("ec2", "eu-west-1").create_vpc(CidrBlock="10.1.0.0/16")
        told_once.run(world, folder, "one", {})
    assert len(runs) == 2


def test_what_comes_out_otherwise_is_no_repetition(
    folder: Path, runs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(folder)
    plain = told_once.HANDLERS["aws:ec2/vpc:Vpc"]

    other = replace(plain, create=lambda call: ("vpc-other", plain.create(call)[1]))
    monkeypatch.setattr(told_once, "HANDLERS", {"aws:ec2/vpc:Vpc": other})
    with pytest.raises(PermanentError, match="net came out otherwise"):
        told(folder)
    assert runs == [folder]
